import { expect, test } from 'vitest';
import { RedisCluster, type RedisClusterProps, Size } from '../../../charts/index.ts';
import type { PrometheusRule } from '../../../imports/custom.ts';
import { rendered, system } from '../fixture.ts';

function objectsOf(props: Partial<RedisClusterProps> = {}, tier: 'staging' | 'development' = 'staging') {
  const shop = system({ tier });
  new RedisCluster(shop, 'cache', {
    shards: 3,
    memory: Size.gibibytes(2),
    eviction: 'noeviction',
    storage: Size.gibibytes(5),
    ...props,
  });
  return rendered(shop).objects;
}

function alertsOf(...args: Parameters<typeof objectsOf>) {
  const { spec } = objectsOf(...args)['PrometheusRule cache'] as unknown as PrometheusRule;
  return Object.fromEntries(spec!.groups!.flatMap(({ rules = [] }) => rules.map(rule => [rule.alert!, rule])));
}

test('counts nodes, primaries and replicas by shards', () => {
  const alerts = alertsOf({ shards: 4, replicas: 2 });
  expect(alerts.RedisClusterNodesMissing!.annotations!.threshold).toBe('12');
  expect(alerts.RedisClusterPrimariesWrong!.expr).toMatch(/!= 4$/);
  expect(alerts.RedisReplicasMissing!.expr).toMatch(/< 2$/);
});

test('tells of refused writes only where a shard without copies refuses them', () => {
  expect(alertsOf({ replicas: 2 }).RedisWritesRefused!.labels!.severity).toBe('P1');
  expect(alertsOf({ replicas: 1 }).RedisWritesRefused).toBeUndefined();
});

test('asks for no copies where there are none', () => {
  const names = Object.keys(alertsOf({ replicas: 0 }, 'development'));
  expect(names.filter(name => /^Redis(.*Replica|Down$)/.test(name))).toEqual([]);
  expect(names).toContain('RedisClusterSlotsUncovered');
});

test('lets the exporter ask how the cluster fares, and nothing else of it', () => {
  const { 'users.acl': users } = objectsOf()['ConfigMap cache-config']!.data as Record<string, string>;
  const line = users!.split('\n').find(each => each.startsWith('user exporter '));
  expect(line!.match(/\+cluster\S*/g)).toEqual(['+cluster|info']);
});
