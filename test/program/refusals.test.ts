import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Checkout } from './checkout.ts';

let checkout: Checkout;
let before: string;
beforeEach(() => {
  checkout = new Checkout();
  before = checkout.dist();
});
afterEach(() => checkout.remove());

const APP = 'apps/zapora/index.ts';
/** The last line of the constructor, before which a fault is put. */
const END = "      operatorsOnly: ['/admin'],\n    });\n";
const SECOND_SERVICE = `    const second = new WebService(this, 'second', { image: image('zapora/api', site), port: 8000, replicas: 2, cpu: Cpu.millis(100), memory: Size.mebibytes(128) });\n`;

function object(apiVersion: string, kind: string, rest: string): string {
  return `    new ApiObject(this, 'foreign', { apiVersion: '${apiVersion}', kind: '${kind}', ${rest} });\n`;
}

/** Each fault, as an edit of the app, and what the one error must say. */
const FAULTS: [name: string, code: string, error: RegExp][] = [
  [
    'an app that throws',
    "    throw new TypeError('boom');\n",
    /staging.*: zapora: TypeError: boom; mend apps\/zapora\/index\.ts:\d+ \[render\]/,
  ],
  [
    'a duplicate object',
    object(
      'v1',
      'Service',
      "metadata: { name: 'api' }, spec: { type: 'ClusterIP', selector: { 'app.kubernetes.io/instance': 'api' }, ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }] }",
    ),
    /zapora\/foreign: .*Service zapora\/api is also made by zapora\/api\/service.*\[duplicate-object\]/,
  ],
  [
    'two objects for one path',
    object('other.example.com/v1', 'Service', "metadata: { name: 'api', namespace: 'zapora' }"),
    /zapora\/foreign: .*Service\.api\.yaml is also the file of zapora\/api\/service.*\[one-path\]/,
  ],
  [
    'an unknown field',
    object('v1', 'ConfigMap', "metadata: { name: 'x' }, dta: { a: 'b' }"),
    /zapora\/foreign: dta is not a field of the API; write data \[schema\]/,
  ],
  [
    'a bare number where a quantity belongs',
    object('v1', 'ResourceQuota', "metadata: { name: 'x' }, spec: { hard: { 'requests.memory': 512 } }"),
    /zapora\/foreign: spec\.hard\["requests\.memory"\] is 512; write the unit.*\[schema\]/,
  ],
  [
    'a port over 65535',
    object('v1', 'Service', "metadata: { name: 'x' }, spec: { selector: { a: 'b' }, ports: [{ port: 70000 }] }"),
    /zapora\/foreign: spec\.ports\[0\]\.port is 70000; give a port from 1 to 65535 \[schema\]/,
  ],
  [
    'a host claimed twice in a cluster',
    `${SECOND_SERVICE}    second.expose({ host: \`api.zapora.\${site.domain}\` });\n`,
    /zapora\/second\/edge.*: the host api\.zapora\.\S+ is also claimed by zapora\/api\/edge\/ingress.*\[host-once\]/,
  ],
  [
    'a Service that finds no pod',
    object(
      'v1',
      'Service',
      "metadata: { name: 'x' }, spec: { type: 'ClusterIP', selector: { 'app.kubernetes.io/instance': 'nobody' }, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] }",
    ),
    /zapora\/foreign: .*\[service-finds-pods\]/,
  ],
  [
    'a reference to nothing',
    "    api.expose;\n    api.node.findChild('deployment') as ApiObject;\n    (api.node.findChild('deployment') as ApiObject).addJsonPatch(JsonPatch.replace('/spec/template/spec/serviceAccountName', 'nobody'));\n",
    /zapora\/api\/deployment: .*nobody.*\[references-exist\]/,
  ],
  [
    'a field that the object’s class drops',
    "    new k8s.KubeService(this, 'foreign', { metadata: { name: 'x' }, spec: { type: 'ClusterIP', clusterIp: 'None', selector: { 'app.kubernetes.io/instance': 'api' }, ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' as never }] } });\n",
    /zapora\/foreign: spec\.ports\[0\]\.targetPort "http" would vanish.*\[vanished-field\]/,
  ],
];

/** Two kinds of one name share a path only where nobody imported one of them, which is a fault of its own. */
const UNKNOWN_KIND = /no schema knows other\.example\.com\/v1\/Service/;

