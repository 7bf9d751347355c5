import { getSystemErrorMap } from 'node:util';

type Meaning = readonly [what: string, remedy: string];

const FULL: Meaning = ['no space is left on the disk', 'free some'];
const FORBIDDEN: Meaning = ['this user has no permission', 'allow it with chown or chmod'];
const OCCUPIED: Meaning = ['something else stands in its place', 'move or delete it'];

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: ['the file system is read-only', 'mount it writable'],
  EXDEV: [
    'its folder and the folder beside dist are on two file systems, so it cannot move whole',
    'keep dist whole, on the file system of its parent',
  ],
  EEXIST: OCCUPIED,
  EISDIR: OCCUPIED,
  ENOTDIR: OCCUPIED,
  ENOTEMPTY: OCCUPIED,
  ENOENT: ['it does not exist', 'create it'],
  ENAMETOOLONG: ['the name is too long for the file system', 'shorten the name of the object'],
};

/** What the operating system said, as `<place>: <what>; <remedy>, then synth again`. Any other error passes as it is. */
export function asError(error: unknown, place: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const described = getSystemErrorMap().get((error as NodeJS.ErrnoException).errno ?? 0)?.[1];
  const [what, remedy] = MEANINGS[code] ?? [described ?? 'the operating system refused', 'see to it'];
  return new Error(`${place}: ${what} (${code}); ${remedy}, then synth again`, { cause: error });
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error ? (error as NodeJS.ErrnoException).code : undefined;
}
