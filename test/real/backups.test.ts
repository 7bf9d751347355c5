import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Duration } from '../../charts/index.ts';
import type { Certificate, ExternalSecret } from '../../imports/custom.ts';
import type { CronJob, EnvVar, ServiceAccount, StatefulSet } from '../../imports/kubernetes.ts';
import { rendered } from '../charts/fixture.ts';
import { postgres } from '../charts/postgres/fixture.ts';
import { type CertificateAuthority, createAuthority } from './pods/certificates.ts';
import { type Layer, layerFrom, podOf, podOfJob } from './pods/dist.ts';
import type { PodManifest } from './pods/manifest.ts';
import { type PodNode, startNode } from './pods/node.ts';
import type { RunningPod } from './pods/pod.ts';
import { images } from './pods/programs.ts';
import { unavailable } from './pods/requirements.ts';
import { secretOf } from './pods/secrets.ts';
import { until } from './pods/until.ts';
import { type S3, startS3 } from './stores/s3.ts';

/**
 * The rendered pods and jobs of a database on real PostgreSQL and pgBackRest, with AWS's names and roles in front of an emulator. Patroni
 * is replaced by a program that starts the server and decides nothing; copies go to clouds that do not answer, all the time.
 */
const why = unavailable();
if (why) console.warn(`backups.test.ts: ${why}; nothing here is tested`);

const NAMESPACE = 'shop-data';
const BUCKET = 'test-backups';
const HOSTS = [`${BUCKET}.s3.eu-north-1.amazonaws.com`, 'sts.amazonaws.com'];
const STORES = {
  backups: { provider: 's3', bucket: BUCKET, region: 'eu-north-1' },
  warm: { provider: 'azure', account: 'gone', bucket: 'backups', region: 'northeurope' },
  cold: { provider: 'gcs', bucket: 'gone', region: 'europe-north1' },
} as const;

const TOOLS = '/opt/test';
const TOKEN = 'web-identity';

function render(): Layer {
  const copies = [
    { to: 'warm', schedule: '0 4 * * 0', keep: Duration.days(90) },
    { to: 'cold', schedule: '0 5 1 * *', keep: Duration.days(7 * 365) },
  ];
  const { shop } = postgres(
    {
      instances: 2,
      backups: {
        full: '0 2 * * 0',
        differential: '0 2 * * 1-6',
        incremental: '0 8 * * *',
        keep: Duration.days(30),
        copies,
      },
    },
    { objectStores: STORES },
  );
  return layerFrom('shop/data', rendered(shop).all);
}

/** What EKS adds to the pods of an account that has a role: the role and a token, which STS changes for keys. */
function withRole(pod: PodManifest, layer: Layer): PodManifest {
  const account = layer.pick<ServiceAccount>('ServiceAccount', pod.spec.serviceAccountName!);
  const env: EnvVar[] = [
    { name: 'AWS_ROLE_ARN', value: account.metadata!.annotations!['eks.amazonaws.com/role-arn']! },
    { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: `/var/run/secrets/${TOKEN}/token` },
  ];
  const mount = { name: TOKEN, mountPath: `/var/run/secrets/${TOKEN}`, readOnly: true };
  return {
    ...pod,
    spec: {
      ...pod.spec,
      volumes: [...pod.spec.volumes!, { name: TOKEN, secret: { secretName: TOKEN } }],
      containers: pod.spec.containers.map(container => ({
        ...container,
        env: [...(container.env ?? []), ...env],
        volumeMounts: [...(container.volumeMounts ?? []), mount],
      })),
    },
  };
}

