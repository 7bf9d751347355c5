import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Json, type Schema, simplify } from '../../../tools/import/schema.ts';
import { Api } from '../../../tools/prove/api.ts';
import { schema } from '../../../tools/prove/rules/schema.ts';

/** What the walk says of `spec`, after a schema as a CustomResourceDefinition has it went through the import. */
function judged(raw: Json, spec: unknown): string[] {
  const own: Schema = simplify(raw, { nameOf: name => name, skipped: () => {} });
  const folder = mkdtempSync(path.join(tmpdir(), 'drydock-schema-'));
  mkdirSync(path.join(folder, 'kubernetes'));
  const definitions = {
    crate: { type: 'object', properties: { apiVersion: {}, kind: {}, metadata: {}, spec: { $ref: 'spec' } } },
    spec: own,
  };
  const kinds = { 'example.com/v1/Crate': { schema: 'crate', namespaced: true } };
  writeFileSync(
    path.join(folder, 'kubernetes', '1.35.json'),
    JSON.stringify({ version: '1.35.4', kinds, definitions }),
  );
  const crate = { apiVersion: 'example.com/v1', kind: 'Crate', metadata: { name: 'a' }, spec };
  const cluster = { name: 'local', tier: 'development', api: new Api(folder, '1.35') };
  return [...schema.check(crate, cluster)].map(({ given, remedy }) => `${given}; ${remedy}`);
}

test.each<[Json, unknown, string[]]>([
  [{ type: 'string', minLength: 2 }, 'a', ['spec is "a"; give at least 2 characters']],
  [{ type: 'string', minLength: 1 }, 'a', []],
  [{ type: 'string', maxLength: 2 }, 'abc', ['spec is "abc"; give at most 2 characters']],
  [{ type: 'string', maxLength: 2 }, '🦞🦞', []],
  [{ type: 'array', minItems: 2, items: { type: 'string' } }, ['a'], ['spec is ["a"]; give at least 2']],
  [{ type: 'array', maxItems: 1, items: { type: 'string' } }, ['a', 'b'], ['spec is ["a","b"]; give at most 1']],
  [{ type: 'integer', minimum: 3 }, 2, ['spec is 2; give at least 3']],
  [{ type: 'integer', maximum: 3 }, 4, ['spec is 4; give at most 3']],
  [{ type: 'string', pattern: '^a+$' }, 'b', ['spec is "b"; match ^a+$']],
  [{ type: 'string', const: 'a' }, 'b', ['spec is "b"; give one of "a"']],
  [{ oneOf: [{ type: 'string' }, { type: 'object' }] }, { a: 1 }, []],
])('%j judges %j', (raw, spec, findings) => {
  expect(judged(raw, spec)).toEqual(findings);
});

const ports: Json = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['port', 'protocol'],
  items: {
    type: 'object',
    required: ['port'],
    properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } },
  },
};

test.each<[string, unknown, string[]]>([
  [
    'the same by all keys',
    [
      { port: 1, protocol: 'UDP' },
      { port: 1, protocol: 'UDP' },
    ],
    ['spec[1] is 1/UDP again; keep one: an apply refuses two of one port and protocol'],
  ],
  [
    'the same once the server has filled in the default',
    [{ port: 1 }, { port: 1, protocol: 'TCP' }],
    ['spec[1] is 1/TCP again; keep one: an apply refuses two of one port and protocol'],
  ],
  ['another by one key', [{ port: 1 }, { port: 1, protocol: 'UDP' }, { port: 2 }], []],
  ['a key that is missing', [{}, {}], ['spec[0].port is missing; give it', 'spec[1].port is missing; give it']],
])('entries of a list with keys: %s', (_, spec, findings) => {
  expect(judged(ports, spec)).toEqual(findings);
});
