import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cpu, Duration, Postgres, Size } from '../../charts/index.ts';
import type { ExternalSecret } from '../../imports/custom.ts';
import type { ConfigMap, CronJob } from '../../imports/kubernetes.ts';
import { type Nest, nest } from '../../tools/control-plane/processes.ts';
import { rendered, system } from '../charts/fixture.ts';
import { layerFrom, podOfJob } from './pods/dist.ts';
import type { PodManifest } from './pods/manifest.ts';
import type { RunningPod } from './pods/pod.ts';
import { unavailable } from './pods/requirements.ts';
import { until } from './pods/until.ts';
import { type PostgresCluster, startCluster } from './postgres/cluster.ts';
import { authorities, loadable, object, STORES, secretFor, startStores, trusting } from './recovery/outside.ts';
import type { Azure } from './stores/azure.ts';
import type { S3 } from './stores/s3.ts';

const why = unavailable();
if (why) console.warn(`restore-proof.test.ts: ${why}; nothing here is tested`);

const shop = system({ objectStores: STORES });
new Postgres(shop, 'database', {
  version: '16',
  instances: 1,
  cpu: Cpu.millis(500),
  memory: Size.mebibytes(512),
  storage: Size.gibibytes(2),
  backups: {
    full: '0 2 * * *',
    keep: Duration.days(30),
    copies: [{ to: 'cold', schedule: '0 5 1 * *', keep: Duration.days(2557) }],
    proof: { schedule: '0 4 * * 0', queries: { shop: { 'there are orders': 'select count(*) > 0 from orders' } } },
  },
});
const layer = layerFrom('shop', rendered(shop).all);
const NAMESPACE = 'shop-data';
const GATEWAY = 'prometheus-pushgateway.monitoring.svc.cluster.local';

interface Report {
  green: boolean;
  steps: { name: string; passed: boolean; seconds: number; says?: string }[];
  [fact: string]: unknown;
}