describe.skipIf(why !== undefined)('backups', () => {
  const layer = why === undefined ? render() : layerFrom('', []);
  let node: PodNode;
  let authority: CertificateAuthority;
  let s3: S3;
  let tools: string;
  const servers: RunningPod[] = [];

  beforeAll(async () => {
    authority = createAuthority();
    tools = mkdtempSync(join(tmpdir(), 'drydock-backups-'));
    chmodSync(tools, 0o755);
    cpSync(fileURLToPath(new URL('backups/', import.meta.url)), tools, { recursive: true });
    writeFileSync(join(tools, 'ca.crt'), authority.ca);
    const known = images.find(({ matches }) => matches.test('ghcr.io/drydock/postgres:16-1'))!;
    node = await startNode({
      images: [
        {
          ...known,
          stand: `${known.stand}; no Patroni: a program that starts the server as it is told; repo-block, a trial in 2.45, is turned on; the test's authority is trusted`,
          // What became ready in 2.46 is a trial in 2.45, which wants to be told.
          env: { ...known.env, SSL_CERT_FILE: `${TOOLS}/ca.crt`, PGBACKREST_BETA: 'y' },
          files: {
            ...known.files,
            [TOOLS]: { folder: tools },
            '/usr/local/bin/patroni': { script: `exec /usr/bin/python3 -u ${TOOLS}/stand_in.py "$@"` },
          },
        },
      ],
    });
    s3 = await startS3(node.address, HOSTS, TOKEN, authority);
    await s3.bucket(BUCKET);
    for (const host of HOSTS) node.setName(host, node.address);
    // The pods mount a token, with which nobody here asks.
    node.setApiServer({ host: node.address, port: 6443, ca: authority.ca, token: async () => TOKEN });
    await node.apply(
      ...layer.stored,
      ...layer.all<Certificate>('Certificate').map(each => authority.issue(each)),
      ...layer.all<ExternalSecret>('ExternalSecret').map(each => secretOf(each)),
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace: NAMESPACE, name: TOKEN },
        stringData: { token: TOKEN },
      },
    );
    for (const ordinal of [0, 1]) servers.push(await start(ordinal));
    await until('both servers answer', async () => (await sql(0, 'select 1')) && (await sql(1, 'select 1')), 60);
  });

  afterAll(async () => {
    await s3?.stop();
    await node?.stop();
    authority?.remove();
    if (tools) rmSync(tools, { recursive: true });
  });

  function start(ordinal: number): Promise<RunningPod> {
    const pod = withRole(podOf(layer.pick<StatefulSet>('StatefulSet', 'database-staging'), ordinal), layer);
    const containers = pod.spec.containers.filter(({ name }) => name !== 'exporter');
    return node.startPod({ ...pod, spec: { ...pod.spec, containers } });
  }

  async function sql(server: number, text: string): Promise<string> {
    const line = ['psql', '-h', '/run/postgresql', '-U', 'postgres', '-Atqc', text];
    const { code, stdout, stderr } = await servers[server]!.exec(line);
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  async function info(server = 0) {
    const line = ['pgbackrest', '--stanza=shop-database', '--output=json', 'info'];
    const { stdout } = await servers[server]!.exec(line, { container: 'agent' });
    return JSON.parse(stdout)[0] as {
      status: { code: number };
      archive: { max: string }[];
      backup: { type: string; label: string; error: boolean }[];
    };
  }

  let runs = 0;
  async function run(kind: string, change: (pod: PodManifest) => PodManifest = pod => pod) {
    const job = layer.pick<CronJob>('CronJob', `database-backup-${kind}`);
    const pod = await node.startPod(change(withRole(podOfJob(job, runs++), layer)));
    const codes = await pod.finished();
    const text = pod.logs();
    await pod.stop(0);
    return { code: codes[job.metadata!.name!], text };
  }

  test('the agent makes the stanza and sees WAL arrive; copies in clouds that are gone are in nobody’s way', async () => {
    await until('the agent is done', () => servers[0]!.logs('agent').includes('WAL arrives'), 60);
    expect(await info()).toMatchObject({ status: { code: 2 } });
    expect(servers[1]!.logs('agent')).not.toContain('WAL arrives');
    await sql(0, 'create table orders (id bigint generated always as identity primary key, note text)');
    await sql(0, "insert into orders (note) select repeat('x', 100) from generate_series(1, 20000)");
  });

  test('a full, a differential and an incremental backup, from the server that follows', async () => {
    const lacking = new Set<string>();
    // Before there was a stanza it failed, as it must.
    const failed = await sql(0, 'select failed_count from pg_stat_archiver');
    for (const [kind, type] of [
      ['full', 'full'],
      ['differential', 'diff'],
      ['incremental', 'incr'],
    ] as const) {
      await sql(0, "insert into orders (note) values ('more')");
      const { code, text } = await run(kind);
      expect(code, text).toBe(0);
      expect(text).toMatch(/replay on the standby|wait for replay on the standby/);
      expect((await info()).backup.at(-1)).toMatchObject({ type, error: false });
      for (const [, option] of text.matchAll(/contains invalid option '([^']+)'/g)) lacking.add(option!);
    }
    await sql(0, 'select pg_switch_wal()');
    await until(
      'WAL leaves',
      () => sql(0, "select 1 from pg_stat_archiver where last_archived_time > now() - interval '10 s'"),
      60,
    );
    expect(await sql(0, 'select failed_count from pg_stat_archiver')).toBe(failed);
    console.warn(`backups.test.ts: options that pgBackRest 2.45 lacks: ${[...lacking].sort().join(', ') || 'none'}`);
  });

  test('who has another certificate gets nothing', async () => {
    const { code, text } = await run('full', pod => ({
      ...pod,
      spec: {
        ...pod.spec,
        volumes: pod.spec.volumes!.map(volume =>
          volume.name === 'tls'
            ? { ...volume, secret: { ...volume.secret, secretName: 'database-pooler-internal-tls' } }
            : volume,
        ),
      },
    }));
    expect(code).not.toBe(0);
    expect(text).toMatch(/access denied/);
  });

  test('after a switchover the same jobs back up, and without a follower the leader', async () => {
    const leader = servers[0]!;
    await leader.exec(['sh', '-c', 'printf database-staging-1 > /pgdata/follows']);
    await leader.exec(['sh', '-c', 'pg_ctl stop -D /pgdata/pg16 -m fast']);
    await servers[1]!.exec(['pg_ctl', 'promote', '-D', '/pgdata/pg16']);
    await until(
      'the new leader takes writes',
      () => sql(1, "insert into orders (note) values ('new') returning id"),
      30,
    );
    await until('the old one follows', () => sql(1, 'select 1 from pg_stat_replication'), 30);
    expect(await run('full')).toMatchObject({ code: 0 });
    await until('the agent there has made the stanza too', () => servers[1]!.logs('agent').includes('WAL arrives'), 90);

    await leader.stop(10);
    const { code, text } = await run('incremental');
    expect(code, text).toBe(0);
    expect(text).toContain('no member follows: from the primary');
    servers[0] = await start(0);
  });

  test('while the store is away WAL waits, and nobody notices; then it catches up', async () => {
    const before = await sql(1, 'select archived_count from pg_stat_archiver');
    s3.setAvailable(false);
    for (let segment = 0; segment < 5; segment++)
      await sql(1, "insert into orders (note) values ('away'); select pg_switch_wal()");
    const waiting = () => sql(1, "select count(*) from pg_ls_archive_statusdir() where name like '%.ready'");
    await until(
      'archiving fails',
      async () => Number(await sql(1, 'select failed_count from pg_stat_archiver')) > 0,
      90,
    );
    expect(Number(await waiting())).toBeGreaterThanOrEqual(5);
    expect(Number(await sql(1, 'select archived_count from pg_stat_archiver'))).toBeLessThan(Number(before) + 5);

    const last = await sql(1, 'select pg_walfile_name(pg_switch_wal())');
    s3.setAvailable(true);
    await until('all WAL is in the archive', async () => (await waiting()) === '0', 120);
    expect((await info(1)).archive.at(-1)!.max >= last).toBe(true);
  });

  test('a canary row says when it was written and what was there', async () => {
    const rows = await until(
      'there is one',
      () => sql(1, "select at, tables->'shop' from ops.backup_canary order by at"),
      80,
    );
    expect(rows).toContain('{');
  });

  test('a renewed certificate is served without a restart', async () => {
    const served = async () => {
      const line = 'openssl s_client -connect localhost:8432 </dev/null 2>/dev/null | openssl x509 -noout -serial';
      return (await servers[1]!.exec(['sh', '-c', line], { container: 'pgbackrest' })).stdout;
    };
    const before = await served();
    expect(before).toMatch(/serial=/);
    await node.apply(authority.issue(layer.pick<Certificate>('Certificate', 'database')));
    await until('another is served', async () => (await served()) !== before, 40);
    expect(servers[1]!.restarts('pgbackrest')).toBe(0);
    expect(await run('incremental')).toMatchObject({ code: 0 });
  });

  test('every role did what it may and nothing else: a database deletes nothing', () => {
    const used = new Map<string, Set<string>>();
    for (const { role, action, key } of s3.requests) {
      used.set(role, (used.get(role) ?? new Set()).add(action));
      expect(key.replace(/^\//, '')).toMatch(/^staging\/shop\/database\//);
    }
    const all = ['s3:DeleteObject', 's3:GetObject', 's3:ListBucket', 's3:PutObject'];
    expect([...used].map(([role, actions]) => [role, [...actions].sort()]).sort()).toEqual([
      ['staging.shop-data.database', all.slice(1)],
      ['staging.shop-data.database-backup', expect.arrayContaining(all.slice(1))],
    ]);
  });
});
