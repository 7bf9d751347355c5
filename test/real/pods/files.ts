import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of a ConfigMap, Secret, token or downward volume. */
export interface File {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/**
 * Replaces the files of a volume at once, in the kubelet's layout: `name → ..data/name`, `..data → ..<generation>`, of which only the
 * link `..data` changes.
 */
export function writeAtomically(folder: string, files: readonly File[]): void {
  const generation = mkdtempSync(join(folder, '..generation-'));
  chmodSync(generation, 0o755);
  for (const { path, content, mode } of files) {
    const file = join(generation, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  }
  const data = join(folder, '..data');
  const old = existsSync(data) ? readlinkSync(data) : undefined;
  symlinkSync(generation.slice(folder.length + 1), `${data}_tmp`);
  renameSync(`${data}_tmp`, data);
  const names = new Set(files.map(({ path }) => path.split('/')[0] as string));
  for (const name of names) if (!isThere(join(folder, name))) symlinkSync(join('..data', name), join(folder, name));
  for (const name of readdirSync(folder)) if (!name.startsWith('..') && !names.has(name)) rmSync(join(folder, name));
  if (old !== undefined) rmSync(join(folder, old), { recursive: true });
}

const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

const SET_GROUP_ID = 0o2000;

/**
 * Gives a volume to a group as the kubelet does (pkg/volume/volume_linux.go): the group may read, and where the volume is writable
 * write; folders pass their group on.
 *
 * @param onRootMismatch leave everything where the top folder is the group's already. Without it, each start of a pod opens all files
 * to the group, which PostgreSQL refuses of its data directory.
 */
export function applyFsGroup(
  folder: string,
  group: number,
  { readOnly, onRootMismatch }: { readOnly: boolean; onRootMismatch: boolean },
): void {
  const mask = readOnly ? 0o440 : 0o660;
  const root = lstatSync(folder);
  const wanted = mask | 0o110 | SET_GROUP_ID;
  if (onRootMismatch && root.gid === group && (root.mode & wanted) === wanted) return;
  const visit = (path: string) => {
    const stat = lstatSync(path);
    lchownSync(path, stat.uid, group);
    if (stat.isSymbolicLink()) return;
    chmodSync(path, (stat.mode & 0o7777) | mask | (stat.isDirectory() ? 0o110 | SET_GROUP_ID : 0));
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  visit(folder);
}
