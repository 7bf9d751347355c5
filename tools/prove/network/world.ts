import type { Rendered } from '../../render/manifest.ts';
import type { End, Unit, Wire } from '../rule.ts';
import { push } from '../rules/groups.ts';
import { NETWORK_POLICY } from '../rules/network-policy.ts';
import { isEmpty } from '../rules/selector.ts';
import { viewOf, type Workload } from '../rules/view.ts';
import { CILIUM_POLICY, type CiliumPolicy, readCilium } from './cilium.ts';
import { distinct, INSTANCE, podOfEnd } from './ends.ts';
import { Network, type Pod } from './network.ts';
import { type Policy, policyOf } from './policy.ts';

/** A workload, its pods and its wires. */
export interface Member {
  readonly workload: Workload;
  readonly pod: Pod;
  /** The first policy that selects it by a label, and so is its own; the namespace's default deny is not. */
  readonly own: Rendered | undefined;
  readonly cilium: readonly CiliumPolicy[];
  readonly egress: readonly Wire[];
  readonly ingress: readonly Wire[];
}

/** A unit as its network laws see it. */
export class World {
  readonly wires: readonly Wire[];
  readonly members: readonly Member[];
  readonly network: Network;
  readonly policies: readonly { readonly object: Rendered; readonly policy: Policy }[];
  readonly cilium: readonly CiliumPolicy[];
  readonly #byEnd = new Map<string, Member[]>();

  constructor(unit: Unit) {
    const view = viewOf(unit);
    this.wires = distinct(unit.wiring ?? []);
    this.policies = view.of(NETWORK_POLICY).map(object => ({ object, policy: policyOf(object.manifest) }));
    this.cilium = view.of(CILIUM_POLICY).map(readCilium);
    this.network = new Network(
      this.policies.map(({ policy }) => policy),
      new Map(view.of('v1/Namespace').map(({ manifest: { metadata } }) => [metadata.name, metadata.labels ?? {}])),
    );
    const from = new Map<string, Wire[]>();
    const to = new Map<string, Wire[]>();
    for (const wire of this.wires) {
      if (wire.from.is === 'workload') push(from, `${wire.from.namespace}/${wire.from.name}`, wire);
      if (wire.to.is === 'workload') push(to, `${wire.to.namespace}/${wire.to.name}`, wire);
    }
    this.members = view.workloads.map(workload => {
      const pod = podOf(workload);
      const key = `${pod.namespace}/${pod.labels[INSTANCE]}`;
      const member: Member = {
        workload,
        pod,
        own: this.#ownOf(pod),
        cilium: this.cilium.filter(
          policy => policy.namespace === pod.namespace && policy.instance === pod.labels[INSTANCE],
        ),
        egress: from.get(key) ?? [],
        ingress: to.get(key) ?? [],
      };
      push(this.#byEnd, key, member);
      return member;
    });
  }

  #ownOf(pod: Pod): Rendered | undefined {
    const own = this.network.isolating(pod).find(({ pods }) => !isEmpty(pods));
    return this.policies.find(({ policy }) => policy === own)?.object;
  }

  /** The unit's workloads that an end means. */
  membersOf(end: End): readonly Member[] {
    return end.is === 'workload' ? (this.#byEnd.get(`${end.namespace}/${end.name}`) ?? []) : [];
  }

  /** The pods that an end means: the unit's, or ones like those of the end. */
  podsOf(end: End): readonly Pod[] {
    const members = this.membersOf(end);
    if (members.length > 0) return members.map(({ pod }) => pod);
    const pod = podOfEnd(end);
    return pod ? [pod] : [];
  }
}

function podOf({ namespace, kind, pod }: Workload): Pod {
  return {
    namespace,
    labels: pod.labels,
    ports: pod.containers.flatMap(({ container }) => container.ports ?? []),
    ofStatefulSet: kind === 'StatefulSet',
  };
}
