import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cpu, Postgres, type PostgresProps, Size } from '../../charts/index.ts';
import type { Certificate, ExternalSecret } from '../../imports/custom.ts';
import type { ConfigMap, Role } from '../../imports/kubernetes.ts';
import { rendered, system } from '../charts/fixture.ts';
import { layerFrom } from './pods/dist.ts';
import type { RunningPod } from './pods/pod.ts';
import { unavailable } from './pods/requirements.ts';
import { secretOf } from './pods/secrets.ts';
import { until } from './pods/until.ts';
import { type PostgresCluster, primaryOf, startCluster } from './postgres/cluster.ts';
import { longestGap, startWriter, type Writer } from './postgres/writer.ts';

const why = unavailable();
if (why) console.warn(`postgres.test.ts: ${why}; nothing here is tested`);

const CONTAINER = 'database';
const PATRONI = /bin\/patroni/;
const SERVERS = 3;

function layerWith(props: Partial<PostgresProps> = {}) {
  const shop = system();
  new Postgres(shop, 'database', {
    version: '16',
    instances: SERVERS,
    cpu: Cpu.millis(500),
    memory: Size.mebibytes(512),
    storage: Size.gibibytes(2),
    ...props,
  });
  return layerFrom('shop', Object.values(rendered(shop).objects));
}

const layer = layerWith();
const password = secretOf(layer.pick<ExternalSecret>('ExternalSecret', 'database')).stringData!.shop_app_1!;
const seconds = () => Date.now() / 1000;

