import type { Rendered } from '../../render/manifest.ts';
import { push } from '../groups.ts';
import type { End, Unit, Wire } from '../rule.ts';
import { NETWORK_POLICY } from '../rules/network-policy.ts';
import { isEmpty } from '../rules/selector.ts';
import { viewOf, type Workload } from '../rules/view.ts';
import { CILIUM_POLICY, type CiliumPolicy, readCilium } from './cilium.ts';
import { distinct, INSTANCE, podOfEnd } from './ends.ts';
import { Network, type Pod } from './network.ts';
import { type Policy, policyOf } from './policy.ts';

/** A workload with its pods, the policies that are its own and the wires that end at it. */
export interface WiredWorkload {
  readonly object: Rendered;
  readonly name: string;
  readonly pod: Pod;
  /** The first policy that selects it by a label; the namespace's default deny is not its own. */
  readonly policy: Rendered | undefined;
  readonly cilium: readonly CiliumPolicy[];
  readonly egress: readonly Wire[];
  readonly ingress: readonly Wire[];
}

/** A unit as its network laws see it: workloads, the wires between them, and what policies make of both. */
export class Topology {
  readonly wires: readonly Wire[];
  readonly workloads: readonly WiredWorkload[];
  readonly network: Network;
  readonly policies: readonly { readonly object: Rendered; readonly policy: Policy }[];
  readonly cilium: readonly CiliumPolicy[];
  readonly #byEnd = new Map<string, WiredWorkload[]>();

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
    this.workloads = view.workloads.map(workload => {
      const { object, name } = workload;
      const pod = podOf(workload);
      const { namespace, labels } = pod;
      const key = `${namespace}/${labels[INSTANCE]}`;
      const wired: WiredWorkload = {
        object,
        name,
        pod,
        policy: this.#policyOf(pod),
        cilium: this.cilium.filter(each => each.namespace === namespace && each.instance === labels[INSTANCE]),
        egress: from.get(key) ?? [],
        ingress: to.get(key) ?? [],
      };
      push(this.#byEnd, key, wired);
      return wired;
    });
  }

  #policyOf(pod: Pod): Rendered | undefined {
    const own = this.network.policiesOf(pod).find(({ pods }) => !isEmpty(pods));
    return this.policies.find(({ policy }) => policy === own)?.object;
  }

  /** The unit's workloads that an end means. */
  workloadsOf(end: End): readonly WiredWorkload[] {
    return end.is === 'workload' ? (this.#byEnd.get(`${end.namespace}/${end.name}`) ?? []) : [];
  }

  /** The pods that an end means: the unit's, or ones like those of the end. */
  podsOf(end: End): readonly Pod[] {
    const workloads = this.workloadsOf(end);
    if (workloads.length > 0) return workloads.map(({ pod }) => pod);
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