describe.skipIf(why)('the restore proof', () => {
  let cluster: PostgresCluster;
  let s3: S3;
  let azure: Azure;
  let gateway: Nest;
  let server: RunningPod;
  let runs = 0;

  beforeAll(async () => {
    cluster = await startCluster({ layer, statefulSet: 'database-staging', kubernetes: '1.36', changed: trusting });
    const { node, authority } = cluster;
    await node.apply(authorities(NAMESPACE, authority.ca));
    for (const external of layer.all<ExternalSecret>('ExternalSecret')) await node.apply(secretFor(external));
    await node.apply(loadable(layer.pick<ConfigMap>('ConfigMap', 'database-backup-full')));
    ({ s3, azure } = await startStores(node, authority));
    gateway = nest();
    gateway.start('gateway', 'prometheus-pushgateway', [`--web.listen-address=${node.address}:9091`]);
    node.setName(GATEWAY, node.address);
    server = await cluster.leader();
    await until('WAL is archived', () => archived().then(({ count }) => count > 0), 60);
    await until('the database is there', () => sql('select 1', 'shop').then(() => true), 60);
    await sql(
      `create table customers (id int primary key);
       create table orders (id int primary key, customer int references customers, note text);
       insert into customers select generate_series(1, 1000);
       insert into orders select g, 1 + g % 1000, repeat('x', 100) from generate_series(1, 20000) g`,
      'shop',
    );
    const { code, log } = await run('database-backup-full');
    expect(code, log).toBe(0);
    // The agent begins anew, and counts the rows of the tables that now are.
    await server.restart('agent');
    await until(
      'the tables are counted',
      async () =>
        (await sql("select tables::text like '%orders%' from ops.backup_canary order by at desc limit 1")) === 't',
      60,
    );
    await switchWal();
  }, 240_000);

  afterAll(async () => {
    await cluster?.stop();
    await Promise.all([s3?.stop(), azure?.stop(), gateway?.stop()]);
  });

  const sql = (text: string, database?: string) => cluster.sql(server, text, database);
  const archived = async () => {
    const said = await sql('select archived_count, failed_count, last_archived_wal from pg_stat_archiver');
    const [count, failed, last = ''] = said.split('|');
    return { count: Number(count), failed: Number(failed), last };
  };
  const switchWal = async () => {
    const segment = await sql('select pg_walfile_name(pg_switch_wal())');
    await until(`${segment} is archived`, async () => (await archived()).last >= segment, 60);
    return segment;
  };
  const run = async (job: string, change: (pod: PodManifest) => PodManifest = pod => pod) => {
    const pod = await cluster.node.startPod(change(trusting(podOfJob(layer.pick<CronJob>('CronJob', job), runs++))));
    const { [job]: code } = await pod.finished();
    const log = pod.logs(job);
    await pod.stop();
    return { code, log };
  };
  const prove = async (job: string) => {
    const { code, log } = await run(job);
    const line = log.split('\n').find(each => each.includes('"steps":'));
    if (line === undefined) throw new Error(`${job} ended with ${code} and without a report: ${log}`);
    const report: Report = JSON.parse(line.slice(line.indexOf('{')));
    return { code, log, report, red: report.steps.filter(({ passed }) => !passed).map(({ name }) => name) };
  };
  /** Changes a number of the job's settings while `work` goes on. */
  const withSetting = async (job: string, setting: Record<string, unknown>, work: () => Promise<void>) => {
    const scripts = layer.pick<ConfigMap>('ConfigMap', `${job}-scripts`);
    const settings = { ...JSON.parse(scripts.data!['settings.json']!), ...setting };
    await cluster.node.apply({ ...scripts, data: { ...scripts.data, 'settings.json': JSON.stringify(settings) } });
    await work();
    await cluster.node.apply(scripts);
  };
  const copies = async () => (await azure.blobs('cold')).filter(name => name.endsWith('backup.manifest')).length;

  it('is green over a sound archive, with a report of every step, and makes the copy', async () => {
    const { code, log, report, red } = await prove('database-proof-cold');
    expect(red, log).toEqual([]);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      green: true,
      proof: 'database-proof-cold',
      namespace: NAMESPACE,
      cluster: 'staging',
      stanza: 'shop-database',
      image: 'ghcr.io/drydock/postgres:16-1',
      queriesAnswered: 1,
    });
    expect(report.steps.map(({ name }) => name)).toEqual([
      ...[
        'backup',
        'verify',
        'restore',
        'start',
        'wal',
        'canary',
        'counts',
        'amcheck',
        'dump',
        'constraints',
        'queries',
      ],
      ...['checksums', 'copy'],
    ]);
    expect(report.restoreSeconds).toBeLessThan(60);
    expect(report.canaryAgeSeconds).toBeLessThan(180);
    expect(report.walChecked).toBeGreaterThan(1);
    expect(report.tablesCounted).toBeGreaterThan(1);
    expect(report.foreignKeysChecked).toBe(1);
    expect(await copies()).toBe(1);
  }, 120_000);

  it('has told the push gateway', async () => {
    const answer = await fetch(`http://${cluster.node.address}:9091/metrics`);
    const text = await answer.text();
    const labels = 'instance="",job="restore-proof",namespace="shop-data",proof="database-proof-cold"';
    expect(text).toContain(`restore_proof_success{${labels}} 1`);
    expect(text).toMatch(new RegExp(`restore_proof_restore_seconds{${labels}} \\d`));
    expect(text).toMatch(/restore_proof_step_seconds{.*step="amcheck".*} \d/);
  });

  it('makes a copy that can be restored, and that knows its proof', async () => {
    const restore = `
      export PGBACKREST_REPO1_CIPHER_PASS=$COPY_REPO1_CIPHER_PASS PGBACKREST_REPO1_AZURE_KEY=$COPY_REPO1_AZURE_KEY
      set -e
      pgbackrest --config=/etc/drydock/proof/copy.conf --stanza=shop-database info --output=json
      pgbackrest --config=/etc/drydock/proof/copy.conf --stanza=shop-database --type=none --archive-mode=off restore
      printf "local all all trust\\n" > /scratch/hba
      pg_ctl -D /scratch/data -w -l /tmp/log -o "-c config_file=/dev/null -c hba_file=/scratch/hba -c listen_addresses= -c unix_socket_directories=/tmp" start >/dev/null || cat /tmp/log
      psql -h /tmp -U postgres -d shop -Atc "select 'orders: ' || count(*) from orders"`;
    const { code, log } = await run('database-proof-cold', pod => commanded(pod, ['sh', '-c', restore]));
    expect(log).toContain('orders: 20000');
    expect(log).toContain('"verified":"true"');
    expect(log).toMatch(/"report":"{\\"archive\\".*canaryAgeSeconds/);
    expect(code).toBe(0);
  }, 60_000);

  it('is red over a corrupted object, and copies nothing', async () => {
    const keys = await s3.keys('backups');
    const bundle = keys.find(key => /\/bundle\/\d+$/.test(key)) ?? keys.find(key => /\/pg_data\//.test(key))!;
    const sound = await object(cluster.node, 'GET', `backups/${bundle}`);
    const spoilt = Buffer.from(sound);
    spoilt.fill(0, sound.length >> 1, (sound.length >> 1) + 4);
    await object(cluster.node, 'PUT', `backups/${bundle}`, spoilt);
    const { code, red, report } = await prove('database-proof-cold');
    await object(cluster.node, 'PUT', `backups/${bundle}`, sound);
    expect(red).toEqual(expect.arrayContaining(['verify', 'copy']));
    expect(report.green).toBe(false);
    expect(code).toBe(1);
    expect(await copies()).toBe(1);
  }, 60_000);

  it('is red where a WAL segment is missing', async () => {
    const segment = await switchWal();
    await sql('create table later (id int); insert into later select generate_series(1, 1000)', 'shop');
    await switchWal();
    const key = (await until(
      'the segment is an object',
      async () => (await s3.keys('backups')).find(each => each.includes(segment)),
      10,
    ))!;
    const sound = await object(cluster.node, 'GET', `backups/${key}`);
    await object(cluster.node, 'DELETE', `backups/${key}`);
    const { code, red, log } = await prove('database-proof-cold');
    await object(cluster.node, 'PUT', `backups/${key}`, sound);
    expect(red, log).toContain('wal');
    expect(red).toContain('copy');
    expect(code).toBe(1);
    expect(await copies()).toBe(1);
  }, 60_000);

  it('is red where the newest backup is older than its schedule allows', async () => {
    await withSetting('database-proof-cold', { backupAgeSeconds: 1 }, async () => {
      const { code, red, report } = await prove('database-proof-cold');
      expect(red).toContain('backup');
      expect(report.steps[0]!.says).toContain('its schedule allows 1 s');
      expect(code).toBe(1);
    });
  }, 60_000);

  it('is red where the newest canary is too old: rows were lost on the way', async () => {
    server.pause('agent');
    await sql("update ops.backup_canary set at = at - interval '1 hour'");
    await switchWal();
    const { code, red } = await prove('database-proof-cold');
    expect(red).toEqual(['canary', 'copy']);
    expect(code).toBe(1);
    await sql("update ops.backup_canary set at = at + interval '1 hour'");
    server.resume('agent');
    await switchWal();
  }, 60_000);

  it('with the cold cloud dead: production archives on, the copy alone is red', async () => {
    const before = await archived();
    await azure.stop();
    const { red, code } = await prove('database-proof-cold');
    expect(red).toEqual(['copy']);
    expect(code).toBe(1);
    await sql('insert into later select 1', 'shop');
    await switchWal();
    const after = await archived();
    expect(after.failed).toBe(before.failed);
    expect(after.count).toBeGreaterThan(before.count);
    const alone = await prove('database-proof');
    expect(alone.red, alone.log).toEqual([]);
    expect(alone.code).toBe(0);
  }, 90_000);
});

function commanded(pod: PodManifest, command: string[]): PodManifest {
  const containers = pod.spec.containers.map(container => ({ ...container, command }));
  return { ...pod, spec: { ...pod.spec, containers } };
}
