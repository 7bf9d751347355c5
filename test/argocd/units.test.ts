import { describe, expect, it } from 'vitest';
import { addons } from '../../apps/platform/addons.ts';
import { syncedFrom } from '../../argocd/index.ts';
import { development, local, production, staging } from '../site.ts';
import { emptySystem, type Made, made, shop } from './fixture.ts';

const CONFIRM = { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' };

describe('the Applications of a unit', () => {
  const { applications } = made([shop(), shop({ system: 'platform' })])[0]!;
  const services = applications.get('shop-services-staging')!;
  const data = applications.get('shop-data-staging')!;
  const [addon] = addons(staging).map(({ name }) => applications.get(`${name}-staging`)!);

  it('take services along when they go, and data never', () => {
    expect(services.metadata.finalizers).toEqual(['resources-finalizer.argocd.argoproj.io/foreground']);
    expect(services.metadata.annotations).not.toMatchObject(CONFIRM);
    for (const guarded of [data, applications.get('platform-services-staging')!, addon!]) {
      expect(guarded.metadata.finalizers, guarded.metadata.name).toBeUndefined();
      expect(guarded.metadata.annotations, guarded.metadata.name).toMatchObject(CONFIRM);
    }
  });

  it('ignore the number of pods where an autoscaler decides, and nothing else', () => {
    expect(services.spec.ignoreDifferences).toEqual([
      { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web', jsonPointers: ['/spec/replicas'] },
    ]);
    expect(data.spec.ignoreDifferences).toBeUndefined();
  });

  it('never empty a cluster', () => {
    for (const { metadata, spec } of applications.values()) {
      expect(spec.syncPolicy?.automated, metadata.name).toEqual({
        enabled: true,
        prune: true,
        selfHeal: true,
        allowEmpty: false,
      });
    }
  });

  it('carry the labels of what they bring', () => {
    expect(data.metadata.labels).toEqual({
      'app.kubernetes.io/component': 'data',
      'app.kubernetes.io/managed-by': 'drydock',
      'app.kubernetes.io/part-of': 'shop',
      cluster: 'staging',
      'cost-center': 'cc',
      environment: 'staging',
      layer: 'data',
      owner: 'team',
      ring: 'main',
    });
  });
});

describe('two Argo CDs', () => {
  const units = [local, staging, production].map(cluster => shop({ cluster }));

  it('the hub serves the fleet, and leaves the laptop to its own', () => {
    const [hub, laptop] = made(units);
    for (const { metadata, spec } of hub!.applications.values())
      expect([metadata.labels?.cluster, spec.destination.name]).not.toContain('local');
    const rings = ({ objects }: Made) => [...new Set(objects.map(({ layer }) => layer))].sort();
    expect(rings(hub!)).toEqual(['bootstrap', 'main', 'ring-2']);
    expect(rings(laptop!)).toEqual(['bootstrap', 'main']);
  });

  it('are one where the fleet is a laptop, or has none', () => {
    expect(made(units.slice(0, 1)).map(({ unit }) => unit.name)).toEqual(['local']);
    expect(made(units.slice(1)).map(({ unit }) => unit.name)).toEqual(['hub']);
  });
});

describe('the project of a system', () => {
  const project = (...units: Parameters<typeof made>[0]) => made(units)[0]!.projects.get('shop-main')!.spec;
  const elsewhere = shop({ cluster: development, system: 'other', layers: [] });

  it('stays the same when a layer, a kind or a cluster goes, or what goes would stay behind unseen', () => {
    const all = project(shop(), shop({ cluster: development }));
    const [services] = shop().layers;
    expect(project(shop({ layers: [services!] }), shop({ cluster: development, layers: [services!] }))).toEqual(all);
    expect(project(shop({ kinds: [] }), shop({ cluster: development, kinds: [] }))).toEqual(all);
    expect(project(shop(), elsewhere)).toEqual(all);
  });

  it('of the platform stays the same as well when a class goes', () => {
    const platform = (...classes: string[]) => {
      const kinds = classes.map(kind => ({ group: 'storage.k8s.io', kind, namespaced: false }));
      return made([shop({ system: 'platform', kinds })])[0]!.projects.get('platform-main')!.spec;
    };
    expect(platform()).toEqual(platform('StorageClass'));
    expect(platform('CSIDriver').clusterResourceWhitelist).toContainEqual({
      group: 'storage.k8s.io',
      kind: 'CSIDriver',
    });
  });

  it('shows what came through the door', () => {
    const kind = { group: 'example.com', kind: 'Widget' };
    const spec = project(shop({ kinds: [{ ...kind, namespaced: true }] }));
    expect(spec.namespaceResourceWhitelist).toContainEqual(kind);
  });

  it('stays until its last Application is gone', () => {
    expect(made([shop()])[0]!.projects.get('shop-main')!.metadata.finalizers).toEqual([
      'resources-finalizer.argocd.argoproj.io',
    ]);
  });
});

describe('a unit is refused that', () => {
  const kind = (group: string, name: string, namespaced: boolean) => ({ kinds: [{ group, kind: name, namespaced }] });
  const [services] = shop().layers;
  it.each([
    ['renders a Secret', [shop(kind('', 'Secret', true))], "refer to it with secret('…')"],
    [
      'renders for the whole cluster',
      [shop(kind('rbac.authorization.k8s.io', 'ClusterRole', false))],
      'render it in apps/platform',
    ],
    [
      'renders into Argo CD’s namespace',
      [shop({ layers: [{ ...services!, namespaces: ['shop', 'argocd'] }] })],
      'use another',
    ],
    ['shares its pattern of namespaces', [shop(), shop({ system: 'shop-eu' })], 'rename one of the two systems'],
  ])('%s', (_, units, remedy) => {
    expect(() => made(units)).toThrow(remedy);
  });
});

describe('the facts of a unit', () => {
  const object = (apiVersion: string, kind: string, name: string, rest: object = {}) => ({
    layer: 'services',
    manifest: { apiVersion, kind, metadata: { name, ...(kind !== 'Namespace' && { namespace: 'shop' }) }, ...rest },
  });

  it('name what autoscalers scale, of whatever kind', () => {
    const { layers } = syncedFrom(staging, emptySystem(), [
      object('v1', 'Namespace', 'shop'),
      object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
        spec: { scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'web' } },
      }),
      object('keda.sh/v1alpha1', 'ScaledObject', 'mail', { spec: { scaleTargetRef: { name: 'mail' } } }),
    ]);
    expect(layers).toEqual([
      {
        name: 'services',
        folder: 'dist/staging/shop/services',
        namespaces: ['shop'],
        scaled: [
          { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'mail' },
          { group: 'argoproj.io', kind: 'Rollout', namespace: 'shop', name: 'web' },
        ],
      },
    ]);
  });

  it('leave out a layer that has no object: its folder does not exist', () => {
    expect(syncedFrom(staging, emptySystem(), []).layers).toEqual([]);
  });
});
