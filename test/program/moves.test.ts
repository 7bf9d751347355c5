import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Checkout } from './checkout.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ZAPORA = 'apps/zapora/index.ts';
const LIQUOR_POS = 'apps/liquor-pos/index.ts';

/** A database beside the services, and a volume in the layer that must survive. */
const STATEFUL = `
    new Database(this, 'ledger', {
      image: 'docker.io/library/postgres:18.1',
      cpu: Cpu.millis(100),
      memory: Size.mebibytes(128),
    });
    const { namespace } = this.layer('data');
    this.layer('data').expect(() => ({ pods: 0, containers: [], claims: [Size.gibibytes(1)] }));
    new KubeObject(
      this.layer('data'),
      'receipts',
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name: 'receipts',
          namespace,
          annotations: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' },
        },
      },
      {
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1Gi' } },
          volumeMode: 'Filesystem',
        },
      },
    );
`;

/** Every text of `dist/` by its path. */
type Dist = ReadonlyMap<string, string>;

let checkout: Checkout;
let before: Dist;
beforeAll(() => {
  checkout = new Checkout();
  synth();
  before = dist();
  checkout.intoGit();
});
afterEach(restore);
afterAll(() => checkout.remove());

function restore(): void {
  checkout.git('reset', '-q', '--hard');
  checkout.git('clean', '-qfd');
}

/** What a render that succeeds says. */
function synth(): string {
  const { code, output } = checkout.run('synth');
  expect(code, output).toBe(0);
  return output;
}

function dist(): Dist {
  const root = checkout.at('dist');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.yaml'));
  return new Map(files.sort().map(file => [file, readFileSync(path.join(root, file), 'utf8')]));
}

/** The files that came, went or are others. */
function differing(from: Dist, to: Dist): string[] {
  return [...new Set([...from.keys(), ...to.keys()])].filter(file => from.get(file) !== to.get(file));
}

function rewrite(file: string, change: (text: string) => string): void {
  const text = readFileSync(checkout.at(file), 'utf8');
  expect(change(text), file).not.toBe(text);
  writeFileSync(checkout.at(file), change(text));
}

/** Brings rows between two marks into the opposite order; each begins where `row` matches. */
function reverse(file: string, from: string, to: string, row: RegExp): void {
  rewrite(file, text => {
    const start = text.indexOf(from) + from.length;
    const end = text.indexOf(to, start);
    if (start < from.length || end < 0) throw new Error(`${file} does not hold ${from} … ${to}`);
    return text.slice(0, start) + text.slice(start, end).split(row).reverse().join('') + text.slice(end);
  });
}

