import type { PersistentVolumeClaim } from '../../../imports/kubernetes.ts';
import { isSidecar, type Pod } from './pods.ts';
import { quantity } from './quantity.ts';
import type { View, Workload } from './view.ts';

/** Compute resources with the names that a ResourceQuota gives them. */
const COMPUTE = (['requests', 'limits'] as const).flatMap(list =>
  ['cpu', 'memory', 'ephemeral-storage'].map(name => ({ list, name, total: `${list}.${name}` })),
);

/** The most pods of a workload that has none until its system's role here becomes the primary's. */
const WHEN_PRIMARY = 'drydock/pods-when-primary';

/**
 * What a workload takes at its peak, by the names that a ResourceQuota uses: the most pods that its scaler may ask for, and
 * those that a rolling update adds.
 */
export function addPeak(view: View, workload: Workload, add: (name: string, amount: number) => void): void {
  const pods = peakPods(view, workload);
  add('pods', pods);
  for (const { list, name, total } of COMPUTE) add(total, pods * effective(workload.pod, list, name));
  for (const { metadata, spec } of claimsOf(workload)) {
    const made = pods - ownClaims(view, workload, metadata?.name);
    add('requests.storage', made * amount(spec?.resources?.requests?.storage));
    add('persistentvolumeclaims', made);
  }
}

/** The most pods that a workload has at one time; one that is switched off until a failover counts as if it had come. */
export function peakPods(view: View, workload: Workload): number {
  const { spec, metadata } = workload.object.manifest;
  const { max } = view.replicas(workload);
  return workload.traits.peak(spec, max > 0 ? max : Number(metadata.annotations?.[WHEN_PRIMARY] ?? 0));
}

/** The claims that each pod brings: a StatefulSet's, and those that live and die with the pod. */
function claimsOf({ object, pod }: Workload): Partial<PersistentVolumeClaim>[] {
  const { volumeClaimTemplates = [] } = object.manifest.spec as { volumeClaimTemplates?: PersistentVolumeClaim[] };
  const ephemeral = (pod.spec.volumes ?? []).flatMap(volume => volume.ephemeral?.volumeClaimTemplate ?? []);
  return [...volumeClaimTemplates, ...ephemeral.map(({ spec }) => ({ spec }))];
}

/** Claims of a StatefulSet that stand in the unit as objects, under the names it would give them: they are counted there. */
function ownClaims(view: View, { object }: Workload, template: string | undefined): number {
  if (template === undefined) return 0;
  const { name, namespace } = object.manifest.metadata;
  const beginning = `${template}-${name}-`;
  return view
    .of('v1/PersistentVolumeClaim')
    .filter(
      ({ manifest: { metadata } }) =>
        metadata.namespace === namespace &&
        metadata.name.startsWith(beginning) &&
        /^\d+$/.test(metadata.name.slice(beginning.length)),
    ).length;
}

/**
 * What the scheduler and the quota count for one pod: its containers and sidecars together, or an init container with the
 * sidecars started before it, whichever is more (kubernetes.io, "Sidecar containers: resource sharing").
 */
export function effective({ containers }: Pod, list: 'requests' | 'limits', name: string): number {
  let running = 0;
  let starting = 0;
  for (const each of containers) {
    const own = amount(each.container.resources?.[list]?.[name]);
    if (each.is === 'container' || isSidecar(each)) running += own;
    if (each.is === 'init') starting = Math.max(starting, isSidecar(each) ? running : running + own);
  }
  return Math.max(running, starting);
}

function amount(text: string | undefined): number {
  return text === undefined ? 0 : quantity(text).amount;
}
