import type { Cluster } from '../charts/cluster.ts';
import type { Synced } from './facts.ts';
import { ARGO_KUBERNETES } from './repository.ts';

/** One Argo CD and the units that it serves. */
export interface Instance {
  readonly name: 'hub' | 'local';
  /** The Kubernetes minor of the cluster that it runs in. */
  readonly kubernetes: string;
  readonly units: readonly Synced[];
  /** The name under which it knows a cluster. */
  destinationOf(cluster: Cluster): string;
}

const LOCAL = 'local';

/** The hub serves every cluster but `local`: a laptop comes and goes, and brings an Argo CD of its own. */
export function instances(synced: readonly Synced[]): Instance[] {
  const [laptop, rest] = [true, false].map(wanted =>
    synced.filter(({ cluster }) => (cluster.name === LOCAL) === wanted),
  );
  const hub: Instance = { name: 'hub', kubernetes: ARGO_KUBERNETES, units: rest!, destinationOf: ({ name }) => name };
  const local: Instance = {
    name: 'local',
    kubernetes: laptop![0]?.cluster.kubernetes ?? ARGO_KUBERNETES,
    units: laptop!,
    // The name that Argo CD gives to the cluster it stands in, without being told of it.
    destinationOf: () => 'in-cluster',
  };
  return [hub, local].filter(({ units }) => units.length > 0);
}

/** The clusters of some units, each once. */
export function clustersOf(units: readonly Synced[]): Cluster[] {
  return [...new Map(units.map(({ cluster }) => [cluster.name, cluster])).values()];
}
