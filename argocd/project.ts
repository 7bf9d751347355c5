import type { Construct } from 'constructs';
import { addons, SYSTEM_NAMESPACE } from '../apps/platform/addons.ts';
import type { Cluster, Ring } from '../charts/cluster.ts';
import { COMPONENT, COST_CENTER, OWNER, PART_OF } from '../charts/conventions.ts';
import { KubeObject } from '../charts/index.ts';
import type { AppProject } from '../imports/custom.ts';
import { compare, type Kind, type Synced } from './facts.ts';
import { clustersOf, type Instance } from './instance.ts';
import { ADDONS, ADDONS_WIDE, PLATFORM_WIDE, VOCABULARY } from './kinds.ts';
import { RING } from './labels.ts';
import { namespacesOf, permitted } from './permitted.ts';
import { PROJECT_FINALIZER } from './policy.ts';
import { NAMESPACE, REPOSITORY } from './repository.ts';
import { wave } from './waves.ts';

type Spec = AppProject['spec'];

/** A project belongs to one ring, so that what it permits moves from ring to ring like all else. */
export function projectOf(system: string, ring: Ring): string {
  return `${system}-${ring}`;
}

/**
 * What one system may do in the clusters of one ring. Clusters are the ring's and namespaces the system's by name, whether
 * a unit stands there today or not: Argo CD does not delete what a project no longer permits, so that a permission which
 * went together with the last object would leave that object running.
 *
 * @param units the system's, all in one ring
 * @param clusters of the ring
 * @throws where a unit renders what no system may bring
 */
function systemProject(
  scope: Construct,
  instance: Instance,
  units: readonly Synced[],
  clusters: readonly Cluster[],
): void {
  const { system, cluster, owner, costCenter } = units[0]!;
  const namespaces = namespacesOf(system, units);
  const kinds = units.flatMap(unit => permitted(unit));
  const wide =
    system === 'platform'
      ? [...PLATFORM_WIDE, ...kinds.filter(kind => !kind.namespaced && kind.kind !== 'Namespace')]
      : [];
  project(
    scope,
    cluster.ring,
    system,
    { owner, costCenter },
    {
      description: `${system} in the clusters of ${cluster.ring}`,
      sourceRepos: [REPOSITORY],
      destinations: destinations(
        instance,
        clusters.flatMap(to => namespaces.map(namespace => [to, namespace] as const)),
      ),
      clusterResourceWhitelist: [...namespaces.map(name => ({ group: '', kind: 'Namespace', name })), ...unique(wide)],
      namespaceResourceWhitelist: unique([...VOCABULARY, ...kinds.filter(({ namespaced }) => namespaced)]),
    },
  );
}

/** What the vendors' charts may do in the clusters of one ring: these repositories, these namespaces, these kinds. */
function addonsProject(scope: Construct, instance: Instance, ring: Ring, clusters: readonly Cluster[]): void {
  const placed = clusters.flatMap(cluster => addons(cluster).map(addon => ({ cluster, addon })));
  const into = placed.flatMap(({ cluster, addon }) =>
    [addon.namespace, ...(addon.alsoIn ?? [])].map(namespace => [cluster, namespace] as const),
  );
  const own = [...new Set(placed.map(({ addon }) => addon.namespace))].filter(name => name !== SYSTEM_NAMESPACE).sort();
  project(
    scope,
    ring,
    'addons',
    { owner: 'platform', costCenter: 'platform' },
    {
      description: `Add-ons in the clusters of ${ring}`,
      sourceRepos: [...new Set(placed.map(({ addon }) => addon.source.repository))].sort(),
      destinations: destinations(instance, into),
      clusterResourceWhitelist: [...own.map(name => ({ group: '', kind: 'Namespace', name })), ...ADDONS_WIDE],
      namespaceResourceWhitelist: [...ADDONS],
    },
  );
}

function project(
  scope: Construct,
  ring: Ring,
  system: string,
  whose: { owner: string; costCenter: string },
  spec: Spec,
): void {
  const name = projectOf(system, ring);
  const metadata = {
    name,
    namespace: NAMESPACE,
    labels: {
      [PART_OF]: system === 'addons' ? 'platform' : system,
      [COMPONENT]: 'delivery',
      [OWNER]: whose.owner,
      [COST_CENTER]: whose.costCenter,
      [RING]: ring,
    },
    annotations: wave('project'),
    finalizers: [PROJECT_FINALIZER],
  };
  new KubeObject<AppProject>(
    scope,
    `project-${name}`,
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata },
    { spec },
  );
}

function destinations(instance: Instance, into: readonly (readonly [Cluster, string])[]): Spec['destinations'] {
  const all = into.map(([cluster, namespace]) => ({ name: instance.destinationOf(cluster), namespace }));
  return [...new Map(all.map(one => [`${one.name} ${one.namespace}`, one]))]
    .sort(([a], [b]) => compare(a, b))
    .map(([, one]) => one);
}

function unique(kinds: readonly Kind[]): Kind[] {
  return [...new Map(kinds.map(({ group, kind }) => [`${group}/${kind}`, { group, kind }]))]
    .sort(([a], [b]) => compare(a, b))
    .map(([, one]) => one);
}

/** The projects of one ring. */
export function projects(scope: Construct, instance: Instance, ring: Ring, units: readonly Synced[]): void {
  const clusters = clustersOf(units);
  addonsProject(scope, instance, ring, clusters);
  for (const system of [...new Set(units.map(unit => unit.system))].sort()) {
    systemProject(
      scope,
      instance,
      units.filter(unit => unit.system === system),
      clusters,
    );
  }
}
