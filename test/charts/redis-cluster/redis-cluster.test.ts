import { describe, expect, test } from 'vitest';
import { type Site, Size } from '../../../charts/index.ts';
import type { RedisClusterProps } from '../../../charts/redis-cluster/options.ts';
import { RedisCluster } from '../../../charts/redis-cluster/redis-cluster.ts';
import type { CronJob, Deployment, NetworkPolicy, StatefulSet } from '../../../imports/kubernetes.ts';
import { judged, rendered, service, system } from '../fixture.ts';

const PROPS: RedisClusterProps = {
  shards: 3,
  memory: Size.gibibytes(2),
  eviction: 'allkeys-lru',
  storage: Size.gibibytes(5),
};

function made(props: Partial<RedisClusterProps> = {}, site: Partial<Site> = {}) {
  const shop = system(site);
  const cache = new RedisCluster(shop, 'cache', { ...PROPS, ...props });
  return { shop, cache };
}

const objectsOf = (props: Partial<RedisClusterProps> = {}, site: Partial<Site> = {}) =>
  rendered(made(props, site).shop).objects;
const texts = (props: Partial<RedisClusterProps> = {}) =>
  objectsOf(props)['ConfigMap cache-config']!.data as Record<string, string>;
const setOf = (props: Partial<RedisClusterProps> = {}) =>
  (objectsOf(props)['StatefulSet cache'] as unknown as StatefulSet).spec!;

describe('every law holds', () => {
  test('for three shards with clients of both kinds', () => {
    const { shop, cache } = made({ logins: { app: {}, reports: { may: 'read', password: 2 } } });
    service(shop, 'web', { env: { CACHE_URL: cache.url } });
    service(shop, 'api', { env: cache.login('reports').nodes('CACHE') });
    expect(judged(shop)).toEqual([]);
  });

  test('in production, with two copies and a dump to bring back', () => {
    const { shop } = made(
      { replicas: 2, restoreFrom: { at: '2026-11-20T10:00:00Z', id: 'old' } },
      { tier: 'production' },
    );
    expect(judged(shop).filter(each => !each.startsWith('nodes-hold'))).toEqual([]);
  });

  test('without copies in development', () => {
    expect(judged(made({ replicas: 0 }, { tier: 'development' }).shop)).toEqual([]);
  });
});

describe('a cluster', () => {
  test('has a pod and a volume for each node', () => {
    const objects = objectsOf({ shards: 4, replicas: 2 });
    expect((objects['StatefulSet cache'] as unknown as StatefulSet).spec!.replicas).toBe(12);
    expect(Object.keys(objects).filter(name => name.startsWith('PersistentVolumeClaim'))).toHaveLength(12);
  });

  test('opens its two ports among its nodes, and one to whoever is given its address', () => {
    const { shop, cache } = made();
    service(shop, 'web', { env: { CACHE_URL: cache.url } });
    const { spec } = rendered(shop).objects['NetworkPolicy cache'] as unknown as NetworkPolicy;
    const open = spec!.ingress!.map(({ from, ports }) => {
      const labels = from![0]!.podSelector?.matchLabels ?? {};
      return `${Object.values(labels).join()} ${ports!.map(({ port }) => port).join()}`;
    });
    expect(open.filter(each => /^cache |^web /.test(each)).sort()).toEqual(['cache 16379', 'cache 6379', 'web 6379']);
  });

  test('speaks TLS on every way, goes by names, and lets a lost shard be lost alone', () => {
    const lines = texts()['redis.conf']!.split('\n');
    for (const line of [
      'port 0',
      'tls-cluster yes',
      'tls-replication yes',
      'cluster-enabled yes',
      'cluster-node-timeout 5000',
      'cluster-preferred-endpoint-type hostname',
      'cluster-require-full-coverage no',
      'appendonly yes',
    ])
      expect(lines).toContain(line);
  });

  test('goes on writing while its one copy restarts; of two copies one must follow', () => {
    expect(texts()['redis.conf']).toContain('min-replicas-to-write 0\n');
    expect(texts({ replicas: 2 })['redis.conf']).toContain('min-replicas-to-write 1\n');
  });

  test('rolls no pod when it grows', () => {
    const [three, four] = [setOf(), setOf({ shards: 4 })];
    expect(four.template).toEqual(three.template);
    expect(four.replicas).toBe(8);
    expect(texts({ shards: 4 })['settings.sh']).toContain('SHARDS=4\n');
  });

  test('serves a certificate for every name that a client is sent to', () => {
    const { spec } = objectsOf()['Certificate cache'] as unknown as { spec: { dnsNames: string[] } };
    expect(spec.dnsNames).toEqual([
      '*.cache-pods.shop-data.svc.cluster.local',
      'cache.shop-data.svc',
      'cache.shop-data.svc.cluster.local',
      'localhost',
    ]);
  });

  test('takes three generations of what its pods share, and uses the last but one', () => {
    const data = texts({ password: 4 });
    expect(data['users.acl']).toMatch(
      /^user cluster on @cluster-4@ @cluster-3@ @cluster-2@ resetchannels -@all \+ping /m,
    );
    expect(data['settings.sh']).toContain('USED=3\n');
  });

  test('lets clients ask who has what, and its scripts no more than they need', () => {
    const users = texts({ logins: { reports: { may: 'read' } } })['users.acl']!.split('\n');
    expect(users.find(line => line.startsWith('user reports_1'))).toContain('+cluster|slots');
    expect(users.find(line => line.startsWith('user cluster'))).toBe(
      'user cluster on @cluster-1@ resetchannels -@all +ping +cluster|nodes +cluster|failover +cluster|forget',
    );
  });

  test('is dumped shard by shard, and moves slots and dumps only by hand', () => {
    const objects = objectsOf({ restoreFrom: { at: '2026-11-20T10:00:00Z' } });
    const job = (name: string) => (objects[`CronJob ${name}`] as unknown as CronJob).spec!;
    const env = (name: string) =>
      Object.fromEntries(
        job(name).jobTemplate.spec!.template.spec!.containers[0]!.env!.map(each => [each.name, each.value]),
      );
    expect(job('cache-backup').suspend).toBe(false);
    expect(env('cache-backup').PRIMARIES).toBe('3');
    for (const name of ['cache-rebalance', 'cache-restore']) expect(job(name).suspend).toBe(true);
    expect(env('cache-restore')).toMatchObject({ FOLDER: 'staging/shop/cache/2026/11/20', HOUR: '10' });
  });
});

