import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cpu, Duration, Migration, type MigrationProps, Postgres, Size } from '../../charts/index.ts';
import type { Certificate, ExternalSecret } from '../../imports/custom.ts';
import type { ConfigMap, Deployment, Job } from '../../imports/kubernetes.ts';
import { rendered, service, system } from '../charts/fixture.ts';
import { type Layer, layerFrom, podOfDeployment, podOfJob } from './pods/dist.ts';
import type { RunningPod } from './pods/pod.ts';
import { type Image, imageOf } from './pods/programs.ts';
import { unavailable } from './pods/requirements.ts';
import { until } from './pods/until.ts';
import { type PostgresCluster, startCluster } from './postgres/cluster.ts';
import { authorities, loadable, STORES, secretFor, startStores, trusting } from './recovery/outside.ts';
import type { Azure } from './stores/azure.ts';
import type { S3 } from './stores/s3.ts';

/**
 * A server with its archive and its poolers, a client that writes through them all the time, and migrations of several kinds, each with
 * the job that takes it back: all as rendered.
 */
const why = unavailable();
if (why) console.warn(`migration.test.ts: ${why}; nothing here is tested`);

/** The service's image: its command is a statement for psql. */
const SERVICE: Image = {
  ...imageOf('ghcr.io/drydock/postgres:16-1'),
  matches: /shop\/api/,
  stand: 'psql of PostgreSQL 15, or a process that waits',
  entrypoint: ['sleep', 'infinity'],
};

const psql = (statement: string) => ['sh', '-c', `psql -X -v ON_ERROR_STOP=1 -c "${statement}" "$DATABASE_URL"`];
const ADD = psql('alter table sales add column paid boolean');

const MIGRATIONS: Record<string, Pick<MigrationProps, 'command' | 'verify' | 'writes'>> = {
  good: { writes: 'stop', command: ADD, verify: psql('select paid from sales limit 1') },
  unverified: { writes: 'stop', command: psql('delete from sales'), verify: ['false'] },
  endless: { writes: 'stop', command: ['sh', '-c', `${psql('delete from sales')[2]}; sleep 600`] },
  online: { writes: 'go on', command: psql('create table receipts (id int)') },
  broken: { writes: 'go on', command: [...ADD.slice(0, 2), 'exit 3'] },
};

function render(): Layer {
  const shop = system({ objectStores: STORES });
  const size = { cpu: Cpu.millis(500), memory: Size.mebibytes(512) };
  const database = new Postgres(shop, 'database', {
    version: '16',
    instances: 1,
    storage: Size.gibibytes(2),
    ...size,
    databases: { shop: { roles: { app: { may: 'own' }, migrations: { may: 'migrate' } } } },
    backups: { full: '0 2 * * *', keep: Duration.days(30) },
  });
  for (const [id, props] of Object.entries(MIGRATIONS)) {
    const image = `ghcr.io/shop/api:${id}`;
    new Migration(shop, id, { database, image, deadline: Duration.minutes(2), ...size, ...props });
  }
  service(shop, 'client', { image: 'ghcr.io/shop/api:client', env: { DATABASE_URL: database.poolerUrl } });
  return layerFrom('shop', rendered(shop).all);
}

/** A setting that PgBouncer 1.18 does not know. */
const LACKING = /^max_prepared_statements .*\n/m;

