import { rangeAsText } from './address.ts';
import { coversPod, excess, leadsAnywhere, type Opened, type Port } from './covered.ts';
import { INSTANCE } from './ends.ts';
import type { Direction, Peer, Policy } from './policy.ts';
import { DECLARE, type Fault, NOT_PUBLIC, WIRE } from './remedies.ts';
import { peerAsText, poorest, witnesses } from './witness.ts';
import type { World } from './world.ts';

/** What policies permit and nobody wired: each peer and port by itself, since policies only add to each other. */
export function* unwired(world: World): Iterable<Fault> {
  for (const { object, policy } of world.policies) {
    for (const direction of ['ingress', 'egress'] as const) {
      if (!policy[direction]?.length) continue;
      const opened = openedBy(world, policy, direction);
      for (const { at, peer, port } of openings(policy, direction)) {
        const beyond = opened
          .map(who => ({ who, whom: beyondWires(world, policy, who, peer, port) }))
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

/** The pods that a policy selects: the unit's, and what else its selector means. One that names a workload means no others. */
function openedBy(world: World, policy: Policy, direction: Direction): Opened[] {
  const opened = world.members
    .filter(({ pod }) => world.network.isolating(pod).includes(policy))
    .map((member): Opened => {
      const { workload, pod } = member;
      return { name: workload.name, pod, direction, wires: member[direction], asks: direction === 'egress' };
    });
  const { namespace } = policy;
  for (const labels of poorest(policy.pods)) {
    if (labels[INSTANCE] === undefined)
      opened.push({
        name: `any other pod of ${namespace}`,
        pod: { namespace, labels },
        direction,
        wires: [],
        asks: false,
      });
  }
  return opened;
}

/** Each peer and port of a policy by itself; undefined for everybody and for every port. */
function* openings(policy: Policy, direction: Direction): Iterable<{ at: string; peer: Peer | undefined; port: Port }> {
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
function beyondWires(world: World, { namespace }: Policy, who: Opened, peer: Peer | undefined, port: Port) {
  if (peer === undefined) return 'everybody';
  if (peer.is === 'addresses') {
    const [range, ...more] = excess(peer.ranges, who, port);
    return range && `${rangeAsText(range)}${more.length > 0 ? ' and more' : ''}`;
  }
  const pods = witnesses(peer, namespace);
  return pods.every(pod => coversPod(world, who, pod, port)) ? undefined : peerAsText(peer, namespace);
}

function portAsText(opened: Port): string {
  const { port, endPort, protocol = 'TCP' } = opened ?? {};
  if (opened === undefined) return 'every port';
  return port === undefined ? `every ${protocol} port` : `${protocol} ${port}${endPort ? `–${endPort}` : ''}`;
}
