import { describe, expect, it } from 'vitest';
import { addons, type Start } from '../../apps/platform/addons.ts';
import { SYNC_WAVE } from '../../argocd/waves.ts';
import { fleet } from '../../fleet.ts';
import { Api } from '../../tools/prove/api.ts';
import { proveUnit } from '../../tools/prove/index.ts';
import { groupOf } from '../../tools/render/manifest.ts';
import { made, renderedFleet } from './fixture.ts';
import { permits, reaches } from './permits.ts';

const units = renderedFleet();
const instances = made(units.map(({ synced }) => synced));
const byName = new Map(fleet.map(({ cluster }) => [cluster.name, cluster]));

describe.each(instances.map(instance => [instance.unit.name, instance] as const))('%s', (name, instance) => {
  const { unit, objects, findings, applications, projects } = instance;

  it('is made of objects that pass the laws', () => {
    const api = new Api('imports', unit.kubernetes);
    const cluster = { name: 'argocd', tier: 'production', api };
    expect([...findings, ...proveUnit({ cluster, system: 'argocd', objects, platform: new Set() })]).toEqual([]);
  });

  it('has an Application for each layer of each unit and each add-on of each cluster', () => {
    const served = units.filter(({ synced }) => (synced.cluster.name === 'local') === (name === 'local'));
    const clusters = [...new Set(served.map(({ synced }) => synced.cluster))];
    const expected = [
      ...served.flatMap(({ synced: { cluster, system, layers } }) =>
        layers.map(layer => `${system}-${layer.name}-${cluster.name}`),
      ),
      ...clusters.flatMap(cluster => addons(cluster).map(addon => `${addon.name}-${cluster.name}`)),
    ];
    expect([...applications.keys()].filter(key => !key.startsWith('root-')).sort()).toEqual(expected.sort());
  });

  it('permits nothing by a bare *, and says of each list what it holds', () => {
    for (const { metadata, spec } of projects.values()) {
      const {
        sourceRepos = [],
        destinations = [],
        clusterResourceWhitelist: wide = [],
        namespaceResourceWhitelist = [],
      } = spec;
      const words = [
        ...sourceRepos,
        ...destinations.flatMap(to => [to.name, to.server, to.namespace]),
        ...[...wide, ...namespaceResourceWhitelist].flatMap(({ group, kind }) => [group, kind]),
        ...wide.map(item => (item as { name?: string }).name),
      ];
      expect(words, metadata.name).not.toContain('*');
      // The only pattern: a system's own namespaces.
      const system = metadata.labels?.['app.kubernetes.io/part-of'];
      expect([...new Set(words.filter(word => word?.includes('*')))], metadata.name).toEqual(
        words.includes(`${system}-*`) ? [`${system}-*`] : [],
      );
      for (const list of [sourceRepos, destinations, namespaceResourceWhitelist])
        expect(list, metadata.name).not.toEqual([]);
    }
  });

  it('lets no system touch Secrets, Argo CD, or what belongs to the whole cluster', () => {
    for (const [project, { spec }] of projects) {
      if (project !== 'roots')
        for (const cluster of ['in-cluster', ...byName.keys()])
          expect(reaches(spec, { name: cluster, namespace: 'argocd' }), project).toBe(false);
      if (project.startsWith('addons-') || project === 'roots') continue;
      expect(
        spec.namespaceResourceWhitelist!.map(({ kind }) => kind),
        project,
      ).not.toContain('Secret');
      if (!project.startsWith('platform-'))
        expect(new Set(spec.clusterResourceWhitelist!.map(({ kind }) => kind)), project).toEqual(
          new Set(['Namespace']),
        );
    }
  });

  it('creates no namespace that is the cluster’s own', () => {
    for (const [project, { spec }] of projects) {
      const namespace = { group: '', kind: 'Namespace', name: 'kube-system' };
      for (const cluster of ['in-cluster', ...byName.keys()])
        expect(permits(spec, cluster, namespace), project).toBe(false);
    }
    for (const { metadata, spec } of applications.values()) {
      const creates = spec.syncPolicy!.syncOptions!.includes('CreateNamespace=true');
      const expected = metadata.labels!.layer === 'addons' && spec.destination.namespace !== 'kube-system';
      expect(creates, metadata.name).toBe(expected);
    }
  });

  it('permits each Application its source and its destination', () => {
    for (const [application, { spec }] of applications) {
      const project = projects.get(spec.project)!;
      expect(project, application).toBeDefined();
      expect(project.spec.sourceRepos, application).toContain(spec.source!.repoURL);
      expect(reaches(project.spec, spec.destination), application).toBe(true);
    }
  });

  it('permits each Application every object of its folder, and each object has one', () => {
    const folders = new Map(
      [...applications.values()].map(application => [application.spec.source!.path, application]),
    );
    for (const { synced, objects } of units) {
      if ((synced.cluster.name === 'local') !== (name === 'local')) continue;
      for (const { file, layer, manifest } of objects) {
        const application = folders.get(`dist/${synced.cluster.name}/${synced.system}/${layer}`)!;
        expect(application, file).toBeDefined();
        const object = { ...manifest.metadata, group: groupOf(manifest.apiVersion), kind: manifest.kind };
        expect(
          permits(projects.get(application.spec.project)!.spec, application.spec.destination.name!, object),
          file,
        ).toBe(true);
      }
    }
  });

  it('keeps each ring to itself: its ref, its clusters, its projects', () => {
    for (const [application, { spec, metadata, layer }] of applications) {
      if (layer === 'bootstrap') {
        expect(spec.source!.path).toBe(`dist/argocd/${name}/${application.replace('root-', '')}`);
        expect(spec.source!.targetRevision).toBe(`refs/heads/${application.replace('root-', '')}`);
        continue;
      }
      const cluster = byName.get(metadata.labels!.cluster!)!;
      expect(cluster.ring, application).toBe(layer);
      expect(spec.destination.name).toBe(name === 'local' ? 'in-cluster' : cluster.name);
      expect(spec.project.endsWith(`-${layer}`), application).toBe(true);
      if (metadata.labels!.layer !== 'addons') expect(spec.source!.targetRevision).toBe(`refs/heads/${layer}`);
    }
  });

  it('starts in waves: projects, add-ons, platform, what stands on it, systems', () => {
    const waveOf = (key: string) => Number(applications.get(key)!.metadata.annotations![SYNC_WAVE]);
    for (const cluster of new Set(units.map(({ synced }) => synced.cluster))) {
      if ((cluster.name === 'local') !== (name === 'local')) continue;
      const of = (addon: string) => waveOf(`${addon}-${cluster.name}`);
      const platform = of('platform-services');
      const starting = (start: Start) =>
        addons(cluster)
          .filter(({ starts }) => starts === start)
          .map(({ name }) => of(name));
      const [first, before, after] = [starting('first'), starting('before platform'), starting('after platform')];
      expect(Math.max(...first)).toBeLessThan(Math.min(...before, platform));
      expect(Math.max(...before)).toBeLessThan(platform);
      expect(Math.min(...after)).toBeGreaterThan(platform);
      for (const { synced } of units.filter(
        one => one.synced.cluster === cluster && one.synced.system !== 'platform',
      )) {
        for (const layer of synced.layers)
          expect(of(`${synced.system}-${layer.name}`)).toBeGreaterThan(Math.max(...after, platform));
      }
    }
    for (const [project, { metadata, layer }] of projects) {
      if (layer === 'bootstrap') continue;
      const first = Math.min(...[...applications].filter(([, it]) => it.layer === layer).map(([key]) => waveOf(key)));
      expect(Number(metadata.annotations![SYNC_WAVE]), project).toBeLessThan(first);
    }
  });
});

it('makes waves wait: the health of an Application is among the settings', () => {
  for (const { objects } of instances) {
    const settings = objects.find(({ manifest }) => manifest.metadata.name === 'argocd-cm')!;
    expect(settings.layer).toBe('bootstrap');
    expect(settings.manifest.metadata.labels).toMatchObject({
      'app.kubernetes.io/name': 'argocd-cm',
      'app.kubernetes.io/part-of': 'argocd',
    });
    expect(Object.keys(settings.manifest.data as object)).toEqual([
      'resource.customizations.health.argoproj.io_Application',
    ]);
  }
});
