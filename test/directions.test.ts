import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The house's order: a room may import from itself and from those before it. */
const ROOMS = ['imports', 'charts', 'clusters', 'apps', 'fleet.ts', 'argocd', 'dock.ts', 'main.ts'];

/** Where tools and the rest of the house meet. */
const EDGES = /^(main|dock)\.ts$|(^|\/)cli\.ts$/;

const files = [...ROOMS, 'tools'].flatMap(room =>
  room.endsWith('.ts')
    ? [room]
    : readdirSync(path.join(ROOT, room), { recursive: true, encoding: 'utf8' })
        .filter(file => file.endsWith('.ts'))
        .map(file => path.posix.join(room, file)),
);

/** Every relative import of a file, dynamic ones and types too, as the path it leads to. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, to]) =>
    path.posix.join(path.posix.dirname(file), to!),
  );
}

function roomOf(file: string): string {
  return file.split('/')[0]!;
}

function fault(file: string, to: string): string | undefined {
  const [room, other] = [roomOf(file), roomOf(to)];
  if (room === other || other === 'imports' || EDGES.test(file)) return undefined;
  if (other === 'tools')
    return `${file} imports ${to}; only main.ts, dock.ts and the cli.ts files may: pass in what it needs`;
  if (room === 'tools')
    return `${file} imports ${to}; tools know Kubernetes' types and objects, nothing of this house: take it as an argument`;
  if (ROOMS.indexOf(other) > ROOMS.indexOf(room))
    return `${file} imports ${to}; ${other} stands above ${room}: move what it needs down, or hand it in as a value`;
  return undefined;
}

test('imports follow the directions of the house', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(
    files.flatMap(file =>
      importsOf(file)
        .map(to => fault(file, to))
        .filter(each => each !== undefined),
    ),
  ).toEqual([]);
});

test('apps say only what the vocabulary exports', () => {
  const deep = files
    .filter(file => /^apps\/(?!platform\/)/.test(file))
    .flatMap(file =>
      importsOf(file)
        .filter(to => /^(charts\/(?!index\.ts$)|clusters)/.test(to))
        .map(to => `${file} imports ${to}; import from charts/index.ts`),
    );
  expect(deep).toEqual([]);
});
