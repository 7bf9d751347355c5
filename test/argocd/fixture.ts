import { App } from 'cdk8s';
import { type ArgoUnit, argocdUnits, type Synced, syncedFrom } from '../../argocd/index.ts';
import { System } from '../../charts/index.ts';
import { fleet } from '../../fleet.ts';
import type { Application, AppProject } from '../../imports/custom.ts';
import { Api } from '../../tools/prove/api.ts';
import { render } from '../../tools/render/index.ts';
import type { Rendered } from '../../tools/render/manifest.ts';
import { staging } from '../site.ts';

/** The whole fleet as it is rendered, with the objects of each unit. */
export function renderedFleet(): { synced: Synced; objects: readonly Rendered[] }[] {
  return fleet.flatMap(({ cluster, units }) =>
    units.map(({ system, build }) => {
      const app = new App();
      const chart = build(app);
      const place = { cluster: cluster.name, folder: `${cluster.name}/${system}`, namespaceOf: () => chart.name };
      const { objects } = render(
        app,
        { ...place, layerOf: (it, at) => chart.layerOf(it, at) },
        new Api('imports', cluster.kubernetes),
      );
      return { synced: syncedFrom(cluster, chart, objects), objects };
    }),
  );
}

/** A made-up unit in staging: services that are scaled, and data. */
export function shop(changes: Partial<Synced> = {}): Synced {
  return {
    cluster: staging,
    system: 'shop',
    owner: 'team',
    costCenter: 'cc',
    layers: [
      {
        name: 'services',
        folder: 'dist/staging/shop/services',
        namespaces: ['shop'],
        scaled: [{ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }],
      },
      { name: 'data', folder: 'dist/staging/shop/data', namespaces: ['shop-data'], scaled: [] },
    ],
    kinds: [
      { group: '', kind: 'Namespace', namespaced: false },
      { group: 'apps', kind: 'Deployment', namespaced: true },
    ],
    ...changes,
  };
}

/** An empty system, to read facts from objects that a test makes up. */
export function emptySystem(): System {
  return new System(new App(), 'shop', { site: { ...staging, role: 'independent' }, owner: 'team', costCenter: 'cc' });
}

export interface Made {
  readonly unit: ArgoUnit;
  readonly objects: readonly Rendered[];
  readonly findings: readonly unknown[];
  /** By name. */
  readonly applications: ReadonlyMap<string, Application & { layer: string }>;
  readonly projects: ReadonlyMap<string, AppProject & { layer: string }>;
}

/** What the Argo CDs get for some units. */
export function made(synced: readonly Synced[]): Made[] {
  return argocdUnits(synced).map(unit => {
    const place = {
      cluster: 'argocd',
      folder: `argocd/${unit.name}`,
      namespaceOf: () => 'argocd',
      layerOf: unit.layerOf,
    };
    const api = new Api('imports', unit.kubernetes);
    const parts = unit.parts.map(build => {
      const app = new App();
      build(app);
      return render(app, place, api);
    });
    const objects = parts.flatMap(part => part.objects);
    const findings = parts.flatMap(part => part.findings);
    const of = <T>(kind: string) =>
      new Map(
        objects
          .filter(({ manifest }) => manifest.kind === kind)
          .map(({ layer, manifest }) => [
            manifest.metadata.name,
            { ...manifest, layer } as unknown as T & { layer: string },
          ]),
      );
    return {
      unit,
      objects,
      findings,
      applications: of<Application>('Application'),
      projects: of<AppProject>('AppProject'),
    };
  });
}
