import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { fleet } from '../fleet.ts';
import { Api } from '../tools/prove/api.ts';
import type { Manifest } from '../tools/render/manifest.ts';
import { placeOf } from '../tools/render/place.ts';
import { toYaml } from '../tools/render/yaml.ts';

/** Laws over every file of the committed render, whatever made it. */
const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.yaml'));
const read = (file: string) => readFileSync(path.join(DIST, file), 'utf8');
const api = new Api('imports', fleet[0]!.cluster.kubernetes);

describe.each(files)('dist/%s', file => {
  const text = read(file);
  const [header = '', ...rest] = text.split('\n');
  const manifest = parseAllDocuments(text)[0]!.toJS() as Manifest;

  test('is one object of ours: header, bytes, place', () => {
    expect(header).toMatch(/^# drydock: [\w./-]+$/);
    expect(parseAllDocuments(text)).toHaveLength(1);
    // Read back by one version and by the other it is the same object, and that object writes the same text.
    expect(parseAllDocuments(text, { version: '1.1' })[0]!.toJS()).toEqual(manifest);
    expect(toYaml(manifest)).toBe(rest.join('\n'));
    expect(file.endsWith(`/${placeOf(manifest, api.ambiguous)}`)).toBe(true);
    expect(text).not.toContain('\r');
  });

  test('holds no secret and names no machine', () => {
    expect(manifest.kind).not.toBe('Secret');
    expect(text).not.toMatch(/\/home\/|\/Users\/|BEGIN [A-Z ]*PRIVATE KEY/);
  });
});

test('every unit of the fleet has its folder, and nothing stands in a folder that the fleet does not know', () => {
  const folders = new Set(
    files.filter(file => !file.startsWith('argocd/')).map(file => file.split('/').slice(0, 2).join('/')),
  );
  const units = fleet.flatMap(({ cluster, units }) => units.map(({ system }) => `${cluster.name}/${system}`));
  expect([...folders].sort()).toEqual(units.sort());
});

test('every unit’s layer is synced by an Application, and each Application’s folder is there', () => {
  const applications = files
    .filter(file => /^argocd\/.*\/Application\./.test(file))
    .map(file => parseAllDocuments(read(file))[0]!.toJS());
  const synced = applications
    .map(({ spec }) => spec.source.path as string | undefined)
    .filter(folder => folder?.startsWith('dist/') && !folder.startsWith('dist/argocd/'));
  const layers = new Set(
    files.filter(file => !file.startsWith('argocd/')).map(file => `dist/${file.split('/').slice(0, 3).join('/')}`),
  );
  expect(new Set(synced)).toEqual(layers);
});