describe.skipIf(why)('migrations', () => {
  const layer = render();
  let cluster: PostgresCluster;
  let s3: S3;
  let azure: Azure;
  let client: RunningPod;
  let writing: ChildProcess;
  const poolers: RunningPod[] = [];
  const said: string[] = [];

  beforeAll(async () => {
    cluster = await startCluster({
      layer,
      statefulSet: 'database-staging',
      kubernetes: '1.36',
      changed: trusting,
      images: [SERVICE],
    });
    const { node, authority } = cluster;
    for (const namespace of ['shop', 'shop-data']) await node.apply(authorities(namespace, authority.ca));
    for (const external of layer.all<ExternalSecret>('ExternalSecret')) await node.apply(secretFor(external));
    for (const certificate of layer.all<Certificate>('Certificate')) await node.apply(authority.issue(certificate));
    const config = layer.pick<ConfigMap>('ConfigMap', 'database-pooler');
    const ini = config.data!['etc_pgbouncer_pgbouncer.ini']!;
    console.info('left out of database-pooler: max_prepared_statements, which PgBouncer 1.18 does not know');
    await node.apply({
      ...config,
      data: { ...config.data, 'etc_pgbouncer_pgbouncer.ini': ini.replace(LACKING, '') },
    });
    await node.apply(loadable(layer.pick<ConfigMap>('ConfigMap', 'database-pgbackrest')));
    ({ s3, azure } = await startStores(node, authority));
    await until(
      'the tables of migrations are there',
      async () => (await ops('select count(*) from ops.migration')) === '0',
      90,
    );
    await until(
      'WAL is archived',
      async () => Number(await ops('select archived_count from pg_stat_archiver')) > 0,
      90,
    );
    const pooler = layer.pick<Deployment>('Deployment', 'database-pooler');
    poolers.push(...(await Promise.all([0, 1].map(each => node.startPod(podOfDeployment(pooler, each))))));
    client = await node.startPod(podOfDeployment(layer.pick<Deployment>('Deployment', 'client')));
    await until(
      'clients get through',
      async () => {
        const { code } = await client.exec(['sh', '-c', 'psql -X -c "select 1" "$DATABASE_URL"']);
        return code === 0;
      },
      60,
    );
    await cluster.sql(await cluster.leader(), 'set role shop_app; create table sales (id int primary key)', 'shop');
  }, 240_000);

  afterAll(async () => {
    writing?.kill();
    await cluster?.stop();
    await Promise.all([s3?.stop(), azure?.stop()]);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    console.log(said.filter(line => line.startsWith('error')).slice(-5));
    for (const pooler of poolers) console.log(pooler.logs('database-pooler').slice(-2000));
    console.log((await cluster.leader()).logs('agent').slice(-3000));
  });

  const ops = async (text: string) => cluster.sql(await cluster.leader(), text).catch(() => '');
  const shop = async (text: string) => cluster.sql(await cluster.leader(), text, 'shop');
  const acknowledged = () => said.filter(line => line.startsWith('ok')).map(line => Number(line.split(' ')[1]));
  const errors = () => said.filter(line => line.startsWith('error'));

  /** Runs a job of a migration, to its end. @returns what failed, and the last words */
  async function run(job: string): Promise<{ failed: string | undefined; logs: string }> {
    const manifest = podOfJob(layer.pick<Job>('Job', job), Math.random().toString(36).slice(2, 7));
    let pod: RunningPod;
    try {
      pod = await cluster.node.startPod(manifest);
    } catch (error) {
      const { message } = error as Error;
      return { failed: /\/(\S+): the init container ended/.exec(message)?.[1], logs: message };
    }
    const codes = await pod.finished();
    const logs = manifest.spec.containers.map(({ name }) => pod.logs(name)).join('\n');
    return { failed: Object.keys(codes).find(name => codes[name] !== 0), logs };
  }

  async function clientWrites(): Promise<void> {
    const argv = ['python3', '-c', readFileSync(new URL('migration/writer.py', import.meta.url), 'utf8'), '1'];
    writing = client.spawn(argv);
    writing.stdout!.on('data', (text: Buffer) => said.push(...text.toString().split('\n').filter(Boolean)));
    await until('it writes', () => acknowledged().length > 50);
  }

  it('holds clients back, and lets them go on: none gets an error, no row is lost', async () => {
    await clientWrites();
    const { failed, logs } = await run('good');
    expect(failed, logs).toBeUndefined();
    const before = acknowledged().length;
    await until('it writes again', () => acknowledged().length > before + 20);
    expect(errors()).toEqual([]);
    expect(await ops("select state from ops.migration where image like '%:good@%'")).toBe('done');
    expect(await ops("select count(*) from pg_database where datname like 'shop_%'")).toBe('0');
    expect(await shop('select count(*) from sales where paid')).toBe('0');
  });

  it('has a backup made before it, which carries its name', async () => {
    const leader = await cluster.leader();
    const info = ['pgbackrest', '--stanza=shop-database', '--output=json', 'info'];
    const { stdout } = await leader.exec(info, { container: 'agent' });
    const [{ backup }] = JSON.parse(stdout);
    expect(backup.at(-1)).toMatchObject({
      error: false,
      annotation: { 'pre-migration': expect.stringMatching(/^pre-api\.good\./) },
    });
  });

  it('does nothing for an image that has migrated', async () => {
    // Its own command runs again, as it must be able to; this one cannot, and is not taken back for it.
    expect((await run('good')).failed).toBe('good');
    const undone = await run('good-undo');
    expect(undone.logs).toContain('nothing to take back');
    expect(await ops('select count(*) from ops.migration')).toBe('1');
  });

  it('is taken back where verification fails while writes are stopped: every acknowledged row is there', async () => {
    const { failed } = await run('unverified');
    expect(failed).toBe('verify');
    const taken = await run('unverified-undo');
    expect(taken.failed, taken.logs).toBeUndefined();
    expect(taken.logs).toContain('taken back');
    const before = acknowledged().length;
    await until('it writes again', () => acknowledged().length > before + 20);
    const there = new Set((await shop("select string_agg(id::text, ' ') from sales")).split(' ').map(Number));
    expect(acknowledged().filter(id => !there.has(id) && id < Math.max(...there))).toEqual([]);
    expect(await ops("select count(*) from pg_database where datname like 'shop_failed_%'")).toBe('1');
    expect(await ops("select has_database_privilege('public', 'shop', 'connect')")).toBe('f');
    expect(errors()).toEqual([]);
  });

  it('keeps everybody else out meanwhile, even past the poolers, and is taken back when its pod dies', async () => {
    const running = cluster.node.startPod(podOfJob(layer.pick<Job>('Job', 'endless')));
    const killed = running.then(
      () => 'it ended',
      (error: Error) => error.message,
    );
    await until(
      'it migrates',
      async () => (await ops('select state from ops.migration where ended_at is null')) === 'migrating',
      90,
    );
    await until('it has changed something', async () => (await shop('select count(*) from sales')) === '0');
    const url =
      'psql -X -c "select 1" "$(echo "$DATABASE_URL" | sed s/-pooler.shop-data.svc:6432/.shop-data.svc:5432/)"';
    const direct = await client.exec(['sh', '-c', url]);
    expect(direct.code).not.toBe(0);
    expect(direct.stderr).toContain('permission denied for database');
    await cluster.node.pods.find(({ name }) => name.startsWith('endless'))!.kill('endless');
    expect(await killed).toContain('the init container ended');
    const taken = await run('endless-undo');
    expect(taken.failed, taken.logs).toBeUndefined();
    const before = acknowledged().length;
    await until('it writes again', () => acknowledged().length > before + 20);
    expect(Number(await shop('select count(*) from sales'))).toBeGreaterThan(100);
  });

  it('lets clients write on where it was told to, and leaves what it did for a person to judge', async () => {
    const before = errors().length;
    expect((await run('online')).failed).toBeUndefined();
    const { failed, logs } = await run('broken');
    expect(failed, logs).toBe('broken');
    const taken = await run('broken-undo');
    expect(taken.logs).toContain('writes went on meanwhile');
    expect(await shop('select count(*) from receipts')).toBe('0');
    expect(errors().slice(before)).toEqual([]);
  });

  it('does not begin without a backup', async () => {
    s3.setAvailable(false);
    try {
      await ops("delete from ops.migration where image like '%:online@%'");
      const { failed, logs } = await run('online');
      expect(failed).toBe('prepare');
      expect(logs).toContain('the migration may not begin');
    } finally {
      s3.setAvailable(true);
    }
  });
});
