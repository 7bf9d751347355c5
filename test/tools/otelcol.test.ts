import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { goMod } from '../../tools/control-plane/otelcol.ts';

it('asks for each module that the collector imports, all of one release', () => {
  const source = readFileSync('tools/control-plane/collector.go', 'utf8');
  const required = goMod(source)
    .match(/^\t\S+ v\S+$/gm)!
    .map(line => line.trim().split(' ')) as [string, string][];
  const imported = [...source.matchAll(/^\t"(.*opentelemetry.*)"$/gm)].map(([, name]) => name!);
  expect(required.map(([name]) => name)).toEqual(imported.filter(name => !name.includes('/service/')));
  expect([...new Set(required.map(([, version]) => version))].sort()).toEqual(['v0.155.0', 'v1.61.0']);
});
