import { describe, expect, test } from 'vitest';
import { type Role, type Site, StaticSite, type StaticSiteProps, type System } from '../../charts/index.ts';
import type { ConfigMap, Deployment, Job } from '../../imports/kubernetes.ts';
import { rendered, system } from './fixture.ts';

const CDN = { driver: 'cloudflare', zone: '0123abcd' } as const;

function site(of: System, props: Partial<StaticSiteProps> = {}): StaticSite {
  return new StaticSite(of, 'pos', { image: 'ghcr.io/shop/pos:1.0.0', replicas: 2, ...props });
}

/** What an exposed site renders to. */
function objects(facts: Partial<Site> = {}, props: Partial<StaticSiteProps> = {}) {
  const shop = system(facts);
  site(shop, props).expose({ host: `pos.${shop.site.domain}` });
  const { objects, findings } = rendered(shop);
  expect(findings).toEqual([]);
  return objects;
}

/** A file that the pods find in place, by its path. */
function file(path: string, props: Partial<StaticSiteProps> = {}): string {
  const all = objects({}, props);
  const [container] = (all['Deployment pos'] as unknown as Deployment).spec!.template.spec!.containers;
  const mount = container!.volumeMounts!.find(({ mountPath }) => mountPath === path)!;
  return (all['ConfigMap pos'] as unknown as ConfigMap).data![mount.subPath!]!;
}

test('a site is a web service with a server and a page’s settings beside the image’s files', () => {
  expect(Object.keys(objects())).toEqual(
    expect.arrayContaining(['Deployment pos', 'Service pos', 'Ingress pos', 'PodDisruptionBudget pos']),
  );
  expect(file('/etc/nginx/conf.d/default.conf')).toContain('location /assets/ {');
  expect(file('/etc/nginx/conf.d/default.conf', { assets: '/_app/immutable/' })).toContain(
    'location /_app/immutable/ {',
  );
});

describe('config.json', () => {
  const config = (config?: StaticSiteProps['config']) => file('/usr/share/nginx/html/config.json', { config });

  test('is there even where nothing is set, so that a page may rely on it', () => {
    expect(config()).toBe('{}\n');
  });

  test('does not follow the order in which an author writes', () => {
    const one = config({ b: 'two', a: 1, c: false });
    expect(JSON.parse(one)).toEqual({ a: 1, b: 'two', c: false });
    expect(config({ c: false, a: 1, b: 'two' })).toBe(one);
  });
});

describe('the CDN', () => {
  const purges = (facts: Partial<Site>) => Object.keys(objects(facts)).filter(name => name.startsWith('Job '));

  test.each<[Role, string[]]>([
    ['primary', ['Job pos-purge']],
    ['independent', ['Job pos-purge']],
    ['replica', ['Job pos-purge']],
    ['standby', []],
  ])('of a %s is told of a release by %j', (role, expected) => {
    expect(purges({ cdn: CDN, role })).toEqual(expected);
  });

  test('is not there, and so not told', () => {
    expect(purges({})).toEqual([]);
  });

  test('drops the copies of the pages after the rollout, by a token that no command line shows', () => {
    const all = objects({ cdn: CDN });
    const job = all['Job pos-purge'] as unknown as Job;
    const [curl] = job.spec!.template.spec!.containers;
    expect(job.metadata!.annotations).toMatchObject({ 'argocd.argoproj.io/hook': 'PostSync' });
    expect(curl!.args!.at(-1)).toBe('https://api.cloudflare.com/client/v4/zones/0123abcd/purge_cache');
    expect(curl!.args![curl!.args!.indexOf('--json') + 1]).toBe('{"tags":["shop-pos"]}');
    expect(curl!.args).toContain('Authorization: Bearer {{CDN_API_TOKEN:trim}}');
    expect(curl!.env).toEqual([
      { name: 'CDN_API_TOKEN', valueFrom: { secretKeyRef: { key: 'CDN_API_TOKEN', name: 'pos-purge' } } },
    ]);
    expect(all['ExternalSecret pos-purge']).toHaveProperty('spec.data.0.remoteRef.key', 'shop/cdn/api-token');
    expect(all['NetworkPolicy pos-purge']).toHaveProperty('spec.egress.1.ports', [{ port: 443, protocol: 'TCP' }]);
  });
});

test.each([
  [{ assets: 'assets/' }, 'shop/pos: assets is "assets/"; write a path such as /assets/'],
  [{ assets: '/' }, 'assets is "/"'],
  [{ assets: '/a { } /' }, 'write a path such as /assets/'],
  [{ assets: '/.build/' }, 'assets is "/.build/"'],
  [{ config: { features: ['a'] } } as never, 'shop/pos: config.features is no plain value; give text, a number'],
  [{ config: { limit: Number.NaN } }, 'config.limit is NaN'],
  [{ config: { apiUrl: undefined } } as never, 'config.apiUrl is undefined'],
  [{ config: { sessionSecret: 'x' } }, 'shop/pos: config.sessionSecret sounds like a secret'],
  [{ asset: '/a/' } as never, 'shop/pos: asset is no option; there are image, replicas, config, assets'],
  [{ port: 80 } as never, 'port is no option'],
])('refuses %j', (props, reason) => {
  expect(() => site(system(), props)).toThrow(reason);
});
