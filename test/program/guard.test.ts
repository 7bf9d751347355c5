import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Checkout } from './checkout.ts';

const APP = 'apps/zapora/index.ts';
const LEDGER = 'apps/zapora/ledger.ts';
const DATABASE = fileURLToPath(new URL('../tools/prove/broken-apps/database.ts', import.meta.url));

const SPEC = `{
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
  storageClassName: site.storage.block.name,
  volumeMode: 'Filesystem',
}`;
const CLAIMS = `
    const { site } = this.system;
    for (const pod of [0, 1])
      new KubeObject(
        this,
        \`volume-\${pod}\`,
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { ...metadata, name: \`data-ledger-\${pod}\`, annotations: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' } },
        },
        { spec: ${SPEC} },
      );
`;
const BACKUPS = `
    new KubeObject(
      this.layer('data'),
      'backups',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'backups', namespace: this.layer('data').namespace, annotations: { 'drydock/holds': \`s3://\${site.name}/ledger\` } } },
      { data: {} },
    );
`;
const NEW = `    new Ledger(this, 'ledger', {
      image: 'docker.io/library/postgres:18.1',
      cpu: Cpu.millis(100),
      memory: Size.mebibytes(128),
    });
`;
const END = "      operatorsOnly: ['/admin'],\n    });\n";
const WHERE = /^development, local, staging, us-east-1a, us-west-2: zapora\/ledger\//m;

/** A database whose claims stand beside it, committed with its `dist/`. */
let checkout: Checkout;
let before: string;
beforeAll(() => {
  checkout = new Checkout();
  writeFileSync(checkout.at(LEDGER), readFileSync(DATABASE, 'utf8').replaceAll('../../../../', '../../'));
  checkout.edit(LEDGER, 'class Database', 'class Ledger');
  checkout.edit(LEDGER, 'import { Duration, KubeObject }', 'import { Duration, KubeObject, Size }');
  checkout.edit(LEDGER, 'this.demand(2)', '({ ...this.demand(2), claims: [Size.gibibytes(1), Size.gibibytes(1)] })');
  checkout.edit(LEDGER, '    const metadata = this.metadata();\n', `    const metadata = this.metadata();\n${CLAIMS}`);
  checkout.edit(
    LEDGER,
    'serviceName: name,',
    `serviceName: name,\nvolumeClaimTemplates: [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: ${SPEC} }],`,
  );
  checkout.edit(APP, END, END + BACKUPS + NEW);
  const app = readFileSync(checkout.at(APP), 'utf8').replace(/^ {2}(acknowledge|KubeObject),\n/gm, '');
  writeFileSync(
    checkout.at(APP),
    `import { acknowledge, KubeObject } from '../../charts/index.ts';\nimport { Ledger } from './ledger.ts';\n${app}`,
  );
  const { code, output } = checkout.run('synth');
  expect(code, output).toBe(0);
  before = checkout.dist();
  checkout.intoGit();
  checkout.git('tag', 'start');
});
afterEach(() => {
  checkout.git('checkout', '-qfB', 'main', 'start');
  checkout.git('clean', '-qfd');
});
afterAll(() => checkout.remove());

const remove = (code: string) => () => checkout.edit(APP, code, '');

describe('refused by synth and by check, and dist/ is as it was', () => {
  test.each<[string, () => void, string]>([
    [
      'a field that Kubernetes never changes',
      () => checkout.edit(LEDGER, 'serviceName: name,', "serviceName: name, podManagementPolicy: 'Parallel',"),
      'spec.podManagementPolicy changes from OrderedReady to Parallel, which Kubernetes refuses; give it back its old value',
    ],
    [
      'a volume that grows in the template too',
      () =>
        checkout.edit(
          LEDGER,
          `metadata: { name: 'data' }, spec: ${SPEC}`,
          `metadata: { name: 'data' }, spec: ${SPEC.replace('1Gi', '2Gi')}`,
        ),
      'keep the size it was created with: `storage: { created: Size.gibibytes(1), now: Size.gibibytes(2) }`',
    ],
    [
      'a claim that shrinks',
      () => checkout.edit(LEDGER, `{ spec: ${SPEC} },`, `{ spec: ${SPEC.replace('1Gi', '512Mi')} },`),
      'spec.resources.requests.storage shrinks from 1Gi to 512Mi, which Kubernetes refuses; write 1Gi',
    ],
    [
      'a pod less, and its claim with it',
      () => {
        checkout.edit(LEDGER, 'of [0, 1]', 'of [0]');
        checkout.edit(LEDGER, 'replicas: 2', 'replicas: 1');
      },
      "PersistentVolumeClaim data-ledger-1 goes, and its data with it; put it back, or acknowledge it: acknowledge(this, { object: 'PersistentVolumeClaim data-ledger-1', change: 'deletes', reason, owner, expires })",
    ],
    [
      'a database that goes',
      remove(NEW),
      'StatefulSet ledger goes, and with it the data of data-ledger-0, data-ledger-1',
    ],
  ])('%s', (_, edit, said) => {
    edit();
    for (const verb of ['synth', 'check']) {
      const { code, output } = checkout.run(verb);
      expect(output).toContain(said);
      expect(output).toMatch(WHERE);
      expect(output).toMatch(/\d findings?; dist\/ is untouched/);
      expect(code).toBe(1);
    }
    expect(checkout.dist()).toBe(before);
  });

  test('a place of backups that moves', () => {
    checkout.edit(APP, '/ledger`', '/other`');
    const { code, output } = checkout.run('synth');
    expect(output).toContain('it held s3://staging/ledger, and now s3://staging/other');
    expect(code).toBe(1);
    expect(checkout.dist()).toBe(before);
  });
});

