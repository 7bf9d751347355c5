import type { NetworkPolicyPort } from '../../../imports/kubernetes.ts';
import { type Labels, matches } from '../rules/selector.ts';
import { contains, type Range } from './address.ts';
import type { Direction, Peer, Policy, Rule } from './policy.ts';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** Pods that policies cannot tell apart. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Labels;
  /** Ports of its containers, for policies that name them. */
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[];
  /** Whether a StatefulSet makes it, and so more labels may come at run time. */
  readonly ofStatefulSet?: boolean;
}

/** One end of a connection; a range stands for any one address of it. */
export type Endpoint = Pod | Range;

export const isPod = (endpoint: Endpoint): endpoint is Pod => 'labels' in endpoint;

/**
 * What NetworkPolicies permit, as kubernetes.io/docs/concepts/services-networking/network-policies says it.
 *
 * Not said here: that a pod reaches itself and is reached from its node always; what plugins do with `hostNetwork`; and
 * that some plugins match `ipBlock` against pods as well: here a pod has no address, since the docs call pods' "ephemeral
 * and unpredictable".
 */
export class Network {
  readonly #policiesOf = new Map<Pod, readonly Policy[]>();
  readonly #labels = new Map<string, Labels>();

  /** @param namespaces labels of the namespaces that have more than their name's */
  constructor(
    private readonly policies: readonly Policy[],
    private readonly namespaces: ReadonlyMap<string, Labels> = new Map(),
  ) {}

  /** Whether a connection comes about: the source may send it, and the destination may take it. */
  allows(from: Endpoint, to: Endpoint, port: number, protocol: Protocol = 'TCP'): boolean {
    return (
      (!isPod(from) || this.permits(from, 'egress', to, port, protocol)) &&
      (!isPod(to) || this.permits(to, 'ingress', from, port, protocol))
    );
  }

  /** One side of it: whether `pod` may send to, or take from, `other`. */
  permits(pod: Pod, direction: Direction, other: Endpoint, port: number, protocol: Protocol = 'TCP'): boolean {
    const destination = direction === 'ingress' ? pod : other;
    let isolated = false;
    for (const policy of this.policiesOf(pod)) {
      const rules = policy[direction];
      if (rules === undefined) continue;
      isolated = true;
      if (rules.some(rule => opens(rule, destination, port, protocol) && this.#meets(rule, policy, other))) return true;
    }
    return !isolated;
  }

  /** Whether any policy says something of this direction; if none does, all is permitted. */
  isIsolated(pod: Pod, direction: Direction): boolean {
    return this.policiesOf(pod).some(policy => policy[direction] !== undefined);
  }

  /** The addresses that a pod may send to, or take from, at one port; undefined for all. */
  addresses(pod: Pod, direction: Direction, port: number, protocol: Protocol = 'TCP'): Range[] | undefined {
    if (!this.isIsolated(pod, direction)) return undefined;
    const ranges: Range[] = [];
    for (const policy of this.policiesOf(pod)) {
      for (const rule of policy[direction] ?? []) {
        // An address has no container ports, so a port by name is open on this pod only.
        if (!opens(rule, direction === 'ingress' ? pod : undefined, port, protocol)) continue;
        if (rule.peers.length === 0) return undefined;
        for (const peer of rule.peers) if (peer.is === 'addresses') ranges.push(...peer.ranges);
      }
    }
    return ranges;
  }

  /** The policies that select a pod. */
  policiesOf(pod: Pod): readonly Policy[] {
    let found = this.#policiesOf.get(pod);
    if (found === undefined) {
      found = this.policies.filter(({ namespace, pods }) => namespace === pod.namespace && selects(pods, pod));
      this.#policiesOf.set(pod, found);
    }
    return found;
  }

  #meets({ peers }: Rule, policy: Policy, other: Endpoint): boolean {
    return peers.length === 0 || peers.some(peer => this.#means(peer, policy.namespace, other));
  }

  /** Whether a peer in a policy of namespace `own` is this one. */
  #means(peer: Peer, own: string, other: Endpoint): boolean {
    if (peer.is === 'addresses') return !isPod(other) && peer.ranges.some(range => contains(range, other));
    if (!isPod(other)) return false;
    const { namespaces, pods } = peer;
    if (namespaces === undefined && pods === undefined) return false; // the API server refuses it
    const inside =
      namespaces === undefined ? other.namespace === own : matches(namespaces, this.#labelsOf(other.namespace));
    return inside && (pods === undefined || selects(pods, other));
  }

  /** A namespace's labels; the API server gives each its name (KEP-2161). */
  #labelsOf(namespace: string): Labels {
    let labels = this.#labels.get(namespace);
    if (labels === undefined) {
      labels = { ...this.namespaces.get(namespace), 'kubernetes.io/metadata.name': namespace };
      this.#labels.set(namespace, labels);
    }
    return labels;
  }
}

function selects(selector: Policy['pods'], { labels, ofStatefulSet }: Pod): boolean {
  return matches(selector, labels, ofStatefulSet);
}

function opens({ ports }: Rule, destination: Endpoint | undefined, port: number, protocol: Protocol): boolean {
  return ports.length === 0 || ports.some(each => isPort(each, destination, port, protocol));
}

/** Whether a policy's port is this one. One by name is whatever number the destination's containers give it. */
function isPort(
  { port: given, endPort, protocol: of = 'TCP' }: NetworkPolicyPort,
  destination: Endpoint | undefined,
  port: number,
  protocol: Protocol,
): boolean {
  if (of !== protocol) return false;
  if (given === undefined) return true;
  if (typeof given === 'number') return given <= port && port <= (endPort ?? given);
  return destination !== undefined && isPod(destination) && portsCalled(given, of, destination).includes(port);
}

/** The numbers that a pod's containers give to a port's name. */
export function portsCalled(name: string, protocol: string, { ports = [] }: Pod): number[] {
  return ports
    .filter(each => each.name === name && (each.protocol ?? 'TCP') === protocol)
    .map(({ containerPort }) => containerPort);
}
