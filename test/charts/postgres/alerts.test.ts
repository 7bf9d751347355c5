import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RUNBOOKS } from '../../../charts/conventions.ts';
import { Cpu, Duration, Migration, type Site, Size } from '../../../charts/index.ts';
import type { PostgresProps } from '../../../charts/postgres/options.ts';
import type { Certificate, PodMonitor, PrometheusRule } from '../../../imports/custom.ts';
import { production } from '../../site.ts';
import { judged, rendered, service } from '../fixture.ts';
import { postgres } from './fixture.ts';

type Props = Partial<PostgresProps>;

const FOLLOWS: Partial<Site> = { role: 'standby', follows: production };
const ALONE: Props = { instances: 1, backups: undefined };
const MIGRATES: Props = { databases: { shop: { roles: { app: { may: 'own' }, migrations: { may: 'migrate' } } } } };

type Shop = ReturnType<typeof postgres>['shop'];

/** Alerts of a workload by name; of all, where none is named. */
function alertsOf(shop: Shop, workload?: string) {
  const rules = rendered(shop)
    .all.filter(({ kind, metadata }) => kind === 'PrometheusRule' && [undefined, metadata.name].includes(workload))
    .flatMap(each => (each as unknown as PrometheusRule).spec!.groups!.flatMap(group => group.rules!));
  return Object.fromEntries(rules.map(rule => [String(rule.alert), rule]));
}

const made = (props: Props = {}, site: Partial<Site> = {}, workload = 'database') =>
  alertsOf(postgres(props, site).shop, workload);

function migrating(writes: 'go on' | 'stop') {
  const { shop, database } = postgres(MIGRATES);
  new Migration(shop, 'migrate', {
    database,
    image: 'ghcr.io/shop/api:1.0.0',
    command: ['migrate'],
    writes,
    cpu: Cpu.millis(100),
    memory: Size.mebibytes(128),
    deadline: Duration.minutes(20),
  });
  return shop;
}

describe('numbers come from the database', () => {
  const threshold = (name: string, props?: Props, site?: Partial<Site>, workload?: string) =>
    made(props, site, workload)[name]?.annotations?.threshold;

  test.each<[string, string, Props]>([
    // 80 % of what superusers leave.
    ['PostgresConnectionsHigh', '77', {}],
    ['PostgresConnectionsHigh', '317', { parameters: { max_connections: 400 } }],
    ['PostgresConnectionsHigh', '72', { parameters: { superuser_reserved_connections: 10 } }],
    ['PostgresStandbyMissing', '2', {}],
    ['PatroniClusterDegraded', '5', { instances: 5 }],
    // A quarter of 20 GiB.
    ['PostgresReplicationSlotBloat', String(5 * 1024 ** 3), {}],
    // A day and two hours; with nothing but a full backup on Sundays, a week; what comes in between counts.
    ['PostgresBackupTooOld', String(26 * 3600), {}],
    ['PostgresBackupTooOld', String((7 * 24 + 2) * 3600), backups('0 2 * * 0')],
    ['PostgresBackupTooOld', String(26 * 3600), backups('0 2 * * 0', { differential: '0 3 * * *' })],
    ['PostgresBackupTooOld', String(26 * 3600), backups('0 2 * * 0', { differential: '0 2 * * 1-6' })],
  ])('%s: %s', (name, expected, props) => {
    expect(threshold(name, props)).toBe(expected);
  });

  test('no leader: a lease, a look and a scrape, in whole minutes', () => {
    const slow = {
      ttl: Duration.seconds(60),
      loopWait: Duration.seconds(20),
      retryTimeout: Duration.seconds(20),
    };
    expect(made().PatroniNoLeader).toMatchObject({ for: '2m' });
    expect(made({ failover: slow })).toMatchObject({
      PatroniNoLeader: { for: '2m' },
      PatroniDcsUnreachable: { annotations: { threshold: '120' } },
    });
  });

  test('pools and clients of the pooler', () => {
    const { PgbouncerPoolSaturated, PgbouncerClientLimitNear } = made(
      { pooler: { connections: 7, clients: 300 } },
      {},
      'database-pooler',
    );
    expect(PgbouncerPoolSaturated!.expr).toContain(') / 7 > 0.9');
    expect(PgbouncerClientLimitNear!.expr).toContain(' / 300 > 0.8');
  });

  test('a proof may be a day later than its schedule, and take four fifths of its objective', () => {
    const proof = made(backups('0 2 * * *', { proof: { within: Duration.hours(2) } }), {}, 'database-proof');
    expect(proof).toMatchObject({
      RestoreProofTooOld: { annotations: { threshold: String(8 * 86_400) } },
      RestoreProofSlow: { annotations: { threshold: '5760' } },
    });
  });
});

function backups(full: string, more: Partial<NonNullable<PostgresProps['backups']>> = {}): Props {
  return { backups: { full, keep: Duration.days(30), ...more } };
}

