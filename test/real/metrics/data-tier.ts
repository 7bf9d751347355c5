import { Cpu, Postgres, Size } from '../../../charts/index.ts';
import type { ConfigMap, Deployment } from '../../../imports/kubernetes.ts';
import { rendered, system } from '../../charts/fixture.ts';
import { createAuthority } from '../pods/certificates.ts';
import { layerFrom, podOfDeployment } from '../pods/dist.ts';
import { startNode } from '../pods/node.ts';
import { until } from '../pods/until.ts';
import { startCluster } from '../postgres/cluster.ts';
import { apply, converged, deploymentOf, layer, startServer } from '../redis/fixture.ts';
import { Fixture } from '../redis-cluster/fixture.ts';
import { scraped } from './scrape.ts';

export interface DatabaseAnswers {
  readonly exporter: string;
  readonly patroni: string;
  readonly pooler: string;
}

/** What is said of a database of three servers that stream, after a little traffic. */
export async function database(): Promise<DatabaseAnswers> {
  const shop = system();
  new Postgres(shop, 'database', {
    version: '16',
    instances: 3,
    cpu: Cpu.millis(500),
    memory: Size.mebibytes(512),
    storage: Size.gibibytes(2),
  });
  const of = layerFrom('shop', rendered(shop).all);
  const cluster = await startCluster({ layer: of, statefulSet: 'database-staging', kubernetes: '1.36' });
  try {
    await cluster.settled();
    const leader = await cluster.leader();
    await cluster.sql(leader, 'create table t (id int); insert into t values (1); select pg_switch_wal()', 'shop');
    await cluster.node.apply(forThisPgBouncer(of.pick<ConfigMap>('ConfigMap', 'database-pooler')));
    const pods = podOfDeployment(of.pick<Deployment>('Deployment', 'database-pooler'));
    const pooler = await cluster.node.startPod(pods, { kubelet: true });
    const servers = cluster.servers.flatMap(server => server ?? []);
    await until('all are ready', () => [pooler, ...servers].every(({ ready }) => ready), 60);
    await until('the pooler is asked', async () => /^pgbouncer_up 1$/m.test(await scraped(of, pooler)));
    const patroni = await Promise.all(servers.map(server => cluster.patroni(server, '/metrics')));
    return {
      exporter: as020(await scraped(of, ...servers)),
      patroni: patroni.map(({ body }) => body).join('\n'),
      pooler: await scraped(of, pooler),
    };
  } finally {
    await cluster.stop();
  }
}

/** What is said of three servers with Sentinels and a proxy. */
export async function sentinels(): Promise<{ exporter: string; proxy: string }> {
  const cache = layer();
  const authority = createAuthority();
  const node = await startNode();
  try {
    await apply(node, cache, authority);
    const pods = await Promise.all([0, 1, 2].map(ordinal => startServer(node, cache, ordinal)));
    await until('one primary, and all agree', () => converged(pods), 90);
    const proxy = await node.startPod(podOfDeployment(deploymentOf(cache, 'cache-proxy')), { kubelet: true });
    await until('all are ready', () => [proxy, ...pods].every(({ ready }) => ready), 60);
    return { exporter: await scraped(cache, ...pods), proxy: await scraped(cache, proxy) };
  } finally {
    await node.stop();
    authority.remove();
  }
}

/** What is said of three shards with a copy each. */
export async function shards(): Promise<string> {
  const fixture = await Fixture.start();
  try {
    await fixture.startPods(0, 1, 2, 3, 4, 5);
    await fixture.whole(3);
    return await scraped(fixture.layer, ...fixture.pods);
  } finally {
    await fixture.stop();
  }
}

/** A setting that PgBouncer 1.18 does not know is left out. */
function forThisPgBouncer(map: ConfigMap): ConfigMap {
  const file = 'etc_pgbouncer_pgbouncer.ini';
  return { ...map, data: { ...map.data, [file]: map.data![file]!.replace(/^max_prepared_statements .*\n/m, '') } };
}

/**
 * What postgres_exporter 0.19, which is built here, says, as 0.20 of the image says it: five series of slots are called otherwise, and the
 * former default metrics have no label `server` any more (its CHANGELOG, 0.20.0).
 */
function as020(text: string): string {
  return text
    .replace(/\bpg_replication_slot_(?=slot_|safe_|wal_)/g, 'pg_replication_slots_')
    .replace(/([{,])server="[^"]*",?/g, '$1');
}
