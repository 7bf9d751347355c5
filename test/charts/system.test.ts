import { ApiObject, App, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { byTier, KubeObject, System, waive } from '../../charts/index.ts';
import type { ConfigMap } from '../../imports/kubernetes.ts';
import { rendered, SITE, service, system } from './fixture.ts';

test('a system brings its namespace with its guards, and labels every object for cost', () => {
  const shop = system();
  service(shop, 'web');
  const { objects } = rendered(shop);
  expect(Object.keys(objects)).toEqual(
    expect.arrayContaining([
      'Namespace shop',
      'NetworkPolicy default-deny',
      'LimitRange limits',
      'ResourceQuota quota',
    ]),
  );
  expect(objects['Namespace shop']!.metadata.labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
  });
  for (const { metadata } of Object.values(objects)) {
    expect(metadata.labels).toMatchObject({
      'app.kubernetes.io/part-of': 'shop',
      environment: 'staging',
      owner: 'team',
      'cost-center': 'cc',
    });
    expect(metadata.labels).toHaveProperty(['app.kubernetes.io/component']);
  }
});

describe('the door', () => {
  test('any object may stand in a system; it gets the namespace and the labels', () => {
    const shop = system();
    new ApiObject(shop, 'foreign', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'foreign' },
      data: { a: 'b' },
    });
    expect(rendered(shop).objects['ConfigMap foreign']).toMatchObject({
      metadata: { namespace: 'shop', labels: { 'app.kubernetes.io/part-of': 'shop' } },
      data: { a: 'b' },
    });
  });

  test('an object without a name is refused: cdk8s would name it after its path', () => {
    expect(() => new ApiObject(system(), 'foreign', { apiVersion: 'v1', kind: 'ConfigMap' })).toThrow(
      'shop/foreign: a ConfigMap without metadata.name',
    );
  });

  test('labels, annotations and JSON patches of cdk8s work on typed objects too', () => {
    const shop = system();
    const map = new KubeObject<ConfigMap>(
      shop,
      'map',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' } },
      { data: { a: 'b' } },
    );
    map.metadata.addLabel('more', 'yes');
    map.addJsonPatch(JsonPatch.add('/data/c', 'd'));
    expect(rendered(shop).objects['ConfigMap map']).toMatchObject({
      metadata: { labels: { more: 'yes' } },
      data: { a: 'b', c: 'd' },
    });
  });
});

describe('layers', () => {
  test('an object goes with the layer it is created below, into its namespace and its folder', () => {
    const shop = system();
    new KubeObject<ConfigMap>(
      shop.layer('data'),
      'map',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' } },
      {},
    );
    const { objects, files } = rendered(shop);
    expect(objects['ConfigMap map']!.metadata.namespace).toBe('shop-data');
    expect(files).toContain('staging/shop/data/shop-data/ConfigMap.map.yaml');
    expect(files).toContain('staging/shop/data/_cluster/Namespace.shop-data.yaml');
  });
});

test('a construct outside a System is told so', () => {
  expect(() => System.of(new Construct(new App(), 'lost'))).toThrow(
    'lost: stands in no System; create it below a class that extends System',
  );
});

describe('byTier', () => {
  test('gives the value of the tier', () => {
    expect(byTier(SITE, { development: 1, staging: 2, production: 3 })).toBe(2);
  });

  test('refuses a site whose tier is none', () => {
    expect(() =>
      byTier({ name: 'x', tier: 'prod' as 'production' }, { development: 1, staging: 2, production: 3 }),
    ).toThrow('the tier of x is "prod"; write one of development, staging, production');
  });

  test('names every tier that was forgotten', () => {
    expect(() => byTier(SITE, { staging: 2 } as never)).toThrow('byTier got no value for development and production');
  });
});

describe('waive', () => {
  const complete = { rule: 'probes', reason: 'legacy', owner: 'ordering', expires: '2027-01-31' };

  test.each([
    [{ ...complete, reason: ' ' }, 'a waiver without reason'],
    [{ ...complete, expires: '31.1.2027' }, 'expires "31.1.2027"; write a day as YYYY-MM-DD'],
    [{ ...complete, expires: '2027-02-31' }, 'write a day'],
  ])('refuses %j', (waiver, reason) => {
    expect(() => waive(system(), waiver)).toThrow(reason);
  });
});
