import type { Wire } from '../rule.ts';
import { subtract } from './address.ts';
import { DNS, DNS_PORT, endAsText, podOfEnd } from './ends.ts';
import { known } from './policy.ts';
import { INTERNET } from './public.ts';
import { type Fault, UNPATCH } from './remedies.ts';
import type { Member, World } from './world.ts';

const RESOLVER = podOfEnd(DNS)!;

/** What was wired, or every workload needs, and no policy permits; and what no policy isolates at all. */
export function* closed(world: World): Iterable<Fault> {
  for (const wire of world.wires) {
    const isPods = wire.to.is === 'workload' || wire.to.is === 'pods';
    yield* isPods ? withinCluster(world, wire) : beyond(world, wire);
  }
  for (const member of world.members) {
    if (member.own === undefined) continue; // network-closed says so
    const { name } = member.workload;
    for (const direction of ['ingress', 'egress'] as const) {
      if (!world.network.isIsolated(member.pod, direction))
        yield {
          object: member.own,
          given: `no policy isolates the ${direction} of ${name}, and so all of it is open`,
          remedy: 'write both spec.policyTypes',
        };
    }
    const asks = (['UDP', 'TCP'] as const).every(protocol =>
      world.network.permits(member.pod, 'egress', RESOLVER, DNS_PORT, protocol),
    );
    if (!asks && !member.cilium.some(({ dns }) => dns))
      yield {
        object: member.own,
        given: `${name} may not ask ${DNS.called} at UDP and TCP ${DNS_PORT}`,
        remedy: UNPATCH,
      };
  }
}

function* withinCluster(world: World, wire: Wire): Iterable<Fault> {
  const { network } = world;
  const froms = world.podsOf(wire.from);
  const tos = world.podsOf(wire.to);
  const senders = world.membersOf(wire.from);
  const takers = world.membersOf(wire.to);
  if (!froms.every(from => tos.every(to => network.permits(from, 'egress', to, wire.port))))
    yield* fault(wire, 'egress', senders, takers);
  if (!tos.every(to => froms.every(from => network.permits(to, 'ingress', from, wire.port))))
    yield* fault(wire, 'ingress', takers, senders);
}

/** Blames the workload of the closed side; the other where the unit does not make it. */
function* fault(
  wire: Wire,
  direction: 'ingress' | 'egress',
  side: readonly Member[],
  other: readonly Member[],
): Iterable<Fault> {
  const member = side[0] ?? other[0];
  if (member === undefined || (side.length > 0 && member.own === undefined)) return; // nobody's, or network-closed says so
  const of = endAsText(direction === 'egress' ? wire.from : wire.to);
  yield {
    object: member.own ?? member.workload.object,
    given: `${wireAsText(wire)} is closed: the ${direction} of ${of} does not permit it`,
    remedy: UNPATCH,
  };
}

/** A wire to hosts or the API server: open by address, or by name where the plugin matches names. */
function* beyond(world: World, wire: Wire): Iterable<Fault> {
  for (const member of world.membersOf(wire.from)) {
    if (member.own === undefined || opensByAddress(world, member, wire)) continue;
    const missing = namesMissing(member, wire);
    if (missing.length === 0) continue;
    const { object } = member.cilium[0] ?? { object: member.own };
    const unknown = wire.to.is === 'api-server' && wire.to.addresses.length === 0;
    yield {
      object,
      given: `${wireAsText(wire)} is closed: no policy opens the egress of ${member.workload.name} to ${missing.join(', ')}`,
      remedy: unknown ? 'give the addresses of the API server in the cluster’s facts' : UNPATCH,
    };
  }
}

/** Where a wire leads. */
type Way = Pick<Wire, 'to' | 'port'>;

/** Whether NetworkPolicies open all addresses of a wire; of hosts whose addresses nobody knows, all of the internet's. */
export function opensByAddress({ network }: World, { pod }: Member, { to, port }: Way): boolean {
  if (to.is !== 'hosts' && to.is !== 'api-server') return false;
  const wanted = to.addresses === undefined ? INTERNET : known(to.addresses);
  const open = network.addresses(pod, 'egress', port);
  return open === undefined || (wanted.length > 0 && subtract(wanted, open).length === 0);
}

/** What of a wire's far end no policy opens by name. */
export function namesMissing({ cilium }: Member, { to, port }: Way): readonly string[] {
  const isOpen = (host: string | undefined) =>
    cilium.some(({ opened }) => opened.some(each => each.host === host && each.port === port));
  if (to.is === 'hosts') return to.hosts.length === 0 ? ['address'] : to.hosts.filter(host => !isOpen(host));
  return isOpen(undefined) ? [] : [endAsText(to)];
}

function wireAsText({ from, to, port }: Wire): string {
  return `the wire from ${endAsText(from)} to ${endAsText(to)} at TCP ${port}`;
}
