import type { Wire } from '../rule.ts';
import { rangeAsText } from './address.ts';
import type { NamedEgress } from './cilium.ts';
import { coversPod, excess, leadsAnywhere, type Port, type Selected } from './covered.ts';
import { INSTANCE } from './ends.ts';
import { type Direction, leastLabels, leastPods, type Peer, type Policy, peerAsText } from './policy.ts';
import { DECLARE, type Fault, NOT_PUBLIC, UNPATCH, WIRE } from './remedies.ts';
import type { Topology } from './topology.ts';

/** What policies permit and nobody wired: each peer and port by itself, since policies only add to each other. */
export function* unwired(topology: Topology): Iterable<Fault> {
  for (const { object, policy } of topology.policies) {
    for (const direction of ['ingress', 'egress'] as const) {
      if (!policy[direction]?.length) continue;
      const selected = selectedBy(topology, policy, direction);
      for (const { at, peer, port } of peersAndPorts(policy, direction)) {
        const beyond = selected
          .map(who => ({ who, whom: beyondWires(topology, policy, who, peer, port) }))
          .filter(({ whom }) => whom !== undefined);
        if (beyond.length === 0) continue;
        const names = beyond.map(({ who }) => who.name).join(', ');
        const [from, to] = direction === 'ingress' ? [beyond[0]!.whom, names] : [names, beyond[0]!.whom];
        const given = `${at} lets ${from} reach ${portAsText(port)} of ${to}, which nobody wired`;
        const anywhere = beyond.every(({ who }) => leadsAnywhere(who, port));
        yield { object, given, remedy: peer?.is !== 'addresses' ? WIRE : anywhere ? NOT_PUBLIC : DECLARE };
      }
    }
  }
}

/** The pods that a policy selects: the unit's, and any others; one that names a workload selects no others. */
function selectedBy({ workloads, network }: Topology, policy: Policy, direction: Direction): Selected[] {
  const { namespace } = policy;
  const own = workloads
    .filter(({ pod }) => network.policiesOf(pod).includes(policy))
    .map(({ name, pod, [direction]: wires }) => ({ name, pod, direction, wires, asksDns: direction === 'egress' }));
  const others = leastLabels(policy.pods)
    .filter(labels => labels[INSTANCE] === undefined)
    .map(labels => ({
      name: `any other pod of ${namespace}`,
      pod: { namespace, labels },
      direction,
      wires: [],
      asksDns: false,
    }));
  return [...own, ...others];
}

/** Each peer and port of a policy by itself; undefined for everybody and for every port. */
function* peersAndPorts(
  policy: Policy,
  direction: Direction,
): Iterable<{ at: string; peer: Peer | undefined; port: Port }> {
  for (const [index, { peers, ports }] of policy[direction]!.entries()) {
    const at = `spec.${direction}[${index}]`;
    const side = direction === 'ingress' ? 'from' : 'to';
    for (const port of ports.length > 0 ? ports : [undefined]) {
      if (peers.length === 0) yield { at, peer: undefined, port };
      for (const [place, peer] of peers.entries()) yield { at: `${at}.${side}[${place}]`, peer, port };
    }
  }
}

/** What of an opening no wire covers, as a finding calls it. */
function beyondWires(topology: Topology, { namespace }: Policy, who: Selected, peer: Peer | undefined, port: Port) {
  if (peer === undefined) return 'everybody';
  if (peer.is === 'addresses') {
    const [range, ...more] = excess(peer.ranges, who, port);
    return range && `${rangeAsText(range)}${more.length > 0 ? ' and more' : ''}`;
  }
  const pods = leastPods(peer, namespace);
  return pods.every(pod => coversPod(topology, who, pod, port)) ? undefined : peerAsText(peer, namespace);
}

function portAsText(opened: Port): string {
  const { port, endPort, protocol = 'TCP' } = opened ?? {};
  if (opened === undefined) return 'every port';
  return port === undefined ? `every ${protocol} port` : `${protocol} ${port}${endPort ? `–${endPort}` : ''}`;
}

/** What CiliumNetworkPolicies say beyond the wires. What they lack is a matter of the wire. */
export function* unwiredNames(topology: Topology): Iterable<Fault> {
  for (const policy of topology.cilium) {
    const { object, odd, instance, egress, dns } = policy;
    for (const at of odd) {
      const given = `${at} says more than one workload's way to whole host names, the API server or DNS at ports of its own`;
      yield { object, given, remedy: DECLARE };
    }
    if (instance === undefined) continue;
    const workload = topology.workloads.find(({ cilium }) => cilium.includes(policy));
    if (workload === undefined) {
      const given = `spec.endpointSelector ${INSTANCE}=${instance} matches no pod`;
      yield { object, given, remedy: 'remove the policy' };
      continue;
    }
    for (const each of egress) {
      if (workload.egress.some(wire => leadsTo(wire, each))) continue;
      const { at, host = 'the API server', port } = each;
      const given = `${at} lets ${instance} reach TCP ${port} of ${host}, which nobody wired`;
      yield { object, given, remedy: DECLARE };
    }
    if (!dns && egress.some(({ host }) => host !== undefined)) {
      const given = `nothing puts the DNS of ${instance} through Cilium, which so learns no address of a host`;
      yield { object, given, remedy: UNPATCH };
    }
  }
}

function leadsTo({ to, port }: Wire, named: NamedEgress): boolean {
  if (port !== named.port) return false;
  return named.host === undefined ? to.is === 'api-server' : to.is === 'hosts' && to.hosts.includes(named.host);
}
