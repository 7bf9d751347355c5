import { describe, expect, test } from 'vitest';
import { WorkloadCertificate } from '../../../charts/certificate.ts';
import { type ExposureProps, type Site, StaticSite } from '../../../charts/index.ts';
import type { Probe } from '../../../imports/custom.ts';
import { rendered, SITE, service, system } from '../fixture.ts';
import { alertsOf } from './found.ts';

const HOST = `api.shop.${SITE.domain}`;

function exposed(props: Partial<ExposureProps> = {}, site: Partial<Site> = {}) {
  const shop = system(site);
  const api = service(shop, 'api', { health: { ready: '/health/ready', live: '/health/live' } });
  api.expose({ host: HOST, ...props });
  return { shop, api };
}

function asked({ shop }: ReturnType<typeof exposed>, name = 'api') {
  const probe = rendered(shop).objects[`Probe ${name}`] as Probe | undefined;
  return probe?.spec?.targets?.staticConfig?.static;
}

describe('a host', () => {
  test('is asked at its readiness path from outside', () => {
    expect(asked(exposed())).toEqual([`https://${HOST}/health/ready`]);
    expect(asked(exposed({ uptime: { path: '/health' } }))).toEqual([`https://${HOST}/health`]);
    expect(asked(exposed({ paths: ['/health'] }))).toEqual([`https://${HOST}/health/ready`]);
  });

  test.each([
    ['that takes other paths only', { paths: ['/webhooks'] }, {}],
    ['whose path is for operators', { operatorsOnly: ['/health'] }, {}],
    ['of a standby', {}, { role: 'standby' }],
    ['without public certificates', {}, { certificates: { issuer: 'self-signed' } }],
  ])('%s is not asked', (_, props, site) => {
    const made = exposed(props, site as Partial<Site>);
    expect(asked(made)).toBeUndefined();
    expect(alertsOf(made.shop, 'api')).not.toHaveProperty('UptimeProbeFailed');
  });

  test('of a front end is asked for its page', () => {
    const shop = system();
    new StaticSite(shop, 'page', { image: 'ghcr.io/shop/page:1.0.0', replicas: 2 }).expose({ host: HOST });
    const probe = rendered(shop).objects['Probe page'] as unknown as Probe;
    expect(probe.spec?.targets?.staticConfig?.static).toEqual([`https://${HOST}/`]);
  });

  test('is not asked for what nobody may see', () => {
    expect(() => exposed({ paths: ['/webhooks'], uptime: { path: '/health' } })).toThrow(
      'uptime.path is "/health", which is not open to everybody; name one of its paths',
    );
  });

  test('tells what it does under another job than its pods: `up` would be both', () => {
    const { UptimeProbeFailed } = alertsOf(exposed().shop, 'api');
    expect(UptimeProbeFailed!.expr).toContain('job="api-uptime"');
  });
});

test('several hosts and certificates of a service share their alerts', () => {
  const made = exposed();
  made.api.expose({ host: `www.${HOST}`, name: 'www' });
  WorkloadCertificate.of(made.api);
  const alerts = alertsOf(made.shop, 'api');
  expect(alerts.CertificateExpiringSoon!.expr).toContain('name=~"api|api-tls|api-www-tls"');
  expect(asked(made, 'api-www')).toEqual([`https://www.${HOST}/health/ready`]);
});
