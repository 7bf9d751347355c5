import type { LabelSelector } from '../../../imports/kubernetes.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { asText, isEmpty } from './selector.ts';
import { viewOf } from './view.ts';

export const selectorsDisjoint: UnitRule = {
  name: 'selectors-disjoint',
  demands: 'No workload selects the pods of another of its namespace: each would count, and delete, the other’s.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const { object, namespace, traits } of view.workloads) {
      if (!traits.longRunning) continue;
      const { selector } = object.manifest.spec as { selector: LabelSelector };
      if (isEmpty(selector)) continue; // rollout says that
      for (const other of view.select(namespace, selector)) {
        if (other.object === object) continue;
        yield {
          object,
          given: `spec.selector ${asText(selector)} matches the pods of ${other.kind} ${other.name} too`,
          remedy: 'select by an app.kubernetes.io/instance that no other workload has',
        };
      }
    }
  },
};
