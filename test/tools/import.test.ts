import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { customFiles, groupFiles, kubernetesFiles } from '../../tools/import/index.ts';
import { fromOpenApi, groupPaths, type OpenApi, stablePaths } from '../../tools/import/openapi.ts';
import { fromTypes } from '../../tools/import/packages.ts';
import { type Import, type Json, OBJECT_META, print, simplify } from '../../tools/import/schema.ts';
import { sources } from '../../tools/import/sources.ts';
import { writeAll } from '../../tools/import/write.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const put = (group: string, version: string, kind: string, schema: string) => ({
  put: {
    'x-kubernetes-group-version-kind': { group, version, kind },
    requestBody: { content: { '*/*': { schema: ref(schema) } } },
  },
});
const meta: Record<string, Json> = { [OBJECT_META]: { type: 'object', properties: { name: { type: 'string' } } } };

/** Reading the packages' types takes two seconds: once for all tests. */
const groups = fromTypes(sources);

/** Two API versions as a kube-apiserver describes them; both define ObjectMeta. */
const core: OpenApi = {
  paths: {
    '/api/v1/namespaces/{name}': put('', 'v1', 'Namespace', 'core.v1.Namespace'),
    '/api/v1/namespaces/{name}/finalize': put('', 'v1', 'Namespace', 'core.v1.Namespace'),
    '/api/v1/namespaces/{namespace}/bindings': { post: put('', 'v1', 'Binding', 'core.v1.Binding').put },
  },
  components: {
    schemas: {
      ...meta,
      'core.v1.Binding': { type: 'object' },
      'core.v1.Namespace': { type: 'object', properties: { metadata: { default: {}, allOf: [ref(OBJECT_META)] } } },
      'core.v1.Unused': { type: 'object' },
    },
  },
};
const apps: OpenApi = {
  paths: {
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}': put('apps', 'v1', 'Deployment', 'apps.v1.Deployment'),
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale': put('autoscaling', 'v1', 'Scale', 'x.v1.Scale'),
    '/apis/apps/v1/watch/namespaces/{namespace}/deployments/{name}': put('apps', 'v1', 'Watch', 'apps.v1.Deployment'),
  },
  components: {
    schemas: {
      ...meta,
      'apps.v1.Deployment': { type: 'object', properties: { metadata: { allOf: [ref(OBJECT_META)] } } },
    },
  },
};

test('kinds are what is stored under its own name; the path tells the scope', () => {
  expect(fromOpenApi('1.35.4', [core, apps]).kinds).toEqual({
    'v1/Namespace': { schema: 'core.v1.Namespace', namespaced: false },
    'apps/v1/Deployment': { schema: 'apps.v1.Deployment', namespaced: true },
  });
});

test('definitions come once, sorted, and only those a kind reaches; a reference is its name', () => {
  const { definitions } = fromOpenApi('1.35.4', [core, apps]);
  expect(Object.keys(definitions)).toEqual(['apps.v1.Deployment', 'core.v1.Namespace', OBJECT_META]);
  expect(definitions['core.v1.Namespace']?.properties?.metadata).toEqual({ $ref: OBJECT_META });
});

test('documents that contradict each other are refused', () => {
  const other: OpenApi = {
    components: { schemas: { [OBJECT_META]: { type: 'object', properties: { uid: { type: 'string' } } } } },
  };
  expect(() => fromOpenApi('1.35.4', [core, other])).toThrow(`two documents define '${OBJECT_META}' differently`);
});

test('a reference to nowhere is refused', () => {
  const broken: OpenApi = {
    ...core,
    components: { schemas: { 'core.v1.Namespace': { properties: { x: ref('gone') } } } },
  };
  expect(() => fromOpenApi('1.35.4', [broken])).toThrow("the schema 'gone' is referred to but not defined");
});

test('alpha and beta versions are never imported; a group of one’s own is, in every version', () => {
  const index = [
    'api',
    'api/v1',
    'apis',
    'apis/apps',
    'apis/apps/v1',
    'apis/autoscaling/v2',
    'apis/x.io/v1beta1',
    'apis/x.io.y/v1',
  ];
  expect(stablePaths(index)).toEqual(['api/v1', 'apis/apps/v1', 'apis/autoscaling/v2', 'apis/x.io.y/v1']);
  expect(groupPaths(index, 'x.io')).toEqual(['apis/x.io/v1beta1']);
});

test('what does not decide is left out, and what does comes out in one order', () => {
  const lost: string[] = [];
  const how = { nameOf: (name: string) => name, skipped: (pattern: string) => lost.push(pattern) };
  const raw = {
    required: ['b', 'a'],
    description: 'words',
    'x-kubernetes-list-map-keys': ['name'],
    items: {
      properties: {
        go: { type: 'string', pattern: '^(?i)yes$' },
        name: { default: '', pattern: '^a+$', type: 'string' },
        protocol: { default: 'TCP', type: 'string', maxLength: 4 },
      },
    },
    type: 'array',
    'x-kubernetes-validations': [{ rule: 'true' }],
  };
  expect(JSON.stringify(simplify(raw, how))).toBe(
    '{"type":"array","x-kubernetes-list-map-keys":["name"],"required":["a","b"],"items":{"properties":{"go":{"type":"string"},"name":{"type":"string","pattern":"^a+$"},"protocol":{"type":"string","maxLength":4,"default":"TCP"}}}}',
  );
  expect(lost).toEqual(['^(?i)yes$']);
});

