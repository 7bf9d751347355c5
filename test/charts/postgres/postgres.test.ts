import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Cpu, Duration, type PostgresProps, type Site, Size } from '../../../charts/index.ts';
import { synchronousNodes } from '../../../charts/postgres/patroni.ts';
import type { Certificate } from '../../../imports/custom.ts';
import type { ConfigMap, Role, Service, StatefulSet } from '../../../imports/kubernetes.ts';
import { production } from '../../site.ts';
import { judged, rendered } from '../fixture.ts';
import { postgres } from './fixture.ts';

function made(props: Partial<PostgresProps> = {}, site: Partial<Site> = {}) {
  const { objects, findings } = rendered(postgres(props, site).shop);
  expect(findings).toEqual([]);
  const pick = <T>(what: string) => objects[what] as unknown as T;
  const { 'patroni.yaml': text = '', 'dynamic.json': json = '' } = pick<ConfigMap>('ConfigMap database-patroni').data!;
  const pod = pick<StatefulSet>('StatefulSet database-staging').spec!.template.spec!;
  return { pick, objects, pod, text, patroni: parse(text, { version: '1.1' }), dynamic: JSON.parse(json) };
}

const DEVELOPMENT = { tier: 'development' } as const;

test.each<[string, Partial<PostgresProps>, Partial<Site>]>([
  ['three servers', {}, {}],
  ['two', { instances: 2 }, {}],
  ['one, without backups', { instances: 1, backups: undefined }, DEVELOPMENT],
  ['four in production', { instances: 4 }, { ...production, role: 'primary' }],
  ['a standby', {}, { ...production, role: 'standby', follows: production, name: 'elsewhere' }],
])('%s: no law has anything against it', (_, props, site) => {
  expect(judged(postgres(props, site).shop)).toEqual([]);
});

describe('Patroni', () => {
  test('is told of nothing that could change while it runs: labels by which members find each other', () => {
    const { patroni, pod, pick } = made();
    const { labels, scope_label: scopeLabel } = patroni.kubernetes;
    expect({ ...labels, [scopeLabel]: patroni.scope }).toEqual({
      'app.kubernetes.io/part-of': 'shop',
      'app.kubernetes.io/instance': 'database',
    });
    const template = pick<StatefulSet>('StatefulSet database-staging').spec!.template.metadata!.labels;
    expect(template).toMatchObject({ ...labels, [scopeLabel]: patroni.scope });
    expect(pod.containers[0]!.command).toEqual(['patroni', '/etc/drydock/patroni/patroni.yaml']);
  });

  test('waits for a quorum where there are followers, and for nobody where there is none', () => {
    expect(made().dynamic).toMatchObject({ synchronous_mode: 'quorum', synchronous_mode_strict: false });
    expect(made({ instances: 2 }).dynamic).toMatchObject({ synchronous_mode: 'quorum', synchronous_node_count: 1 });
    expect(made({ instances: 1 }, DEVELOPMENT).dynamic).toMatchObject({ synchronous_mode: false });
    // Fewer than all, and a leader that hangs acknowledges beside its successor.
    expect([1, 2, 3, 4, 5].map(synchronousNodes)).toEqual([1, 1, 2, 3, 4]);
  });

  test('begins with what its agents will hold it to', () => {
    const { patroni, dynamic } = made({ parameters: { jit: true, work_mem: '16MB' } });
    expect(patroni.bootstrap.dcs).toEqual(dynamic);
    expect(dynamic.postgresql.parameters).toMatchObject({ jit: 'on', work_mem: '16MB', archive_command: 'false' });
  });

  test('knows no password: members come by certificate, programs of the pod by the socket', () => {
    const { text, patroni } = made();
    expect(text).not.toMatch(/password:/);
    expect(patroni.postgresql.pg_hba).toEqual([
      'local all postgres peer',
      'local all monitor peer map=pods',
      'local replication replicator peer map=pods',
      'hostssl replication replicator all cert map=pods',
      'hostssl postgres rewinder all cert map=pods',
      'host all replicator,rewinder,monitor,postgres all reject',
      'hostssl all all all scram-sha-256',
    ]);
    expect(patroni.postgresql.pg_ident).toContain('pods database.shop-data replicator');
  });

  test('takes changes from members only, and has no list besides: it would refuse /failsafe, and an API server away would be an outage', () => {
    const { restapi } = made().patroni;
    expect(restapi).toMatchObject({
      verify_client: 'optional',
      allowlist_include_members: true,
      listen: '0.0.0.0:8008',
    });
    expect(restapi).not.toHaveProperty('allowlist');
  });

  test('gives WAL up where there is no archive, so that it does not fill the volume', () => {
    const { patroni } = made({ backups: undefined });
    expect(patroni.postgresql.parameters.archive_command).toBe('true');
    expect(patroni.postgresql.create_replica_methods).toEqual(['basebackup']);
  });

  test('may do what it was seen to ask, on objects by their names', () => {
    expect(made({ instances: 2 }).pick<Role>('Role database').rules).toEqual([
      {
        apiGroups: [''],
        resourceNames: ['database-config', 'database-failover', 'database-leader', 'database-sync'],
        resources: ['configmaps'],
        verbs: ['patch'],
      },
      { apiGroups: [''], resourceNames: ['database-leader'], resources: ['configmaps'], verbs: ['get'] },
      {
        apiGroups: [''],
        resourceNames: ['database-staging-0', 'database-staging-1'],
        resources: ['pods'],
        verbs: ['patch'],
      },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'list', 'watch'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
    ]);
  });
});

