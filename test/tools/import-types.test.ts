import { expect, test } from 'vitest';
import type { Import, Schema } from '../../tools/import/schema.ts';
import { shortNames, typesOf } from '../../tools/import/types.ts';

function typesFor(spec: Schema): string {
  const imported: Import = {
    version: '1.35.4',
    kinds: { 'example.com/v1/Crate': { schema: 'com.example.v1.Crate', namespaced: true } },
    definitions: {
      'com.example.v1.Crate': {
        type: 'object',
        properties: { metadata: { type: 'object' }, spec, status: { $ref: 'com.example.v1.CrateStatus' } },
      },
      'com.example.v1.CrateStatus': { type: 'object' },
    },
  };
  return typesOf(imported, '// header\n');
}

test('a kind: literal apiVersion and kind, metadata always, status never', () => {
  expect(typesFor({ type: 'string' })).toBe(`// header

export interface Crate {
  apiVersion: 'example.com/v1';
  kind: 'Crate';
  metadata: Record<string, never>;
  spec?: string;
}
`);
});

test.each<[string, Schema, string]>([
  ['a quantity is no number', { format: 'quantity' }, 'string'],
  ['an int-or-string', { format: 'int-or-string' }, 'number | string'],
  ['literals', { type: 'string', enum: ['A', "b'c", 'd"e\\'] }, "'A' | 'b\\'c' | 'd\"e\\\\'"],
  ['a list of literals', { type: 'array', items: { enum: ['A', 'B'] } }, "('A' | 'B')[]"],
  ['a map', { type: 'object', additionalProperties: { type: 'integer' } }, 'Record<string, number>'],
  ['anything', {}, 'unknown'],
  ['raw', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, 'Record<string, unknown>'],
  [
    'a field with a name that needs quotes',
    { type: 'object', required: ['a-b'], properties: { 'a-b': {} } },
    "{\n    'a-b': unknown;\n  }",
  ],
  [
    '$ref and default as fields',
    { type: 'object', properties: { $ref: {}, default: {} } },
    '{\n    $ref?: unknown;\n    default?: unknown;\n  }',
  ],
])('%s', (_, schema, type) => {
  expect(typesFor(schema)).toContain(`  spec?: ${type};\n`);
});

test('who shares a short name: a kind first, then the common group, then the newest version', () => {
  const names = shortNames(
    [
      'io.k8s.api.core.v1.ResourceClaim',
      'io.k8s.api.resource.v1.ResourceClaim',
      'io.k8s.api.events.v1.Event',
      'io.k8s.api.core.v1.Event',
      'io.k8s.api.autoscaling.v1.Metric',
      'io.k8s.api.autoscaling.v2.Metric',
      'io.k8s.api.autoscaling.v2beta2.Metric',
    ],
    new Set(['io.k8s.api.resource.v1.ResourceClaim']),
  );
  expect(Object.fromEntries(names)).toEqual({
    'io.k8s.api.resource.v1.ResourceClaim': 'ResourceClaim',
    'io.k8s.api.core.v1.ResourceClaim': 'CoreResourceClaim',
    'io.k8s.api.core.v1.Event': 'Event',
    'io.k8s.api.events.v1.Event': 'EventsEvent',
    'io.k8s.api.autoscaling.v2.Metric': 'Metric',
    'io.k8s.api.autoscaling.v1.Metric': 'AutoscalingMetric',
    'io.k8s.api.autoscaling.v2beta2.Metric': 'AutoscalingV2beta2Metric',
  });
});

test('no interface hides a type of the language', () => {
  expect(shortNames(['io.k8s.apiextensions.v1.JSON']).get('io.k8s.apiextensions.v1.JSON')).toBe('ApiextensionsJSON');
});
