import { describe, expect, test } from 'vitest';
import { WorkloadCertificate } from '../../charts/certificate.ts';
import type { System } from '../../charts/index.ts';
import { Cpu, Duration, Size, secret } from '../../charts/index.ts';
import { podNames, type StatefulProps, stateful } from '../../charts/stateful.ts';
import { type Companion, Workload } from '../../charts/workload.ts';
import type { DeploymentSpec, PersistentVolumeClaim, StatefulSetSpec } from '../../imports/kubernetes.ts';
import type { Manifest } from '../../tools/render/manifest.ts';
import { rendered, service, system } from './fixture.ts';

class Store extends Workload {
  constructor(scope: System, id: string, props: Partial<StatefulProps> = {}) {
    const size = { cpu: Cpu.millis(100), memory: Size.mebibytes(100) };
    super(scope, id, { image: 'ghcr.io/shop/store:1.0.0', ...size, priority: 'critical' }, {}, { layer: 'data' });
    stateful(this, {
      pods: 3,
      storage: Size.gibibytes(10),
      mountPath: '/data',
      ports: [{ name: 'store', port: 7000 }],
      container: {},
      patch: {},
      grace: Duration.seconds(60),
      ...props,
    });
  }

  protected override get companions(): readonly Companion[] {
    const memory = Size.mebibytes(32);
    const size = { cpu: Cpu.millis(10), cpuLimit: Cpu.millis(100), memory, ephemeralStorage: memory };
    return [{ size, container: { name: 'exporter', image: 'ghcr.io/shop/exporter:1.0.0' } }];
  }
}

/** What is rendered of a store, by `<Kind> <name>`. */
function objects(props: Partial<StatefulProps> = {}) {
  const shop = system();
  new Store(shop, 'store', props);
  const { all, findings } = rendered(shop);
  expect(findings).toEqual([]);
  return made(all);
}

function made(all: readonly Manifest[]) {
  const find = (kind: string, name: string, namespace = 'shop-data') =>
    all.find(({ kind: its, metadata }) => its === kind && metadata.name === name && metadata.namespace === namespace);
  return {
    claim: (ordinal: number) =>
      find('PersistentVolumeClaim', `data-store-${ordinal}`) as unknown as PersistentVolumeClaim,
    set: (find('StatefulSet', 'store')?.spec ?? {}) as StatefulSetSpec,
    quota: (find('ResourceQuota', 'quota')?.spec as { hard: Record<string, string> }).hard,
    service: find('Service', 'store-pods')?.spec,
    certificate: (name: string, namespace?: string) => find('Certificate', name, namespace)?.spec,
    deployment: (name: string) => find('Deployment', name, 'shop')?.spec as DeploymentSpec,
  };
}

describe('pods that keep data', () => {
  test('stand in the data layer, with claims that anybody can see and nobody deletes in passing', () => {
    const { claim, set } = objects();
    for (const ordinal of [0, 1, 2]) {
      expect(claim(ordinal)).toMatchObject({
        metadata: { annotations: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' } },
        spec: { resources: { requests: { storage: '10Gi' } } },
      });
    }
    expect(set.persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    });
  });

  test('grow by their claims, while the template stays what it was', () => {
    const { claim, set, quota } = objects({ storage: { created: Size.gibibytes(10), now: Size.gibibytes(50) } });
    expect(set.volumeClaimTemplates?.[0]?.spec?.resources?.requests?.storage).toBe('10Gi');
    expect(claim(2).spec?.resources?.requests?.storage).toBe('50Gi');
    expect(quota).toMatchObject({ persistentvolumeclaims: '3', 'requests.storage': '150Gi' });
  });

  test('find each other by name before they are ready', () => {
    const shop = system();
    const store = new Store(shop, 'store');
    expect(podNames(store, { name: 'store', pods: 2 })).toEqual([
      'store-0.store-pods.shop-data.svc.cluster.local',
      'store-1.store-pods.shop-data.svc.cluster.local',
    ]);
    const { service, set } = made(rendered(shop).all);
    expect(service).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
    expect(set.serviceName).toBe('store-pods');
  });

  test('harden what runs beside them, and count it', () => {
    const { set, quota } = objects();
    const { containers } = set.template.spec!;
    expect(containers.map(({ name }) => name)).toEqual(['store', 'exporter']);
    expect(containers[1]!.securityContext).toEqual(containers[0]!.securityContext);
    expect(quota).toMatchObject({ 'requests.memory': '396Mi', pods: '3' });
  });

  test.each([
    [
      { storage: { created: Size.gibibytes(10), now: Size.gibibytes(5) } },
      /storage shrinks from 10240 to 5120 MiB; .*restore/,
    ],
    [{ storage: 10 as never }, /storage.created is undefined; write Size\.gibibytes\(100\)/],
    [{ storage: { created: Size.gibibytes(10) } as never }, /storage.now is undefined/],
    [{ pods: 0 }, /0 pods; give a whole number from 1/],
    [{ name: 'x'.repeat(61) }, /63 characters of 63; shorten its name/],
  ])('%j is refused', (props: Partial<StatefulProps>, message) => {
    expect(() => new Store(system(), 'store', props)).toThrow(message);
  });
});

describe('a certificate', () => {
  test('of a server carries its names, a client has one too, for the authority in its own namespace', () => {
    const shop = system();
    WorkloadCertificate.of(new Store(shop, 'store')).serve('store.shop-data.svc');
    WorkloadCertificate.of(service(shop, 'web'));
    const { certificate, deployment } = made(rendered(shop).all);
    expect(certificate('store')).toMatchObject({
      commonName: 'store.shop-data',
      dnsNames: ['store.shop-data.svc'],
      issuerRef: { kind: 'ClusterIssuer', name: 'internal' },
      usages: ['digital signature', 'client auth', 'server auth'],
    });
    expect(certificate('web', 'shop')).toMatchObject({ usages: ['digital signature', 'client auth'] });
    expect(certificate('web', 'shop')).not.toHaveProperty('dnsNames');
    const pod = deployment('web').template.spec!;
    expect(pod.volumes).toContainEqual({ name: 'tls', secret: { defaultMode: 0o440, secretName: 'web-internal-tls' } });
    expect(pod.containers[0]!.volumeMounts).toContainEqual({
      name: 'tls',
      mountPath: '/etc/drydock/tls',
      readOnly: true,
    });
  });

  test('is made once, however often it is asked for', () => {
    const web = service(system(), 'web');
    expect(WorkloadCertificate.of(web)).toBe(WorkloadCertificate.of(web));
  });
});

test('one key of a workload is one secret', () => {
  const web = service(system(), 'web', { env: { KEY: secret('a') } });
  expect(() => secret('b').bind(web, 'KEY')).toThrow('KEY is the secret shop/a to one container and shop/b to another');
});
