import { App } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { fastApi, release, System, tracing } from '../../charts/index.ts';
import type { SystemProps } from '../../charts/system.ts';
import type { NetworkPolicy, PodTemplateSpec } from '../../imports/kubernetes.ts';
import { production, staging } from '../site.ts';
import { rendered, SITE, service, system } from './fixture.ts';

const env = (objects: Record<string, unknown>, name = 'web') => {
  const { spec } = objects[`Deployment ${name}`] as { spec: { template: PodTemplateSpec } };
  return Object.fromEntries(spec.template.spec!.containers[0]!.env!.map(({ name, ...rest }) => [name, rest]));
};

describe('tracing', () => {
  const shop = system();
  service(shop, 'web', { env: { ...tracing(), SENTRY_RELEASE: release() } });
  service(shop, 'quiet');
  const { objects } = rendered(shop);

  it('says who traces, in the words of OpenTelemetry', () => {
    const { OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES } = env(objects);
    expect(OTEL_SERVICE_NAME).toEqual({ value: 'web' });
    expect(OTEL_RESOURCE_ATTRIBUTES?.value?.split(',')).toEqual(
      expect.arrayContaining([
        'service.namespace=shop',
        'service.version=1.0.0',
        'deployment.environment.name=staging',
        'k8s.namespace.name=shop',
        'k8s.pod.name=$(K8S_POD_NAME)',
      ]),
    );
  });

  it('has the name of the pod above the variable that names it, where Kubernetes expands it', () => {
    const names = Object.keys(env(objects));
    expect(names.indexOf('K8S_POD_NAME')).toBeLessThan(names.indexOf('OTEL_RESOURCE_ATTRIBUTES'));
  });

  it('opens the way to the collector, and for nobody else', () => {
    const egress = (name: string) => (objects[`NetworkPolicy ${name}`] as NetworkPolicy).spec!.egress!.slice(1);
    expect(egress('web')).toEqual([
      {
        ports: [{ port: 4318, protocol: 'TCP' }],
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
            podSelector: { matchLabels: { 'app.kubernetes.io/name': 'opentelemetry-collector' } },
          },
        ],
      },
    ]);
    expect(egress('quiet')).toEqual([]);
  });

  it('names a release as Sentry takes it', () => {
    expect(env(objects).SENTRY_RELEASE).toEqual({ value: 'shop-web@1.0.0' });
  });
});

describe('where logs and traces go', () => {
  const of = (props: Partial<SystemProps>) =>
    new System(new App(), 'shop', { site: SITE, owner: 'team', costCenter: 'cc', ...props });

  it('stands on the namespace, which the collector asks', () => {
    const { objects } = rendered(of({ logs: 'elastic', traces: 'jaeger' }));
    expect(objects['Namespace shop']!.metadata.labels).toMatchObject({
      'drydock/logs-to': 'elastic',
      'drydock/traces-to': 'jaeger',
    });
  });

  it('is the cluster itself where nothing is said', () => {
    const { objects } = rendered(of({}));
    expect(objects['Namespace shop']!.metadata.labels).toMatchObject({
      'drydock/logs-to': 'loki',
      'drydock/traces-to': 'tempo',
    });
  });

  it('is refused where no cluster has it', () => {
    expect(() => of({ logs: 'kibana' as 'loki' })).toThrow("shop: logs is \"kibana\"; write 'loki' or 'elastic'");
    expect(() => of({ traces: 'zipkin' as 'tempo' })).toThrow("write 'tempo' or 'jaeger'");
  });
});

describe('alerts from logs', () => {
  const names = (site: Partial<typeof SITE>, auditLog?: string) => {
    const shop = system(site);
    const web = service(shop, 'web', {
      ...(auditLog && { auditLog }),
      metrics: { port: 9464, source: fastApi() },
    });
    return web.rules.alerts.map(({ name }) => name);
  };

  it('come with every service', () => {
    expect(names({})).toEqual(expect.arrayContaining(['ErrorLogsHigh', 'SecurityEvents']));
  });

  it('miss an audit log where one is kept, and people work all day', () => {
    const always = { ...production, role: 'primary' as const };
    expect(names(always, '/var/log/shop/audit.log')).toContain('AuditLogSilent');
    expect(names(always)).not.toContain('AuditLogSilent');
    expect(names({ ...always, role: 'standby' }, '/var/log/shop/audit.log')).not.toContain('AuditLogSilent');
    expect(names({ ...staging, tier: 'development' }, '/var/log/shop/audit.log')).not.toContain('AuditLogSilent');
  });
});
