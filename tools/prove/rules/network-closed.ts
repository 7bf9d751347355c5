import type { NetworkPolicySpec } from '../../../imports/kubernetes.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { isDefaultDeny, NETWORK_POLICY } from './network-policy.ts';
import { asText, isEmpty } from './selector.ts';
import { viewOf, type Workload } from './view.ts';

export const networkClosed: UnitRule = {
  name: 'network-closed',
  demands:
    'Each namespace of the unit denies by default, each workload has a policy of its own that says what it may, and each policy has a workload.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    const denied = new Set<string | undefined>();
    const covered = new Set<Workload>();
    for (const object of view.of(NETWORK_POLICY)) {
      const spec = (object.manifest.spec ?? {}) as NetworkPolicySpec;
      const { namespace = '' } = object.manifest.metadata;
      if (isDefaultDeny(spec)) denied.add(namespace);
      if (isEmpty(spec.podSelector)) continue;
      const chosen = view.select(namespace, spec.podSelector ?? {});
      for (const workload of chosen) covered.add(workload);
      if (chosen.length === 0) {
        yield {
          object,
          given: `spec.podSelector ${asText(spec.podSelector ?? {})} matches no pod of namespace ${namespace}`,
          remedy: 'select what a pod template carries, its app.kubernetes.io/instance, or remove the policy',
        };
      }
    }
    for (const object of view.of('v1/Namespace')) {
      const { name } = object.manifest.metadata;
      if (!denied.has(name))
        yield {
          object,
          given: `namespace ${name} has no default deny`,
          remedy: 'add a NetworkPolicy with podSelector: {} and both policyTypes',
        };
    }
    for (const workload of view.workloads) {
      if (!covered.has(workload)) {
        const { object, kind, name } = workload;
        yield {
          object,
          given: `no NetworkPolicy selects ${kind} ${name}`,
          remedy: 'add one that says who may reach it and whom it may reach',
        };
      }
    }
  },
};
