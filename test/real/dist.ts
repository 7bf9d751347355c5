import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Manifest } from '../../tools/render/manifest.ts';

/** The committed render: what a cluster would get. */
export const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

/** A file of `dist/` as it stands there, and what it says. */
export interface Committed {
  readonly file: string;
  /** Sent to the API server as it is, so that the server's own YAML reader reads it. */
  readonly text: string;
  readonly manifest: Manifest;
}

/** The objects below a folder of `dist/`, what belongs to the whole cluster first, as Argo CD orders them. */
export function committed(folder: string): Committed[] {
  const files = readdirSync(path.join(DIST, folder), { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.yaml'),
  );
  return files
    .map(name => {
      const file = path.posix.join(folder, name);
      const text = readFileSync(path.join(DIST, file), 'utf8');
      return { file, text, manifest: parse(text) as Manifest };
    })
    .sort((a, b) => rank(a) - rank(b) || (a.file < b.file ? -1 : 1));
}

function rank({ manifest }: Committed): number {
  if (manifest.kind === 'Namespace') return 0;
  return manifest.metadata.namespace === undefined ? 1 : 2;
}

/** The Argo CDs that `dist/` has objects for. */
export function argocds(): string[] {
  return readdirSync(path.join(DIST, 'argocd')).sort();
}