describe('the pod', () => {
  test('is asked in Patroni’s rhythm; one that hangs gets ten seconds, one that stops ten minutes', () => {
    const failover = { ttl: Duration.seconds(20), loopWait: Duration.seconds(5), retryTimeout: Duration.seconds(5) };
    const { pod } = made({ failover });
    const [{ livenessProbe, readinessProbe }] = pod.containers as [(typeof pod.containers)[0]];
    expect(livenessProbe).toMatchObject({ periodSeconds: 5, failureThreshold: 4, terminationGracePeriodSeconds: 10 });
    expect(readinessProbe).toMatchObject({ httpGet: { path: '/readiness', scheme: 'HTTPS' } });
    expect(pod.terminationGracePeriodSeconds).toBe(600);
  });

  test('has memory for parallel queries, and the token in no container but Patroni’s', () => {
    const { pod } = made();
    expect(pod.volumes).toContainEqual({ name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: '512Mi' } });
    const withToken = pod.containers.filter(each => each.volumeMounts?.some(({ name }) => name === 'api-token'));
    expect(withToken.map(({ name }) => name)).toEqual(['database']);
  });

  test('has a certificate with every name that it is called by', () => {
    expect(made().pick<Certificate>('Certificate database').spec).toMatchObject({
      commonName: 'database.shop-data',
      dnsNames: [
        '*.database-pods.shop-data.svc.cluster.local',
        'database-replica.shop-data.svc',
        'database-replica.shop-data.svc.cluster.local',
        'database.shop-data.svc',
        'database.shop-data.svc.cluster.local',
      ],
    });
  });
});

describe('Services', () => {
  const selectorOf = (name: string, site?: Partial<Site>) =>
    made({}, site).pick<Service>(`Service ${name}`).spec!.selector;

  test('lead by the role that Patroni writes', () => {
    expect(selectorOf('database')).toEqual({ 'app.kubernetes.io/instance': 'database', role: 'primary' });
    expect(selectorOf('database-replica')).toEqual({ 'app.kubernetes.io/instance': 'database', role: 'replica' });
  });

  test('where all follow another cluster, readers may go to any and writers to none', () => {
    const site = { role: 'replica', follows: production } as const;
    expect(selectorOf('database', site)).toHaveProperty('role', 'primary');
    expect(selectorOf('database-replica', site)).toEqual({ 'app.kubernetes.io/instance': 'database' });
  });
});

