import { type App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { addons } from '../apps/platform/addons.ts';
import { COMPONENT, COST_CENTER, ENVIRONMENT, MANAGED_BY, OWNER, PART_OF } from '../charts/conventions.ts';
import { addonApplication } from './addon-application.ts';
import { unitApplication } from './application.ts';
import { bootstrap } from './bootstrap.ts';
import type { Synced } from './facts.ts';
import { clustersOf, type Instance, instances } from './instance.ts';
import { RING } from './labels.ts';
import { distinct } from './permitted.ts';
import { projects } from './project.ts';
import { RINGS } from './repository.ts';

export { type RenderedObject, type Synced, syncedFrom } from './facts.ts';
export { ARGO_KUBERNETES } from './repository.ts';

/** The objects of one Argo CD, rendered to `dist/argocd/<name>/<layer>/`. */
export interface ArgoUnit {
  readonly name: 'hub' | 'local';
  /** The Kubernetes minor by whose schemas they are judged. */
  readonly kubernetes: string;
  /** An App of its own for what is the fleet's and for each cluster: one for all would grow with the fleet. */
  readonly parts: readonly ((scope: App) => Chart)[];
  /** `bootstrap`, which a person applies, or the ring whose root carries the object. */
  layerOf(manifest: { readonly metadata: { readonly labels?: Readonly<Record<string, string>> } }): string;
}

/** Projects and Applications for all that was rendered: no list of units, clusters or kinds is typed a second time. */
export function argocdUnits(synced: readonly Synced[]): ArgoUnit[] {
  return instances(synced).map(instance => ({
    name: instance.name,
    kubernetes: instance.kubernetes,
    parts: [
      scope => ofTheFleet(scope, instance),
      ...[...byCluster(instance.units).values()].map(units => (scope: App) => ofCluster(scope, instance, units)),
    ],
    layerOf: ({ metadata }) => metadata.labels?.[RING] ?? 'bootstrap',
  }));
}

/** What a person applies, and the projects of each ring. */
function ofTheFleet(scope: App, instance: Instance): Chart {
  distinct([...new Set(instance.units.map(({ system }) => system))], reservedNames(instance.units));
  const chart = chartOf(scope, instance);
  const rings = RINGS.filter(ring => instance.units.some(({ cluster }) => cluster.ring === ring));
  bootstrap(new Construct(chart, 'bootstrap'), instance.name, rings);
  for (const ring of rings) {
    const units = instance.units.filter(({ cluster }) => cluster.ring === ring);
    projects(new Construct(chart, ring), instance, ring, units);
  }
  return chart;
}

/** The Applications of one cluster: its add-ons, and each layer of each unit. */
function ofCluster(scope: App, instance: Instance, units: readonly Synced[]): Chart {
  const chart = chartOf(scope, instance);
  const { cluster } = units[0]!;
  const folder = new Construct(chart, cluster.ring);
  for (const addon of addons(cluster)) addonApplication(folder, instance, cluster, addon);
  for (const unit of units) {
    for (const layer of unit.layers) unitApplication(folder, instance, unit, layer);
  }
  return chart;
}

/** Names that a system cannot have: its projects and namespaces would be others'. */
function reservedNames(units: readonly Synced[]): Set<string> {
  const taken = clustersOf(units).flatMap(cluster =>
    addons(cluster).flatMap(({ name, namespace }) => [name, namespace]),
  );
  return new Set(['addons', 'argocd', 'roots', 'default', 'kube-system', 'kube-public', 'kube-node-lease', ...taken]);
}

function byCluster(units: readonly Synced[]): Map<string, Synced[]> {
  const found = new Map<string, Synced[]>();
  for (const unit of units) {
    const known = found.get(unit.cluster.name);
    if (known) known.push(unit);
    else found.set(unit.cluster.name, [unit]);
  }
  return found;
}

function chartOf(scope: App, instance: Instance): Chart {
  return new Chart(scope, 'argocd', {
    labels: {
      [PART_OF]: 'argocd',
      [COMPONENT]: 'delivery',
      [MANAGED_BY]: 'drydock',
      [ENVIRONMENT]: instance.name === 'local' ? 'development' : 'production',
      [OWNER]: 'platform',
      [COST_CENTER]: 'platform',
    },
  });
}