describe('who has which', () => {
  const REPLICATION = ['PostgresStandbyMissing', 'PostgresReplicationLag', 'PatroniReplicaNotStreaming'];

  test('one server alone has no followers to miss', () => {
    const names = Object.keys(made(ALONE, { tier: 'development' }));
    for (const name of [...REPLICATION, 'PatroniNoSyncStandby', 'PatroniFailoverHappened', 'PostgresServerDown'])
      expect(names).not.toContain(name);
    expect(names).toContain('PostgresDown');
  });

  test('without backups nobody waits for the archive', () => {
    const names = Object.keys(made({ backups: undefined }));
    expect(names.filter(name => /Wal|Backup/.test(name))).toEqual([]);
  });

  test('where it follows, somebody must lead as a standby, nobody may be primary, and nothing is archived', () => {
    const { objects } = rendered(postgres({}, FOLLOWS).shop);
    const alerts = made({}, FOLLOWS);
    expect(alerts.PatroniNoLeader!.expr).toContain('patroni_standby_leader');
    expect(alerts.PatroniSplitBrain!.expr).toMatch(/patroni_primary\{.*\}\) > 0$/);
    expect(alerts.PostgresReplicationSlotInactive!.expr).toContain('patroni_standby_leader');
    expect(alerts.PostgresReplicationLag!.annotations).toMatchObject({ threshold: '180' });
    expect(Object.keys(alerts).filter(name => /Wal|Backup|StandbyMissing|SyncStandby/.test(name))).toEqual([]);
    expect(objects).toHaveProperty('CronJob database-proof');
    expect(made({}, FOLLOWS, 'database-proof')).not.toHaveProperty('RestoreProofTooOld');
  });
});

describe('a migration', () => {
  test('that fails is news, one that is not taken back wakes somebody', () => {
    expect(alertsOf(migrating('go on'), 'migrate')).toMatchObject({
      MigrationFailed: { labels: { severity: 'P2', db: 'database' } },
      MigrationNotTakenBack: { labels: { severity: 'P1' }, expr: expect.stringContaining('job_name="migrate-undo"') },
    });
  });

  test('that stops writes may pause the pooler for as long as it may take', () => {
    expect(alertsOf(migrating('stop'), 'database-pooler').PgbouncerPaused).toMatchObject({ for: '20m' });
    expect(alertsOf(migrating('go on'), 'database-pooler').PgbouncerPaused).toMatchObject({ for: '5m' });
  });
});

test('the database, what belongs to it and who asks it carry its name', () => {
  const { shop, database } = postgres();
  service(shop, 'api', { env: { DATABASE_URL: database.poolerUrl } }).alert({
    name: 'ApiSlow',
    severity: 'P3',
    expr: 'api_slow{namespace="shop"} == 1',
    summary: 'slow',
    description: 'slow',
    why: 'so',
    runbook: 'shop/slow',
  });
  service(shop, 'stranger');
  for (const workload of ['database', 'database-pooler', 'database-proof'])
    for (const { labels } of Object.values(alertsOf(shop, workload))) expect(labels).toMatchObject({ db: 'database' });
  expect(alertsOf(shop, 'api').ApiSlow!.labels).toMatchObject({ db: 'database' });
  for (const { labels } of Object.values(alertsOf(shop, 'stranger'))) expect(labels).not.toHaveProperty('db');
});

test('Patroni is asked by TLS, under a name and with an authority of its own certificate', () => {
  const { objects } = rendered(postgres().shop);
  const { spec } = objects['PodMonitor database-patroni'] as unknown as PodMonitor;
  const { secretName, dnsNames } = (objects['Certificate database'] as unknown as Certificate).spec!;
  const [endpoint] = spec!.podMetricsEndpoints!;
  expect(endpoint).toMatchObject({ port: 'patroni', scheme: 'https' });
  expect(endpoint!.tlsConfig!.ca).toEqual({ secret: { name: secretName, key: 'ca.crt' } });
  expect(dnsNames).toContain(endpoint!.tlsConfig!.serverName);
});

test('the row that lag is told by comes as often as alerts think', () => {
  const text = (file: string) =>
    readFileSync(new URL(`../../../charts/postgres/agent/${file}`, import.meta.url), 'utf8');
  const seconds = ['canary.py', 'agent.py'].map(file => Number(/^EVERY = (\d+)$/m.exec(text(file))![1]));
  expect(made().PostgresReplicationLag!.annotations).toMatchObject({
    threshold: String(2 * (seconds[0]! + seconds[1]!)),
  });
});

test('each has a section in its page', () => {
  const all = { ...alertsOf(migrating('stop')), ...made({}, FOLLOWS), ...made({}, {}, 'database-proof') };
  const own = Object.entries(all).filter(([, { annotations }]) => annotations!.runbook_url!.includes('/postgres/'));
  expect(own.length).toBeGreaterThan(40);
  for (const [name, { annotations }] of own) {
    const [page, anchor] = annotations!.runbook_url!.slice(RUNBOOKS.length + 1).split('#');
    const text = readFileSync(new URL(`../../../runbooks/${page}`, import.meta.url), 'utf8');
    const [, section = ''] = new RegExp(`^## ${name}\\n(.*?)(?=^## |(?![^]))`, 'ms').exec(text) ?? [];
    expect(anchor).toBe(name.toLowerCase());
    for (const part of ['Meaning', 'Impact', 'See it', 'Do', 'Over when']) {
      expect(section, `${name} in ${page}`).toContain(`**${part}`);
    }
  }
});

test.each<[string, Props, Partial<Site>]>([
  ['writes', {}, {}],
  ['follows', {}, FOLLOWS],
  ['is alone', ALONE, { tier: 'development' }],
])('all laws hold where it %s', (_, props, site) => {
  expect(judged(postgres(props, site).shop)).toEqual([]);
});