describe('a client', () => {
  test('gets an address with a login, and the authority beside', () => {
    const { shop, cache } = made();
    service(shop, 'web', { env: { CACHE_URL: cache.url } });
    const { spec } = rendered(shop).objects['Deployment web'] as unknown as Deployment;
    const env = Object.fromEntries(spec!.template.spec!.containers[0]!.env!.map(each => [each.name, each.value]));
    expect(env.CACHE_URL).toBe('rediss://app_1:$(CACHE_URL_PASSWORD)@cache.shop-data.svc:6379');
    expect(env.CACHE_URL_CA_FILE).toBe('/etc/drydock/tls/ca.crt');
  });

  test('gets the nodes by the names of their certificates', () => {
    const { shop, cache } = made();
    service(shop, 'web', { env: cache.nodes('CACHE') });
    const { spec } = rendered(shop).objects['Deployment web'] as unknown as Deployment;
    const env = Object.fromEntries(spec!.template.spec!.containers[0]!.env!.map(each => [each.name, each.value]));
    expect(env.CACHE_NODES!.split(',')).toHaveLength(6);
    expect(env.CACHE_NODES).toContain('cache-5.cache-pods.shop-data.svc.cluster.local:6379');
    expect(env.CACHE_USER).toBe('app_1');
  });
});

describe('refused', () => {
  const refused: [string, Partial<RedisClusterProps>, Partial<Site>, RegExp][] = [
    ['two shards', { shards: 2 }, {}, /^shop\/cache: shards is 2; give a whole number from 3/],
    ['half a shard', { shards: 3.5 }, {}, /shards is 3.5; give a whole number from 3/],
    ['no copy in staging', { replicas: 0 }, {}, /replicas is 0 in staging; give 1 at least/],
    ['a copy too few', { replicas: -1 }, {}, /replicas is -1; give how many copies/],
    ['more than gossip bears', { shards: 400, replicas: 2 }, {}, /1200 pods; stay below 1000/],
    [
      "the cluster's own lines",
      { parameters: { 'cluster-node-timeout': 1 } },
      {},
      /cluster-node-timeout; leave it out/,
    ],
    [
      "a login of the nodes' own",
      { logins: { mover: {} } },
      {},
      /the login mover is one of the nodes' own; give it another/,
    ],
    ['an option nobody knows', { shard: 3 } as object, {}, /shard is no option; there are/],
    ['no eviction', { eviction: undefined }, {}, /eviction is undefined; say what happens/],
    ['half an hour', { restoreFrom: { at: '2026-11-20T10:30:00Z' } }, {}, /restoreFrom.at is .*; write the full hour/],
    [
      'a store that is not there',
      { restoreFrom: { at: '2026-11-20T10:00:00Z' }, backups: 'none' },
      { objectStores: {} },
      /no object store "backups"; add it/,
    ],
  ];
  test.each(refused)('%s', (_, props, site, message) => {
    expect(() => made(props, site)).toThrow(message);
  });

  test('a login that is not there', () => {
    expect(() => made().cache.login('reports')).toThrow(/there is no login "reports"; say which/);
  });
});
