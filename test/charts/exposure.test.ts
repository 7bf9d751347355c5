import { describe, expect, test } from 'vitest';
import { type ExposureProps, perMinute, type Site, secureHeaders } from '../../charts/index.ts';
import type { Ingress } from '../../imports/kubernetes.ts';
import { rendered, service, system } from './fixture.ts';

function exposed(props: Partial<ExposureProps> = {}, site: Partial<Site> = {}) {
  const shop = system(site);
  service(shop, 'web').expose({ host: 'web.staging.example.org', ...props });
  return rendered(shop).objects;
}

function annotations(ingress: unknown): Record<string, string> {
  return (ingress as Ingress).metadata.annotations ?? {};
}

const OUT_OF_DNS = 'external-dns.kubernetes.io/controller';

test('a host gets TLS from the cluster’s issuer, and the edge’s pods reach the service', () => {
  const objects = exposed();
  expect(objects['Ingress web']).toMatchObject({
    metadata: { annotations: { 'cert-manager.io/cluster-issuer': 'default' } },
    spec: { ingressClassName: 'nginx', tls: [{ hosts: ['web.staging.example.org'], secretName: 'web-tls' }] },
  });
  expect(objects['NetworkPolicy web']).toMatchObject({
    spec: {
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'nginx-ingress' } } }] }],
    },
  });
});

test('a limit is a client’s over all controller pods, and says 429', () => {
  expect(annotations(exposed({ rateLimit: perMinute(100) })['Ingress web'])).toMatchObject({
    'nginx.org/limit-req-rate': '100r/m',
    'nginx.org/limit-req-scale': 'true',
    'nginx.org/limit-req-reject-code': '429',
  });
});

test('headers replace those of the service', () => {
  const given = annotations(exposed({ headers: secureHeaders() })['Ingress web']);
  expect(given['nginx.org/add-header']).toContain(
    'Strict-Transport-Security: max-age=31536000; includeSubDomains: always',
  );
  expect(given['nginx.org/proxy-hide-headers']).toContain('Strict-Transport-Security');
});

describe('paths for operators only', () => {
  const objects = exposed({ operatorsOnly: ['/admin'], headers: secureHeaders(), rateLimit: perMinute(100) });

  test('stand on an Ingress of their own that admits the cluster’s operators', () => {
    expect(objects['Policy web-operators']).toMatchObject({ spec: { accessControl: { allow: ['10.8.0.0/16'] } } });
    expect(annotations(objects['Ingress web-operators'])).toMatchObject({ 'nginx.org/policies': 'web-operators' });
    expect(annotations(objects['Ingress web-everyone'])).not.toHaveProperty('nginx.org/policies');
  });

  test('the headers are on each of them, since a minion takes none from its master', () => {
    for (const name of ['web-operators', 'web-everyone'])
      expect(annotations(objects[`Ingress ${name}`])['nginx.org/add-header']).toContain('nosniff');
  });

  test('the host stays one DNS record', () => {
    const published = Object.entries(objects).filter(
      ([key, object]) => key.startsWith('Ingress') && !(OUT_OF_DNS in annotations(object)),
    );
    expect(published.map(([key]) => key)).toEqual(['Ingress web']);
  });
});

test('a standby is ready to answer and out of DNS', () => {
  expect(annotations(exposed({}, { role: 'standby' })['Ingress web'])).toHaveProperty(OUT_OF_DNS);
  expect(annotations(exposed({}, { role: 'primary' })['Ingress web'])).not.toHaveProperty(OUT_OF_DNS);
});

describe('a host of several clusters', () => {
  const region = 'external-dns.kubernetes.io/aws-region';
  const routed = (role: Site['role']) => annotations(exposed({ routing: 'nearest' }, { role })['Ingress web']);

  test.each([
    'primary',
    'replica',
  ] as const)('is answered by the nearest that serves: a %s says where it stands', role => {
    expect(routed(role)).toMatchObject({
      [region]: 'eu-north-1',
      'external-dns.kubernetes.io/set-identifier': 'staging',
    });
  });

  test('and not by a standby, nor is there a choice where the system stands alone', () => {
    expect(routed('standby')).toHaveProperty(OUT_OF_DNS);
    expect(routed('standby')).not.toHaveProperty(region);
    expect(routed('independent')).not.toHaveProperty(region);
  });
});

test('only the paths that are named are open', () => {
  const { http } = (exposed({ paths: ['/webhooks', '/b'] })['Ingress web'] as unknown as Ingress).spec!.rules![0]!;
  expect(http!.paths.map(({ path }) => path)).toEqual(['/b', '/webhooks']);
});

test.each([
  [{ host: 'Web.staging.example.org' }, 'shop/web/edge: host is "Web.staging.example.org"'],
  [{ host: `${'a'.repeat(64)}.staging.example.org` }, 'labels of 63 characters at most'],
  [{ host: 'web.elsewhere.net' }, 'end it in .staging.example.org'],
  [{ operatorOnly: ['/admin'] } as never, 'operatorOnly is no option; there are host, name, paths'],
  [{ rateLimit: perMinute(0) }, 'rateLimit.perMinute is 0'],
  [{ headers: { 'Content-Security-Policy': 'img-src https: data:' } }, 'the edge cannot carry'],
  [{ operatorsOnly: ['/'] }, 'give a path below /'],
  [{ paths: ['admin'] }, 'the path "admin"; begin it with /'],
  [{ paths: ['/a b;{}'] }, 'leave out what URLs encode'],
  [{ paths: ['/admin'], operatorsOnly: ['/admin'] }, 'the path "/admin" stands twice'],
  [{ rateLimit: 100 as never }, 'rateLimit is 100; write perMinute(100)'],
  [{ rateLimit: { perMinute: 100 } as never }, 'rateLimit.burst is undefined'],
  [{ host: undefined as never }, 'host is undefined'],
  [{ paths: [] }, 'paths is empty'],
  [{ routing: 'geo' as never }, `routing is "geo"; write 'nearest'`],
])('refuses %j, for which the controller would drop the whole Ingress', (props, reason) => {
  expect(() => exposed(props)).toThrow(reason);
});

test('a second host needs a name, and gets objects of its own', () => {
  const shop = system();
  const web = service(shop, 'web');
  web.expose({ host: 'web.staging.example.org' });
  expect(() => web.expose({ host: 'www.staging.example.org' })).toThrow(
    'shop/web: www.staging.example.org is the second host exposed without a name; give it a name of its own',
  );
  web.expose({ host: 'www.staging.example.org', name: 'network' });
  expect(Object.keys(rendered(shop).objects)).toEqual(expect.arrayContaining(['Ingress web', 'Ingress web-network']));
});