describe('acknowledged', () => {
  const GONE = "object: 'StatefulSet ledger', change: 'deletes', reason: 'nobody writes', owner: 'ordering'";

  test('it passes and renders; once committed, synth says that the acknowledgement can go', () => {
    checkout.edit(APP, NEW, `    acknowledge(this, { ${GONE}, expires: '2999-01-31' });\n`);
    const { code, output } = checkout.run('synth');
    expect(output).toMatch(/removed {2}dist\/staging\/zapora\/services\/zapora\/StatefulSet\.ledger\.yaml/);
    expect(output).not.toMatch(/warning/);
    expect(code).toBe(0);

    checkout.commit();
    const done = 'warning: zapora: StatefulSet ledger: the change "deletes" that it acknowledges is done; remove it';
    for (const verb of ['synth', 'check'])
      expect(checkout.run(verb)).toMatchObject({ code: 0, output: expect.stringContaining(done) });
    // Against the base the change is still one.
    const since = checkout.run('check', '--base', 'HEAD~1');
    expect(since.output).not.toMatch(/warning/);
    expect(since.code).toBe(0);

    checkout.edit(APP, GONE, GONE.replace('ledger', 'other'));
    expect(checkout.run('check', '--base', 'HEAD~1')).toMatchObject({
      code: 1,
      output: expect.stringContaining('StatefulSet ledger goes'),
    });
  });

  test('past its day synth warns, and check fails the change that it excuses', () => {
    checkout.edit(APP, NEW, `    acknowledge(this, { ${GONE}, expires: '2020-01-31' });\n`);
    expect(checkout.run('synth')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/warning: .*data-guard ran out on 2020-01-31 \(ordering: nobody writes\)/),
    });
    checkout.commit();
    expect(checkout.run('check', '--base', 'HEAD~1')).toMatchObject({
      code: 1,
      output: expect.stringContaining(
        'this change touches dist/staging/zapora/services/zapora/StatefulSet.ledger.yaml',
      ),
    });
  });

  test.each([
    ["change: 'deletes'", "change: 'removes' as 'deletes'", 'has change "removes"; write one of rejected, deletes'],
    ["owner: 'ordering'", "owner: ''", 'an acknowledgement without owner; state each of them'],
    ['2999-01-31', '31 January', 'an acknowledgement expires "31 January"; write a day'],
  ])('with %s written as %s it is an error', (given, wrong, said) => {
    checkout.edit(APP, NEW, `    acknowledge(this, { ${GONE}, expires: '2999-01-31' });\n`.replace(given, wrong));
    expect(checkout.run('synth')).toMatchObject({ code: 1, output: expect.stringContaining(said) });
  });
});

test('a unit leaves its cluster on a word in fleet.ts only', () => {
  checkout.edit('fleet.ts', "{ zapora: 'standby', 'liquor-pos': 'standby' }", "{ 'liquor-pos': 'standby' }");
  const refused = checkout.run('synth');
  expect(refused.output).toMatch(
    /^us-west-2: zapora: zapora leaves us-west-2, and nobody would look after the data of .*data-ledger-0, data-ledger-1/m,
  );
  expect(refused.output).toMatch(/^1 finding; dist\/ is untouched/m);
  expect(refused.code).toBe(1);
  expect(checkout.dist()).toBe(before);

  const departure = "cluster: 'us-west-2', system: 'zapora', reason: 'it closes', owner: 'platform'";
  checkout.edit(
    'fleet.ts',
    'departures: readonly Departure[] = []',
    `departures: readonly Departure[] = [{ ${departure}, expires: '' }]`,
  );
  expect(checkout.run('synth').output).toContain('fleet.ts: a departure without expires; state each');
  checkout.edit('fleet.ts', "expires: ''", "expires: '2999-01-31'");
  const { code, output } = checkout.run('synth');
  expect(code, output).toBe(0);
});

describe('nothing to compare with', () => {
  test('dist/ that is not committed yet', () => {
    checkout.git('rm', '-rq', '--cached', 'dist');
    checkout.git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'without dist');
    remove(NEW)();
    const { code, output } = checkout.run('synth');
    expect(output).not.toMatch(/no git|warning/);
    expect(code).toBe(0);
  });

  test('no commit yet', () => {
    checkout.git('checkout', '-q', '--orphan', 'begin');
    remove(NEW)();
    expect(checkout.run('synth').code).toBe(0);
  });

  test('no git: said in one line', () => {
    const bare = new Checkout();
    const line = 'no git here: what the change does to data was not checked\n';
    expect(bare.run('synth')).toMatchObject({ code: 0, output: expect.stringContaining(line) });
    expect(bare.run('check')).toMatchObject({ code: 0, output: expect.stringContaining(line) });
    bare.remove();
  });
});
