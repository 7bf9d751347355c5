import type { Wire } from '../rule.ts';
import type { Opening } from './cilium.ts';
import { INSTANCE } from './ends.ts';
import { DECLARE, type Fault, UNPATCH } from './remedies.ts';
import type { World } from './world.ts';

/** What CiliumNetworkPolicies say beyond the wires. What they lack is a matter of the wire. */
export function* unwiredNames(world: World): Iterable<Fault> {
  for (const policy of world.cilium) {
    const { object, odd, instance, opened, dns } = policy;
    for (const at of odd) {
      const given = `${at} says more than one workload's way to whole host names, the API server or DNS at ports of its own`;
      yield { object, given, remedy: DECLARE };
    }
    if (instance === undefined) continue;
    const member = world.members.find(({ cilium }) => cilium.includes(policy));
    if (member === undefined) {
      const given = `spec.endpointSelector ${INSTANCE}=${instance} matches no pod`;
      yield { object, given, remedy: 'remove the policy' };
      continue;
    }
    for (const opening of opened) {
      if (member.egress.some(wire => leadsTo(wire, opening))) continue;
      const { at, host = 'the API server', port } = opening;
      const given = `${at} lets ${instance} reach TCP ${port} of ${host}, which nobody wired`;
      yield { object, given, remedy: DECLARE };
    }
    if (!dns && opened.some(({ host }) => host !== undefined)) {
      const given = `nothing puts the DNS of ${instance} through Cilium, which so learns no address of a host`;
      yield { object, given, remedy: UNPATCH };
    }
  }
}

function leadsTo({ to, port }: Wire, opening: Opening): boolean {
  if (port !== opening.port) return false;
  return opening.host === undefined ? to.is === 'api-server' : to.is === 'hosts' && to.hosts.includes(opening.host);
}
