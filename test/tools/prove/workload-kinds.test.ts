import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Import, Schema } from '../../../tools/import/schema.ts';
import { WORKLOAD_KINDS } from '../../../tools/prove/rules/workload-kinds.ts';

const IMPORTS = new URL('../../../imports/', import.meta.url);
const files = ['kubernetes/', 'custom/'].flatMap(folder =>
  readdirSync(new URL(folder, IMPORTS))
    .filter(file => file.endsWith('.json'))
    .map(file => folder + file),
);

/** Whether a schema leads to a pod: by the name of its definition, or by its shape where a CustomResourceDefinition writes it out. */
function reachesPod(schema: Schema, definitions: Import['definitions'], seen: Set<string>): boolean {
  const { $ref, properties = {}, items, additionalProperties } = schema;
  if ($ref !== undefined) {
    if (/\.Pod(Template)?Spec$/.test($ref)) return true;
    if (seen.has($ref)) return false;
    seen.add($ref);
    return reachesPod(definitions[$ref]!, definitions, seen);
  }
  if (properties.containers?.items?.properties?.image !== undefined) return true;
  return [...Object.values(properties), items, additionalProperties].some(
    part => part !== undefined && reachesPod(part, definitions, seen),
  );
}

test.each(files)('every kind of %s that makes pods stands in the table, so that the laws judge its pods', file => {
  const { kinds, definitions } = JSON.parse(readFileSync(new URL(file, IMPORTS), 'utf8')) as Import;
  const making = Object.keys(kinds).filter(kind => reachesPod({ $ref: kinds[kind]!.schema }, definitions, new Set()));
  if (file.startsWith('kubernetes/')) expect(making).toContain('batch/v1/CronJob');
  expect(
    making.filter(kind => WORKLOAD_KINDS[kind] === undefined),
    'add them to tools/prove/rules/workload-kinds.ts',
  ).toEqual([]);
});

test('a pod that a CustomResourceDefinition writes out is seen, too', () => {
  const image: Schema = { type: 'string' };
  const containers: Schema = { type: 'array', items: { type: 'object', properties: { image } } };
  expect(
    reachesPod({ properties: { template: { properties: { spec: { properties: { containers } } } } } }, {}, new Set()),
  ).toBe(true);
});

test.each<[string, unknown, number]>([
  ['apps/v1/Deployment', { strategy: {} }, 5],
  ['apps/v1/StatefulSet', {}, 4],
  ['apps/v1/DaemonSet', {}, 0],
  ['argoproj.io/v1alpha1/Rollout', { strategy: { canary: { maxSurge: 2 } } }, 6],
  ['argoproj.io/v1alpha1/Rollout', { strategy: { blueGreen: {} } }, 8],
  ['batch/v1/Job', { parallelism: 3 }, 3],
])('the peak of a %s with %j', (kind, spec, pods) => {
  expect(WORKLOAD_KINDS[kind]!.peak(spec, 4)).toBe(pods);
});
