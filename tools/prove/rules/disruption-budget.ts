import type { PodDisruptionBudgetSpec } from '../../../imports/kubernetes.ts';
import type { Rendered } from '../../render/manifest.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { asText } from './selector.ts';
import { share } from './share.ts';
import { viewOf, type Workload } from './view.ts';

const BUDGET = 'policy/v1/PodDisruptionBudget';

export const disruptionBudget: UnitRule = {
  name: 'disruption-budget',
  demands:
    'Each Deployment and StatefulSet has exactly one disruption budget; it always lets one pod go, and lets go of pods that are not ready anyway, a StatefulSet’s only while the others are well.',
  except: 'A budget of one that is switched off (0 replicas) keeps nothing.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    const budgets = new Map<Workload, Rendered[]>();
    for (const object of view.of(BUDGET)) {
      const { namespace = '' } = object.manifest.metadata;
      const spec = (object.manifest.spec ?? {}) as PodDisruptionBudgetSpec;
      const chosen = spec.selector ? view.select(namespace, spec.selector) : [];
      if (chosen.length === 0) {
        yield {
          object,
          given: `spec.selector ${asText(spec.selector ?? {})} matches no pod of namespace ${namespace}`,
          remedy: 'select what a pod template carries, its app.kubernetes.io/instance',
        };
      }
      const policy = spec.unhealthyPodEvictionPolicy ?? 'not given';
      // A pod with a volume may be unready while it holds the only other copy.
      const holdsData = chosen.some(({ kind }) => kind === 'StatefulSet');
      if (policy !== 'AlwaysAllow' && !(holdsData && policy === 'IfHealthyBudget')) {
        yield {
          object,
          given: `spec.unhealthyPodEvictionPolicy is ${policy}`,
          remedy: holdsData
            ? 'write IfHealthyBudget, or AlwaysAllow where no pod holds what the others lack'
            : 'write AlwaysAllow: a pod that is broken anyway must not keep a node from draining',
        };
      }
      for (const workload of chosen) {
        budgets.set(workload, [...(budgets.get(workload) ?? []), object]);
        const { min, max } = view.replicas(workload);
        // While it is scaled to zero there is nothing to disrupt.
        const stuck = workload.traits.budgeted && max > 0 ? never(spec, Math.max(1, min)) : undefined;
        if (stuck)
          yield {
            object,
            given: `${stuck}: ${workload.kind} ${workload.name} never lets a pod go, and no node of its drains`,
            remedy: 'write maxUnavailable: 1',
          };
      }
    }
    for (const workload of view.workloads) {
      if (!workload.traits.budgeted) continue;
      const all = budgets.get(workload) ?? [];
      const { object, kind, name } = workload;
      if (all.length === 0)
        yield {
          object,
          given: `no disruption budget selects ${kind} ${name}`,
          remedy: 'add one with maxUnavailable: 1',
        };
      else if (all.length > 1) {
        yield {
          object,
          given: `${all.map(each => each.manifest.metadata.name).join(' and ')} both select ${kind} ${name}`,
          remedy: 'keep one budget: with two no pod can be evicted',
        };
      }
    }
  },
};

/** Why a budget allows nothing with so many pods; both percentages are rounded up (kubernetes.io, "Specifying a Disruption Budget"). */
function never({ minAvailable, maxUnavailable }: PodDisruptionBudgetSpec, pods: number): string | undefined {
  if (maxUnavailable !== undefined)
    return share(maxUnavailable, pods, Math.ceil) < 1 ? `spec.maxUnavailable is ${maxUnavailable}` : undefined;
  if (minAvailable === undefined) return 'spec states neither maxUnavailable nor minAvailable';
  return share(minAvailable, pods, Math.ceil) >= pods ? `spec.minAvailable is ${minAvailable} of ${pods}` : undefined;
}