test('settings follow memory and volume; an author’s own go before them', () => {
  const sized = { memory: Size.gibibytes(16), storage: { created: Size.gibibytes(10), now: Size.gibibytes(100) } };
  const { parameters } = made(sized).dynamic.postgresql;
  expect(parameters).toMatchObject({
    shared_buffers: '4096MB',
    effective_cache_size: '12288MB',
    maintenance_work_mem: '1024MB',
    work_mem: '40MB',
    max_wal_size: '8192MB',
    max_slot_wal_keep_size: '51200MB',
  });
  expect(made({ ...sized, parameters: { shared_buffers: '6GB' } }).dynamic.postgresql.parameters.shared_buffers).toBe(
    '6GB',
  );
  // Memory for all connections that there may be.
  const twice = made({ ...sized, parameters: { max_connections: 200 } }).dynamic.postgresql.parameters;
  expect(twice).toMatchObject({ max_connections: 200, work_mem: '20MB' });
});

test('says which data it leads to, so that another version or archive is noticed', () => {
  const { pick } = made();
  const holds = (name: string) => pick<ConfigMap>(`ConfigMap database-${name}`).metadata.annotations?.['drydock/holds'];
  expect(holds('patroni')).toBe('staging shop-data/database-staging/pgdata/pg16');
  expect(holds('pgbackrest')).toBe('s3://test-backups/staging/shop/database shop-database');
});

test('a change of the image’s recipe has a number of its own', () => {
  const recipe = readFileSync('charts/postgres/image/Dockerfile');
  // Changed it? Raise RECIPE in charts/postgres/image.ts, and write both here.
  expect([made().pod.containers[0]!.image, createHash('sha256').update(recipe).digest('hex').slice(0, 12)]).toEqual([
    'ghcr.io/drydock/postgres:16-1',
    'd4fd8322cefa',
  ]);
});

const failover = (ttl: number, loopWait: number, retryTimeout: number) => ({
  failover: {
    ttl: Duration.seconds(ttl),
    loopWait: Duration.seconds(loopWait),
    retryTimeout: Duration.seconds(retryTimeout),
  },
});

test.each<[Partial<PostgresProps>, string]>([
  [{ version: '15' as never }, 'shop/database: version is "15"; the image\'s recipe has 16 and 17'],
  [{ instances: 0 }, 'instances is 0; give a whole number from 1'],
  [{ instances: '3' as never }, 'instances is "3"'],
  [{ replicas: 3 } as never, 'replicas is no option'],
  [{ patch: { deployment: () => {} } as never }, 'patch.deployment is no option'],
  [{ memory: undefined as never }, 'memory is missing'],
  [{ cpu: Cpu.millis(0) }, 'give at least one thousandth of a core'],
  [{ storage: Size.mebibytes(0) }, 'storage.created is 0 MiB'],
  [{ storage: { created: Size.gibibytes(20), now: Size.gibibytes(10) } }, 'a volume only grows'],
  [failover(30, 10, 11), 'failover.loopWait and twice retryTimeout are 32 s, and ttl 30'],
  [failover(10, 2, 3), 'failover.ttl is 10 s; give at least 20'],
  [{ failover: { ttl: 30 } as never }, 'failover.ttl is 30; write Duration.seconds(20)'],
  [{ parameters: { archive_mode: false } }, 'parameters.archive_mode is settled here'],
  [{ parameters: { ssl_ca_file: '/ca' } }, 'parameters.ssl_ca_file is settled here'],
  [{ parameters: { 'Work-Mem': 1 } }, 'parameters.Work-Mem is no setting of PostgreSQL'],
  [{ parameters: { work_mem: Number.NaN } }, 'parameters.work_mem is null'],
  [{ parameters: { shared_buffers: '64GB' } }, 'parameters.shared_buffers is 64GB of'],
  [{ parameters: { max_connections: '200' } }, 'parameters.max_connections is "200"; give a whole number'],
])('refuses %j', (props, reason) => {
  expect(() => made(props)).toThrow(reason);
});

test.each<[Partial<PostgresProps>, string]>([
  [{ instances: 1 }, 'instances is 1 in production; give at least 2'],
  [{ backups: undefined }, 'it has no backups in production; give backups'],
])('production is refused %j', (props, reason) => {
  expect(() => postgres(props, { ...production, role: 'primary' })).toThrow(reason);
});
