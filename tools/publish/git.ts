import { execFileSync } from 'node:child_process';

/** The files below `folder` that git does not have as they are: changed, new or deleted. `undefined` where there is no git. */
export function uncommitted(root: string, folder: string): string[] | undefined {
  const entries = git(root, ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', folder]);
  if (entries === undefined) return undefined;
  // A checkout may be a folder of a larger repository; status counts paths from its root.
  const prefix = git(root, ['rev-parse', '--show-prefix'])?.[0]?.trim() ?? '';
  return entries.map(
    entry => `${entry.slice(3 + prefix.length)}: not committed; commit it together with the code that makes it`,
  );
}

/** The files below `folder` that differ between a commit and the working tree. `undefined` where there is no git. */
export function changedSince(root: string, base: string, folder: string): Set<string> | undefined {
  const files = git(root, [
    'diff',
    '--name-only',
    '--no-renames',
    '--relative',
    '-z',
    '--merge-base',
    base,
    '--',
    folder,
  ]);
  return files && new Set(files);
}

/** The commit at which HEAD and a base parted. `undefined` where there is no git. */
export function parting(root: string, base: string): string | undefined {
  return git(root, ['merge-base', base, 'HEAD'])?.[0]?.trim();
}

/**
 * The id of each blob below `folder` at a commit, by its path below `folder`; none where the commit has no such folder, or
 * there is no commit yet. `undefined` where there is no git.
 */
export function blobsAt(root: string, commit: string, folder: string): Map<string, string> | undefined {
  if (!succeeds(root, ['rev-parse', '--git-dir'])) return undefined;
  if (!succeeds(root, ['rev-parse', '--verify', '--quiet', `${commit}^{commit}`])) return new Map();
  return new Map(
    list(root, ['ls-tree', '-r', '-z', commit, '--', folder]).map((entry): [string, string] => {
      const tab = entry.indexOf('\t');
      return [entry.slice(tab + 1 + folder.length + 1), entry.slice(0, tab).split(' ')[2]!];
    }),
  );
}

/** The texts of blobs, in their order. */
export function textsOf(root: string, blobs: readonly string[]): string[] {
  const out = run(root, ['cat-file', '--batch'], blobs.map(blob => `${blob}\n`).join(''));
  let at = 0;
  return blobs.map(() => {
    const end = out.indexOf('\n', at);
    const size = Number(out.toString('utf8', at, end).split(' ')[2]);
    const text = out.toString('utf8', end + 1, end + 1 + size);
    at = end + 1 + size + 1;
    return text;
  });
}

function git(root: string, words: readonly string[]): string[] | undefined {
  return succeeds(root, ['rev-parse', '--git-dir']) ? list(root, words) : undefined;
}

function succeeds(root: string, words: readonly string[]): boolean {
  try {
    execFileSync('git', ['-C', root, ...words], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function list(root: string, words: readonly string[]): string[] {
  return run(root, words)
    .toString('utf8')
    .split('\0')
    .filter(entry => entry !== '');
}

/** @throws where git is there and refuses: a base that does not exist must not pass for "nothing changed" */
function run(root: string, words: readonly string[], input = ''): Buffer {
  try {
    return execFileSync('git', ['-C', root, ...words], { input, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    throw new Error(
      `git ${words[0]}: ${stderr?.toString('utf8').trim() || (error as Error).message}; name a commit that this checkout has`,
    );
  }
}
