import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files } from './index.ts';

/**
 * All or nothing: everything is written beside its place first and then renamed, so that a full disk or a kill leaves the old files.
 * @returns the paths whose text changed
 */
export function writeAll(root: string, files: Files): string[] {
  const changed = [...files].filter(
    ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text,
  );
  const beside = (path: string) => join(root, `${path}.new-${process.pid}`);
  try {
    for (const [path, text] of changed) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(beside(path), text);
    }
    for (const [path] of changed) renameSync(beside(path), join(root, path));
  } catch (error) {
    for (const [path] of changed) rmSync(beside(path), { force: true });
    throw error;
  }
  return changed.map(([path]) => path);
}
