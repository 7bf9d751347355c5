import { describe, expect, test } from 'vitest';
import { Redis, type RedisProps, type Site, Size } from '../../../charts/index.ts';
import type { PodMonitor, PrometheusRule } from '../../../imports/custom.ts';
import { rendered, service, system } from '../fixture.ts';

const PROPS: RedisProps = {
  instances: 3,
  memory: Size.gibibytes(4),
  eviction: 'allkeys-lru',
  storage: Size.gibibytes(10),
};

function objectsOf(props: Partial<RedisProps> = {}, site: Partial<Site> = {}) {
  const shop = system(site);
  const cache = new Redis(shop, 'cache', { ...PROPS, ...props });
  service(shop, 'web', { env: { CACHE_URL: cache.url } });
  return rendered(shop).objects;
}

/** The alerts of the servers, or of the proxy, that speak of Redis: by name. */
function alertsOf(objects: ReturnType<typeof objectsOf>, of = 'cache') {
  const { spec } = objects[`PrometheusRule ${of}`] as unknown as PrometheusRule;
  const rules = spec!.groups!.flatMap(group => group.rules ?? []);
  return Object.fromEntries(rules.map(rule => [rule.alert!, rule]));
}

const ONE = { tier: 'development' } as const;

describe('what is full', () => {
  test('is an outage to come for a queue, and nothing to a cache, which is judged by what it finds', () => {
    const queue = alertsOf(objectsOf({ eviction: 'noeviction' }));
    expect(queue.RedisMemoryHigh!.expr).toBe(
      'redis_memory_used_bytes{namespace="shop-data",job="cache"} / (redis_memory_max_bytes{namespace="shop-data",job="cache"} > 0) > 0.9',
    );
    expect(queue.RedisOutOfMemory!.labels!.severity).toBe('P1');
    expect(queue.CacheMissRatioHigh).toBeUndefined();
    const cache = alertsOf(objectsOf());
    expect(cache.RedisMemoryHigh).toBeUndefined();
    expect(cache.RedisOutOfMemory!.labels!.severity).toBe('P2');
    expect(cache.CacheMissRatioHigh!.labels!.severity).toBe('P3');
    expect(cache.CacheMissRatioHigh!.expr).toContain('> 0.5');
  });

  test('counts clients against the author’s own limit', () => {
    expect(alertsOf(objectsOf()).RedisClientsNearLimit!.expr).toContain('> 8000');
    expect(alertsOf(objectsOf({ parameters: { maxclients: 500 } })).RedisClientsNearLimit!.expr).toContain('> 400');
  });
});

describe('replicas', () => {
  test('must be as many as follow, after a copy of all that data may be', () => {
    const { RedisReplicasMissing: three } = alertsOf(objectsOf());
    expect(three!.expr).toMatch(/< 2$/);
    // 65 % of 4 GiB at 20 MB/s, and five minutes.
    expect(three!.for).toBe('8m');
    expect(alertsOf(objectsOf({ instances: 5 })).RedisReplicasMissing!.expr).toMatch(/< 4$/);
    expect(
      alertsOf(objectsOf({ memory: Size.gibibytes(26), storage: Size.gibibytes(60) })).RedisReplicasMissing!.for,
    ).toBe('21m');
  });

  test('are not asked for where there are none', () => {
    const alerts = alertsOf(objectsOf({ instances: 1 }, ONE));
    expect(
      Object.keys(alerts).filter(name => /^Redis(.*(Primary|Primaries|Sentinel|Replica|Refused)|Down$)/.test(name)),
    ).toEqual([]);
    expect(alerts.RedisUnreachable!.labels!.severity).toBe('P1');
  });
});

describe('Sentinels', () => {
  const monitor = (objects: ReturnType<typeof objectsOf>) =>
    objects['PodMonitor cache-sentinels'] as unknown as PodMonitor | undefined;

  test('are asked by the exporter of the same pod, apart from the server', () => {
    const [endpoint] = monitor(objectsOf())!.spec!.podMetricsEndpoints!;
    expect(endpoint).toMatchObject({
      path: '/scrape',
      port: 'metrics',
      params: { target: ['rediss://localhost:26379'] },
      metricRelabelings: [{ action: 'keep', sourceLabels: ['__name__'], regex: 'redis_sentinel_.*' }],
      relabelings: [{ targetLabel: 'endpoint', replacement: 'sentinel' }],
    });
    expect(monitor(objectsOf({ instances: 1 }, ONE))).toBeUndefined();
  });

  test('let it ask for the majority, and nothing that changes whom they watch', () => {
    const { 'sentinel.acl': users } = objectsOf()['ConfigMap cache-config']!.data as Record<string, string>;
    const line = users!.split('\n').find(each => each.startsWith('user exporter '));
    expect(line).toContain('-@all +ping +info +client|setname +sentinel|masters +sentinel|ckquorum');
    expect(line).not.toMatch(/sentinel\|(failover|reset|set|monitor|remove)/);
  });

  test('must be as many as servers', () => {
    const alerts = alertsOf(objectsOf({ instances: 5 }));
    expect(alerts.RedisSentinelMissing!.expr).toMatch(/< 5$/);
    expect(alerts.RedisSentinelGhost!.expr).toMatch(/> 5$/);
  });
});

describe('the proxy', () => {
  test('leads by what its own configuration asks: the primary that a majority names', () => {
    const { RedisProxyLeadsNowhere: none } = alertsOf(objectsOf({ instances: 5 }), 'cache-proxy');
    expect(none!.expr).toMatch(/proxy=~"named_\[0-9\]\+"\}, "server", "\$1", "proxy", "named_\(\.\+\)"\) >= 3\)$/);
    expect(none!.labels).toMatchObject({ severity: 'P1', db: 'cache' });
  });

  test('is told pod by pod only where there are several', () => {
    const several = alertsOf(objectsOf({ proxy: { replicas: 3 } }), 'cache-proxy');
    expect(several.RedisProxyPodLeadsNowhere!.expr).toMatch(/< 3$/);
    expect(alertsOf(objectsOf({}, ONE), 'cache-proxy').RedisProxyPodLeadsNowhere).toBeUndefined();
  });
});
