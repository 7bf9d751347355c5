import type { DeploymentSpec, PodAffinityTerm } from '../../../imports/kubernetes.ts';
import type { Problem } from '../rule.ts';
import { placesFor } from './node-pools.ts';
import type { Pod } from './pods.ts';
import { asText, matches } from './selector.ts';
import { share } from './share.ts';
import type { View, Workload } from './view.ts';

/** One term of a pod's anti-affinity. */
interface AntiAffinity {
  readonly at: string;
  readonly term: PodAffinityTerm;
  readonly required: boolean;
}

export function antiAffinityOf({ spec, specAt }: Pod): AntiAffinity[] {
  const at = `${specAt}.affinity.podAntiAffinity`;
  const { podAntiAffinity = {} } = spec.affinity ?? {};
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required = [],
    preferredDuringSchedulingIgnoredDuringExecution: preferred = [],
  } = podAntiAffinity;
  return [
    ...required.map((term, index) => ({
      at: `${at}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`,
      term,
      required: true,
    })),
    ...preferred.map(({ podAffinityTerm: term }, index) => ({
      at: `${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm`,
      term,
      required: false,
    })),
  ];
}

/** Why a term keeps nobody apart, or keeps pods from being started at all. */
export function* antiAffinityFaults(
  view: View,
  workload: Workload,
  { at, term, required }: AntiAffinity,
): Iterable<Problem> {
  const { labelSelector = {}, namespaces = [], namespaceSelector, topologyKey } = term;
  const { pod, namespace } = workload;
  if (namespaces.length > 0 || namespaceSelector) return; // about pods of others
  const nobody = term.labelSelector === undefined || view.select(namespace, labelSelector).length === 0;
  if (nobody)
    yield {
      given: `${at}.labelSelector ${asText(labelSelector)} matches no pod of namespace ${namespace}`,
      remedy: 'select the pod’s own by app.kubernetes.io/instance',
    };
  if (nobody || !required || !matches(labelSelector, pod.labels)) return;
  const pods = atOnce(view, workload);
  const places = placesFor(pod, topologyKey, view.unit.cluster);
  if (pods > places)
    yield {
      given: `${at} gives each of ${pods} pods its own ${topologyKey}, of which there are ${places}`,
      remedy: 'prefer it (preferredDuringSchedulingIgnoredDuringExecution), or ask for fewer pods',
    };
}

/** The pods that must stand side by side: the most there may be, and one more where an update takes none away first. */
function atOnce(view: View, workload: Workload): number {
  const { max } = view.replicas(workload);
  const { strategy } = workload.object.manifest.spec as DeploymentSpec;
  const taken = strategy?.rollingUpdate?.maxUnavailable;
  return taken !== undefined && share(taken, max, Math.floor) === 0 ? max + 1 : max;
}
