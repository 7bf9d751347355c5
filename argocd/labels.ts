import type { Cluster } from '../charts/cluster.ts';
import { COMPONENT, COST_CENTER, ENVIRONMENT, OWNER, PART_OF } from '../charts/conventions.ts';

/** What Applications are found by: `argocd app list -l cluster=staging,layer=data`. */
const CLUSTER = 'cluster';
const LAYER = 'layer';
/** On all that a ring's root carries, and on nothing else. */
export const RING = 'ring';

interface Subject {
  readonly cluster: Cluster;
  readonly system: string;
  /** What of the system it is: a layer, or an add-on. */
  readonly component: string;
  readonly layer: string;
  readonly owner: string;
  readonly costCenter: string;
}

/** An Application carries the labels of what it brings, not those of Argo CD. */
export function labelsOf({ cluster, system, component, layer, owner, costCenter }: Subject): Record<string, string> {
  return {
    [PART_OF]: system,
    [COMPONENT]: component,
    [ENVIRONMENT]: cluster.tier,
    [OWNER]: owner,
    [COST_CENTER]: costCenter,
    [CLUSTER]: cluster.name,
    [LAYER]: layer,
    [RING]: cluster.ring,
  };
}
