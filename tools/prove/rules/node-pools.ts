import type { Cluster, NodePool } from '../rule.ts';
import type { Pod } from './pods.ts';

/** The taint of interruptible nodes, and so the key of the toleration that lets a pod stand on them. */
const SPOT = 'drydock/spot';

export const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';

/** Zones that we count on; a region of the cloud may have more. */
export const ZONES = 3;

export function toleratesSpot({ spec }: Pod): boolean {
  return (spec.tolerations ?? []).some(({ key, operator }) => key === SPOT || (!key && operator === 'Exists'));
}

/** The pools whose nodes may take a pod. */
export function poolsFor(pod: Pod, pools: readonly NodePool[]): readonly NodePool[] {
  return toleratesSpot(pod) ? pools : pools.filter(({ spot }) => !spot);
}

/** How many different values of a node label a pod can find at most; Infinity where nobody knows. */
export function placesFor(pod: Pod, label: string, { nodePools }: Cluster): number {
  const nodes = nodePools
    ? poolsFor(pod, nodePools).reduce((sum, { maxNodes }) => sum + maxNodes, 0)
    : Number.POSITIVE_INFINITY;
  if (label === HOST) return nodes;
  return label === ZONE ? Math.min(ZONES, nodes) : Number.POSITIVE_INFINITY;
}
