import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Comparison, type OutputFile, type Plan, publish } from '../../../tools/publish/index.ts';

/** In memory where there is such a place: thousands of small files take a disk minutes. */
const BASE = fs.existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** The path of a dist that does not exist yet, in a folder of its own that goes when the test ends. */
export function scratchDist(): string {
  const folder = fs.mkdtempSync(join(BASE, 'drydock-publish-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'dist');
}

/** A rendered file; `about` tells one version of it from another. */
export function ours(file: string, about = 'x'): OutputFile {
  return { file, text: `# drydock: ${file}\nabout: ${about}\n` };
}

export function planFor(dist: string, files: readonly OutputFile[]): Plan {
  const comparison = new Comparison(dist);
  for (const { file, text } of files) comparison.compare(file, text);
  return comparison.plan();
}

export function publishAll(dist: string, files: readonly OutputFile[]): Plan {
  const plan = planFor(dist, files);
  publish(plan);
  return plan;
}

export function put(dist: string, file: string, text: string): void {
  fs.mkdirSync(dirname(join(dist, file)), { recursive: true });
  fs.writeFileSync(join(dist, file), text);
}

/** All that is below a folder: a file's text, `folder/` for a folder without entries, a link's target. */
export function tree(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isSymbolicLink()) found[name] = `-> ${fs.readlinkSync(path)}`;
    else if (entry.isFile()) found[name] = fs.readFileSync(path, 'utf8');
    else if (fs.readdirSync(path).length === 0) found[`${name}/`] = '';
  }
  return found;
}

export function asTree(files: readonly OutputFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ file, text }) => [file, text]));
}

/** Inode and modification time of each file: what changes with any write, even of the same bytes. */
export function stamps(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.keys(tree(folder)).map(name => {
      const { ino, mtimeNs } = fs.lstatSync(join(folder, name), { bigint: true });
      return [name, `${ino} ${mtimeNs}`];
    }),
  );
}