describe('each stops the render with its one error, and dist/ is untouched', () => {
  test.each(FAULTS)('%s', (_, code, error) => {
    checkout.edit(
      APP,
      "import type { Construct } from 'constructs';",
      "import { ApiObject, JsonPatch } from 'cdk8s';\nimport { k8s } from 'cdk8s-plus-28';\nimport type { Construct } from 'constructs';\nvoid ApiObject, JsonPatch, k8s;",
    );
    checkout.edit(APP, END, END + code);
    const { code: exit, output } = checkout.run('synth');
    expect(output).toMatch(error);
    expect(
      output.split('\n').filter(line => / \[[a-z-]+\]$/.test(line) && !error.test(line) && !UNKNOWN_KIND.test(line)),
    ).toEqual([]); // and nothing that follows from it
    expect(output).toMatch(/\d findings?; dist\/ is untouched/);
    expect(exit).toBe(1);
    expect(checkout.dist()).toBe(before);
  });

  test('a bad setting names service, cluster, setting and reason', () => {
    checkout.edit('apps/zapora/settings.ts', "production: 'info'", "production: 'loud'");
    const { code, output } = checkout.run('synth');
    expect(output).toMatch(/^us-east-1a, us-west-2: zapora: zapora\/api: setting LOG_LEVEL is "loud"/m);
    expect(code).toBe(1);
    expect(checkout.dist()).toBe(before);
  });

  test('two forgotten tiers are named', () => {
    checkout.edit(APP, '        development: 1,\n', '');
    checkout.edit(APP, '        staging: { min: 2, max: 4, targetCpuPercent: 70, targetMemoryPercent: 75 },\n', '');
    const { code, output } = checkout.run('synth');
    expect(output).toMatch(/byTier got no value for development and staging/);
    expect(code).toBe(1);
    expect(checkout.dist()).toBe(before);
  });

  test('an empty fleet', () => {
    checkout.edit(
      'fleet.ts',
      'export const fleet: readonly Berth[] = [',
      'export const fleet: readonly Berth[] = [];\nexport const unused: readonly Berth[] = [',
    );
    const { code, output } = checkout.run('synth');
    expect(output).toMatch(/the fleet has no cluster; give it one/);
    expect(code).toBe(1);
    expect(checkout.dist()).toBe(before);
  });

  test('a Kubernetes minor that nobody imported', () => {
    checkout.edit('clusters/staging.ts', "kubernetes: '1.36'", "kubernetes: '1.99'");
    const { code, output } = checkout.run('synth');
    expect(output).toMatch(
      /imports\/kubernetes has no 1\.99\.json; add its release to tools\/control-plane\/versions\.ts, then run `npm run import -- 1\.99`/,
    );
    expect(code).toBe(1);
    expect(checkout.dist()).toBe(before);
  });

  test('a flag that synth does not know', () => {
    const { code, output } = checkout.run('synth', '--dry-run');
    expect(output).toMatch(/synth does not know "--dry-run"; it takes nothing/);
    expect(code).toBe(1);
    expect(checkout.dist()).toBe(before);
  });

  test('a patch that throws, with its file and line', () => {
    checkout.edit(
      APP,
      '      files: logging,\n',
      "      files: logging,\n      patch: { deployment: () => { throw new Error('boom'); } },\n",
    );
    const { code, output } = checkout.run('synth');
    expect(output).toMatch(
      /staging.*: zapora\/api\/deployment: Error: boom; mend apps\/zapora\/index\.ts:\d+ \[render\]/,
    );
    expect(code).toBe(1);
  });

  test('a platform that fails is the one fault of its cluster, not every reference to it too', () => {
    checkout.edit(
      'apps/platform/storage.ts',
      '  const { block, shared } = platform.site.storage;',
      "  if (platform.site.name === 'staging') throw new Error('boom');\n  const { block, shared } = platform.site.storage;",
    );
    const { output } = checkout.run('synth');
    expect(output.split('\n').filter(line => /^[\w-]+: /.test(line))).toHaveLength(1);
    expect(output).toMatch(/1 finding; dist\/ is untouched/);
  });

  test.each(['keda', 'addons', 'kube-system'])('a system named %s, as an add-on or the cluster’s own', name => {
    checkout.edit(APP, "super(scope, 'zapora'", `super(scope, '${name}'`);
    const { code, output } = checkout.run('synth');
    expect(output).toMatch(`the system ${name} has the name of an add-on or of the cluster’s own; rename it`);
    expect(code).toBe(1);
  });

  test.each([
    ['ring', "ring: 'main'", "ring: 'ring-9'", 'ring is "ring-9"; write one of main, ring-1, ring-2'],
    ['minor', "kubernetes: '1.36'", "kubernetes: 'v1.36'", 'kubernetes is "v1.36"; write a minor such as 1.35'],
    [
      'name',
      "name: 'staging'",
      "name: 'development'",
      'the cluster development stands twice in fleet.ts; remove one, or rename it',
    ],
  ])('a cluster with a wrong %s: nothing of it leaves dist/', (_, given, wrong, error) => {
    checkout.edit('clusters/staging.ts', given, wrong);
    const { code, output } = checkout.run('synth');
    expect(output).toContain(error);
    expect(output).toMatch(/1 finding; dist\/ is untouched/);
    expect(code).toBe(1);
    expect(checkout.dist()).toBe(before);
  });

  test('a role that is none', () => {
    checkout.edit(
      'fleet.ts',
      "berth(usEast1a, { zapora: 'primary', 'liquor-pos': 'primary' })",
      "berth(usEast1a, { zapora: 'primray' as 'primary' })",
    );
    expect(checkout.run('synth').output).toContain(
      'role is "primray"; write one of primary, independent, replica, standby',
    );
  });

  test.each([
    ['a file that does not parse', 'fleet.ts', 'export const fleet', 'export const const fleet'],
    ['a file that is not there', 'fleet.ts', "'./clusters/local.ts'", "'./clusters/nowhere.ts'"],
  ])('%s, under -o dist with the way back', (_, file, given, wrong) => {
    checkout.edit(file, given, wrong);
    const { code, output } = checkout.cdk8s('-o', 'dist');
    expect(output).toContain('`git restore dist` brings it back');
    expect(output).not.toMatch(/^\s+at .*main\.ts/m);
    expect(code).toBe(1);
  });

  test('an unknown verb', () => {
    const { code, output } = checkout.run('sync');
    expect(output).toMatch(/there is no "sync"; say synth or check/);
    expect(code).toBe(1);
  });
});

describe('through the cdk8s CLI', () => {
  test('the same error, the same untouched dist/, exit 1', () => {
    checkout.edit(APP, END, `${END}    throw new Error('boom');\n`);
    const { code, output } = checkout.cdk8s();
    expect(output).toContain('boom');
    expect(code).toBe(1);
    expect(checkout.dist()).toBe(before);
  });

  test('with -o dist, which empties dist/ before we run, the error names the way back', () => {
    checkout.edit(APP, END, `${END}    throw new Error('boom');\n`);
    const { code, output } = checkout.cdk8s('-o', 'dist');
    expect(output).toContain('`git restore dist` brings it back');
    expect(code).toBe(1);
  });
});