test.each([
  ['the server’s Quantity', { oneOf: [{ type: 'string' }, { type: 'number' }] }, { format: 'quantity' }],
  [
    'the server’s IntOrString',
    { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
    { format: 'int-or-string' },
  ],
  ['a CRD’s IntOrString', { anyOf: [{}], 'x-kubernetes-int-or-string': true }, { format: 'int-or-string' }],
  ['a CRD’s Quantity', { 'x-kubernetes-int-or-string': true, pattern: '^[0-9]+([KMGTPE]i)?$' }, { format: 'quantity' }],
  [
    'a map',
    { type: 'object', additionalProperties: { type: 'string' } },
    { type: 'object', additionalProperties: { type: 'string' } },
  ],
  [
    'a closed object',
    { type: 'object', additionalProperties: false, properties: {} },
    { type: 'object', properties: {} },
  ],
  [
    'an open object',
    { type: 'object', additionalProperties: {} },
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  ],
  ['one literal', { type: 'string', const: 'v1' }, { type: 'string', enum: ['v1'] }],
])('%s', (_, raw: Json, schema) => {
  expect(simplify(raw, { nameOf: name => name, skipped: () => {} })).toEqual(schema);
});

test('same input, same bytes, however the documents come', () => {
  const text = print(fromOpenApi('1.35.4', [core, apps]));
  expect(print(fromOpenApi('1.35.4', [apps, core]))).toBe(text);
  expect(text.split('\n')[0]).toBe('{"version":"1.35.4",');
  expect(text.endsWith('}}\n')).toBe(true);
  expect((JSON.parse(text) as Import).version).toBe('1.35.4');
});

test('types are of the newest minor, also when an older one is imported last', () => {
  const files = kubernetesFiles([fromOpenApi('1.9.1', [core])], [fromOpenApi('1.10.1', [core, apps])]);
  expect([...files.keys()]).toEqual(['kubernetes/1.9.json', 'kubernetes.ts']);
  expect(files.get('kubernetes.ts')).toContain('export interface Deployment {');
});

test('a group without kinds is refused', () => {
  expect(() => groupFiles('example.com', '1.35.4', [{}])).toThrow('example.com: the server has no kind of it');
});

test('the committed schemas of custom resources are those of the installed packages', () => {
  const imports = new URL('../../imports/', import.meta.url);
  for (const [path, text] of customFiles(sources, groups)) {
    expect(
      text === readFileSync(new URL(path, imports), 'utf8'),
      `imports/${path} is old; run \`npm run import\``,
    ).toBe(true);
  }
});

test('custom resources are closed, and their metadata is a whole ObjectMeta', () => {
  const { kinds, definitions } = groups.get('argoproj.io') as Import;
  const application = definitions[kinds['argoproj.io/v1alpha1/Application']?.schema as string];
  expect(application?.additionalProperties).toBeUndefined();
  expect(application?.properties?.metadata).toEqual({ $ref: OBJECT_META });
  expect(Object.keys(definitions[OBJECT_META]?.properties ?? {})).toEqual(
    expect.arrayContaining(['annotations', 'labels', 'finalizers']),
  );
});

test('nothing of a custom resource is left open by types that a schema cannot hold', () => {
  const open = [...groups.values()].flatMap(({ definitions }) => [
    ...JSON.stringify(definitions).matchAll(/"([^"]+)":\{\}/g),
  ]);
  expect(open.map(([, name]) => name)).toEqual(['io.k8s.api.apiextensions.k8s.io.v1.JSON']); // which is anything
});

test('a source that is not installed is refused with the remedy', () => {
  const missing = { apiVersion: 'x.io/v1', kind: 'X', namespaced: true, module: '@kubernetes-models/nothing/X' };
  expect(() => fromTypes([missing])).toThrow(
    '@kubernetes-models/nothing/X is not installed; `npm i -D --save-exact` its package',
  );
});

test('a failing import leaves the old files and nothing else', () => {
  const root = mkdtempSync(join(tmpdir(), 'drydock-import-'));
  expect(writeAll(root, new Map([['a.json', 'old']]))).toEqual(['a.json']);
  writeFileSync(join(root, 'file'), '');
  expect(() =>
    writeAll(
      root,
      new Map([
        ['a.json', 'new'],
        ['file/b.json', 'new'],
      ]),
    ),
  ).toThrow(); // a file is no folder
  expect(readFileSync(join(root, 'a.json'), 'utf8')).toBe('old');
  expect(readdirSync(root).sort()).toEqual(['a.json', 'file']);
  expect(writeAll(root, new Map([['a.json', 'old']]))).toEqual([]);
});