describe.skipIf(why)('three servers under a client that writes all the time', () => {
  let cluster: PostgresCluster;
  let writer: Writer;
  const writers: Writer[] = [];

  const write = (host: string) => {
    const made = startWriter({
      hosts: [host],
      database: 'shop',
      user: 'shop_app_1',
      password,
      first: 1_000_000 * writers.length,
    });
    writers.push(made);
    return made;
  };
  const ordinalOf = (pod: RunningPod) => cluster.servers.indexOf(pod);
  const switchTo = async (candidate: RunningPod) => {
    const leader = await cluster.leader();
    if (leader === candidate) return;
    const body = { leader: leader.name, candidate: candidate.name };
    expect(await cluster.patroni(leader, '/switchover', 'POST', body)).toMatchObject({ status: 200 });
    await cluster.settled();
  };
  /** Of all that any client was told is there, what is not. */
  const lost = async () => {
    // First what was acknowledged: rows go on coming.
    const told = writers.flatMap(({ acknowledged }) => [...acknowledged]);
    const ids = await cluster.sql(await cluster.leader(), "select string_agg(id::text, ' ') from w", 'shop');
    const there = new Set(ids.split(' '));
    return told.filter(({ id }) => !there.has(String(id)));
  };
  const tell = (what: string, since: number) =>
    console.log(
      `${what}: longest pause ${longestGap(writer.acknowledged, since).toFixed(1)} s, ${writer.acknowledged.length} rows`,
    );

  beforeAll(async () => {
    const began = seconds();
    cluster = await startCluster({
      layer,
      statefulSet: 'database-staging',
      kubernetes: '1.36',
      // The first server is never restarted for hanging: what protects the data then is the quorum alone.
      changed: pod => (pod.metadata.name.endsWith('-0') ? withoutLiveness(pod) : pod),
    });
    await cluster.settled();
    await until('all are ready', () => cluster.servers.every(server => server!.ready));
    console.log(`three servers stream and are ready after ${(seconds() - began).toFixed(0)} s`);
    const ddl = 'set role shop_app; create table w (id bigint primary key, at timestamptz default clock_timestamp())';
    await until(
      'the login is there',
      async () => (await cluster.sql(await cluster.leader(), ddl, 'shop')) !== undefined,
    );
    writer = write(cluster.node.serviceAddress(primaryOf(layer)));
    await until('rows are written', () => writer.acknowledged.length > 100);
  }, 240_000);
  afterAll(async () => {
    for (const { stop } of writers) stop();
    await cluster?.stop();
  });

  beforeEach(() => cluster.settled());
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    console.log(task.result.errors?.map(({ message }) => message).join('\n'));
    for (const server of cluster.servers)
      for (const container of [CONTAINER, 'agent'])
        console.log(server?.name, container, server?.logs(container).slice(-3000));
  });

  it('switches over within ten seconds', async () => {
    const since = seconds();
    const leader = await cluster.leader();
    await switchTo(cluster.servers.find(server => server !== leader)!);
    tell('switchover', since);
    expect(longestGap(writer.acknowledged, since)).toBeLessThan(10);
    expect(await lost()).toEqual([]);
  }, 60_000);

  it('hands over when the leader’s pod is deleted', async () => {
    const since = seconds();
    const ordinal = ordinalOf(await cluster.leader());
    await cluster.end(ordinal);
    await cluster.start(ordinal);
    await cluster.settled();
    tell('leader’s pod deleted', since);
    expect(longestGap(writer.acknowledged, since)).toBeLessThan(15);
    expect(await lost()).toEqual([]);
  }, 120_000);

  it('waits for a follower that goes no longer than until it is off the list', async () => {
    const since = seconds();
    const leader = await cluster.leader();
    const ordinal = cluster.servers.findIndex(server => server !== leader);
    await cluster.end(ordinal, 0);
    await until(
      'rows are written without it',
      () => writer.acknowledged.at(-1)!.at > seconds() - 0.5 && seconds() > since + 12,
      60,
    );
    tell('follower’s node dead', since);
    expect(longestGap(writer.acknowledged, since)).toBeLessThan(30);
    await cluster.start(ordinal);
    await cluster.settled();
    expect(await lost()).toEqual([]);
  }, 120_000);

  it('goes on within a minute when the leader’s node dies, and takes it back', async () => {
    const since = seconds();
    const ordinal = ordinalOf(await cluster.leader());
    await cluster.end(ordinal, 0);
    await until(
      'rows are written again',
      () => writer.acknowledged.at(-1)!.at > seconds() - 1 && seconds() > since + 5,
      60,
    );
    tell('leader’s node dead', since);
    expect(longestGap(writer.acknowledged, since)).toBeLessThan(60);
    expect(await lost()).toEqual([]);
    await cluster.start(ordinal);
    await cluster.settled();
    expect(await lost()).toEqual([]);
  }, 180_000);

  it('never has two that acknowledge while Patroni hangs and nobody restarts it', async () => {
    const [old] = cluster.servers as [RunningPod];
    await switchTo(old);
    const stale = write(old.ip);
    await until('the second client writes', () => stale.acknowledged.length > 10);
    const since = seconds();
    expect(old.pause(CONTAINER, PATRONI)).toBeGreaterThan(0);
    const leader = await cluster.leader();
    expect(leader).not.toBe(old);
    const changed = seconds();
    await sleep(5_000);
    tell('Patroni hangs', since);
    expect(stale.acknowledged.filter(({ at }) => at > changed)).toEqual([]);
    expect(longestGap(writer.acknowledged, since)).toBeLessThan(60);
    old.resume(CONTAINER);
    stale.stop();
    await cluster.settled();
    expect(await lost()).toEqual([]);
  }, 180_000);

  it('is restarted where the kubelet looks after it', async () => {
    const leader = await cluster.leader();
    expect(leader).not.toBe(cluster.servers[0]);
    const since = seconds();
    const before = leader.restarts(CONTAINER);
    leader.pause(CONTAINER, PATRONI);
    await until('its container is restarted', () => leader.restarts(CONTAINER) > before, 90);
    console.log(`restarted ${(seconds() - since).toFixed(0)} s after it hung`);
    await cluster.settled();
    tell('Patroni hangs and is restarted', since);
    expect(longestGap(writer.acknowledged, since)).toBeLessThan(60);
    expect(await lost()).toEqual([]);
  }, 180_000);

  it('goes on while the API server is away for a minute, and serves a certificate that is renewed meanwhile', async () => {
    const { node, api, authority } = cluster;
    const since = seconds();
    const began = await starts();
    const before = await served();
    api.control.pause();
    await node.apply(authority.issue(layer.pick<Certificate>('Certificate', 'database')));
    await until(
      'all serve the new certificate',
      async () => (await served()).every((now, index) => now !== before[index]),
      30,
    );
    console.log(`new certificate served after ${(seconds() - since).toFixed(0)} s`);
    expect(await starts()).toEqual(began);
    await sleep(Math.max(0, since + 60 - seconds()) * 1000);
    api.control.resume();
    tell('API server away', since);
    expect(longestGap(writer.acknowledged, since)).toBeLessThan(5);
    await cluster.settled();
    expect(await lost()).toEqual([]);
  }, 150_000);

  it('tells Prometheus what operators watch: how far followers are behind, and how old the archive is', async () => {
    const { stdout } = await (await cluster.leader()).exec(['curl', '-s', 'http://127.0.0.1:9187/metrics'], {
      container: 'agent',
    });
    for (const series of [
      'pg_up 1',
      'pg_stat_replication_pg_wal_lsn_diff{',
      'pg_stat_archiver_last_archive_age{',
      'pg_replication_slots_pg_wal_lsn_diff{',
    ])
      expect(stdout).toContain(series);
  });

  it('takes changed settings, one that needs a restart too, server by server', async () => {
    const since = seconds();
    const changed = layerWith({ parameters: { log_min_duration_statement: '7s', max_connections: 110 } });
    await cluster.node.apply(changed.pick<ConfigMap>('ConfigMap', 'database-patroni'));
    await until('all have them', async () => (await settings()).every(each => each === '7s 110'), 120);
    tell('settings changed', since);
    expect(longestGap(writer.acknowledged, since)).toBeLessThan(30);
    expect(await lost()).toEqual([]);
  }, 150_000);

  it('asks the API server for what its Role allows, all of it and nothing else', () => {
    const asked = cluster.api.control.audited().filter(({ user }) => user.username.endsWith(':database'));
    expect(asked.filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
    const used = new Set(asked.map(({ verb, objectRef }) => `${verb} ${objectRef?.resource} ${objectRef?.name ?? ''}`));
    const allowed = layer
      .pick<Role>('Role', 'database')
      .rules!.flatMap(({ verbs, resources = [], resourceNames }) =>
        verbs.flatMap(verb =>
          resources.flatMap(resource => (resourceNames ?? [undefined]).map(name => ({ verb, resource, name }))),
        ),
      );
    const unused = allowed.filter(({ verb, resource, name }) =>
      name === undefined
        ? ![...used].some(each => each.startsWith(`${verb} ${resource} `))
        : !used.has(`${verb} ${resource} ${name}`),
    );
    expect(unused).toEqual([]);
  });

  /** The certificates of both ports of each server, as one text a server. */
  async function served(): Promise<string[]> {
    const ask = (port: number, how: string) =>
      `echo | openssl s_client ${how} -connect 127.0.0.1:${port} 2>/dev/null | openssl x509 -noout -serial`;
    return Promise.all(
      cluster.servers.map(async server => {
        const script = `${ask(5432, '-starttls postgres')}; ${ask(8008, '')}`;
        const { stdout } = await server!.exec(['sh', '-c', script], { container: 'agent' });
        const [postgres, patroni] = stdout.trim().split('\n');
        return postgres === patroni ? postgres! : 'two';
      }),
    );
  }

  function starts(): Promise<string[]> {
    return Promise.all(cluster.servers.map(server => cluster.sql(server!, 'select pg_postmaster_start_time()')));
  }

  function settings(): Promise<string[]> {
    const asked = "select current_setting('log_min_duration_statement') || ' ' || current_setting('max_connections')";
    return Promise.all(cluster.servers.map(server => cluster.sql(server!, asked)));
  }
});

function withoutLiveness<T extends { spec: { containers: readonly { name: string }[] } }>(pod: T): T {
  const containers = pod.spec.containers.map(each =>
    each.name === CONTAINER ? { ...each, livenessProbe: undefined } : each,
  );
  return { ...pod, spec: { ...pod.spec, containers } };
}