test('a construct that moves below another changes the first line of its files, and nothing else', () => {
  const moved = [
    'zapora/api',
    ...['webhooks', 'sync-worker', 'pos-terminal', 'admin-dashboard'].map(id => `liquor-pos/${id}`),
  ];
  for (const app of [ZAPORA, LIQUOR_POS]) {
    checkout.edit(app, "import type { Construct } from 'constructs';", "import { Construct } from 'constructs';");
    rewrite(app, text => text.replace(/^( *)super\(.*;\n/m, "$&$1const group = new Construct(this, 'group');\n"));
  }
  checkout.edit(ZAPORA, "new WebService(this, 'api'", "new WebService(group, 'api'");
  checkout.edit(LIQUOR_POS, "new WebService(this, 'webhooks'", "new WebService(group, 'webhooks'");
  checkout.edit(LIQUOR_POS, "new Worker(this, 'sync-worker'", "new Worker(group, 'sync-worker'");
  checkout.edit(LIQUOR_POS, 'new StaticSite(this, id', 'new StaticSite(group, id');
  synth();

  const expected = new Map(before);
  for (const construct of moved) {
    const [system, id] = construct.split('/');
    const files = [...before].filter(([, text]) => text.startsWith(`# drydock: ${construct}/`));
    expect(files, construct).not.toEqual([]);
    for (const [file, text] of files) expected.set(file, text.replace(construct, `${system}/group/${id}`));
  }
  expect(differing(expected, dist())).toEqual([]);
});

describe('dist/ is the same to the byte', () => {
  test('in whatever order an app says its services, their options and their settings', () => {
    reverse(
      LIQUOR_POS,
      'timeout: Duration.seconds(5),\n    };\n\n',
      '\n    objectives(',
      /^(?= {4}(?:const \w+ = new |new |for ))/m,
    );
    reverse(LIQUOR_POS, 'for (const [id, name] of [\n', '    ] as const', /^(?= {6}\[)/m);
    reverse(LIQUOR_POS, "new WebService(this, 'api', {\n", '    });\n', /^(?= {6}\w)/m);
    reverse(ZAPORA, "new WebService(this, 'api', {\n", '    });\n', /^(?= {6}\w)/m);
    reverse(ZAPORA, 'api.expose({\n', '    });\n', /^(?= {6}\w)/m);
    for (const [app, purpose] of [
      [ZAPORA, "'images', 'IMAGES'"],
      [LIQUOR_POS, "'receipts', 'RECEIPTS'"],
    ] as const) {
      const store = `...objectStore(site, ${purpose})`;
      checkout.edit(app, `...apiSettings(site), ${store}`, `${store}, ...apiSettings(site)`);
    }
    for (const service of ['zapora/api', 'liquor-pos/api', 'liquor-pos/sync-worker', 'liquor-pos/pages']) {
      const file = `apps/${service.split('/')[0]}/settings.ts`;
      reverse(file, `settings('${service}', {\n`, '\n});\n', /^(?= {2}[\w.])/m);
    }
    reverse('apps/liquor-pos/settings.ts', 'const common = {\n', '} as const', /^(?= {2}\w)/m);
    rewrite('apps/liquor-pos/images.yaml', text =>
      text
        .split(/^(?=ghcr)/m)
        .reverse()
        .join(''),
    );
    synth();
    expect(differing(before, dist())).toEqual([]);
  });

  test('in whatever order the fleet names its clusters and their systems', () => {
    reverse('fleet.ts', 'export const fleet: readonly Berth[] = [\n', '];\n', /^(?= {2}berth)/m);
    rewrite('fleet.ts', text => text.replaceAll(/\{ (zapora: '\w+'), ('liquor-pos': '\w+') \}/g, '{ $2, $1 }'));
    checkout.edit('fleet.ts', "'liquor-pos': LiquorPos, zapora: Zapora", "zapora: Zapora, 'liquor-pos': LiquorPos");
    synth();
    expect(differing(before, dist())).toEqual([]);
  });

  test('wherever the files of an app stand, and whatever they and its class are called', () => {
    renameSync(checkout.at('apps/zapora'), checkout.at('apps/ordering'));
    renameSync(checkout.at('apps/ordering/index.ts'), checkout.at('apps/ordering/system.ts'));
    renameSync(checkout.at('apps/ordering/settings.ts'), checkout.at('apps/ordering/rows.ts'));
    for (const file of ['system.ts', 'metrics.ts'])
      checkout.edit(`apps/ordering/${file}`, './settings.ts', './rows.ts');
    checkout.edit('apps/ordering/system.ts', 'class Zapora', 'class Ordering');
    checkout.edit(
      'fleet.ts',
      "{ Zapora } from './apps/zapora/index.ts'",
      "{ Ordering } from './apps/ordering/system.ts'",
    );
    checkout.edit('fleet.ts', 'zapora: Zapora', 'zapora: Ordering');
    synth();
    expect(differing(before, dist())).toEqual([]);
  });
});

test('what a render takes out of dist/ is named in its summary, all of it, and first what holds data', () => {
  const database = readFileSync(path.join(ROOT, 'test/tools/prove/broken-apps/database.ts'), 'utf8');
  writeFileSync(checkout.at('apps/liquor-pos/database.ts'), database.replaceAll('../../../../', '../../'));
  checkout.edit(LIQUOR_POS, '  imagesFrom,\n', '  imagesFrom,\n  KubeObject,\n');
  rewrite(LIQUOR_POS, text => `import { Database } from './database.ts';\n${text}`);
  checkout.edit(LIQUOR_POS, '    const sync = new Worker(', `${STATEFUL}    const sync = new Worker(`);
  synth();
  const full = dist();

  checkout.git('checkout', '-q', '--', 'apps');
  rewrite(LIQUOR_POS, text =>
    text.replace(/^ {4}const sync = new Worker\(.*?^ {4}\}\);\n/ms, '').replace(/^ {4}alerts\(.*\n/m, ''),
  );
  const output = synth();
  const after = dist();
  const gone = [...full.keys()].filter(file => !after.has(file));
  const named = output.split('\n').filter(line => line.startsWith('  removed'));
  expect([...named].sort()).toEqual(gone.map(file => `  removed  dist/${file}`).sort());
  expect(output).toMatch(new RegExp(`: 0 added, \\d+ changed, ${gone.length} removed \\(`));

  const SERVICES = 'dist/us-east-1a/liquor-pos/services/liquor-pos';
  const DATA = 'dist/us-east-1a/liquor-pos/data';
  for (const file of [
    `${SERVICES}/Deployment.sync-worker.yaml`,
    `${SERVICES}/ScaledObject.sync-worker.yaml`,
    `${SERVICES}/StatefulSet.ledger.yaml`,
    `${DATA}/liquor-pos-data/PersistentVolumeClaim.receipts.yaml`,
  ])
    expect(named).toContain(`  removed  ${file}`);

  const first = ['StatefulSet', 'PersistentVolumeClaim'];
  const kinds = named.map(line => /\/(\w+)\.[^/]+$/.exec(line)![1]!);
  const holdData = kinds.filter(kind => first.includes(kind));
  expect(kinds.slice(0, holdData.length)).toEqual(holdData);
  expect([...new Set(holdData)]).toEqual(first);
});
