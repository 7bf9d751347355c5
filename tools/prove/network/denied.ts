import type { Wire } from '../rule.ts';
import { rangesOf, subtract } from './address.ts';
import { DNS, DNS_PORT, endAsText, podOfEnd } from './ends.ts';
import { INTERNET } from './public.ts';
import { type Fault, UNPATCH } from './remedies.ts';
import type { Topology, WiredWorkload } from './topology.ts';

const RESOLVER = podOfEnd(DNS)!;

/** What was wired, or every workload needs, and no policy permits; and what no policy isolates at all. */
export function* denied(topology: Topology): Iterable<Fault> {
  const { network, wires, workloads } = topology;
  for (const wire of wires) {
    const isPods = wire.to.is === 'workload' || wire.to.is === 'pods';
    yield* isPods ? deniedWithin(topology, wire) : deniedBeyond(topology, wire);
  }
  for (const { name, pod, policy, cilium } of workloads) {
    if (policy === undefined) continue; // network-closed says so
    for (const direction of ['ingress', 'egress'] as const) {
      if (!network.isIsolated(pod, direction))
        yield {
          object: policy,
          given: `no policy isolates the ${direction} of ${name}, and so all of it is open`,
          remedy: 'write both spec.policyTypes',
        };
    }
    const asks = (['UDP', 'TCP'] as const).every(protocol =>
      network.permits(pod, 'egress', RESOLVER, DNS_PORT, protocol),
    );
    if (!asks && !cilium.some(({ dns }) => dns))
      yield {
        object: policy,
        given: `${name} may not ask ${DNS.called} at UDP and TCP ${DNS_PORT}`,
        remedy: UNPATCH,
      };
  }
}

/** A wire between pods, each side of which must permit it. */
function* deniedWithin(topology: Topology, wire: Wire): Iterable<Fault> {
  for (const [direction, end, other] of [
    ['egress', wire.from, wire.to],
    ['ingress', wire.to, wire.from],
  ] as const) {
    const isPermitted = topology
      .podsOf(end)
      .every(pod => topology.podsOf(other).every(peer => topology.network.permits(pod, direction, peer, wire.port)));
    if (isPermitted) continue;
    const [own] = topology.workloadsOf(end);
    // Blames the workload of the closed side; the other where the unit does not make it.
    const blamed = own ?? topology.workloadsOf(other)[0];
    if (blamed === undefined || (own && own.policy === undefined)) continue; // nobody's, or network-closed says so
    yield {
      object: blamed.policy ?? blamed.object,
      given: `${wireAsText(wire)} is closed: the ${direction} of ${endAsText(end)} does not permit it`,
      remedy: UNPATCH,
    };
  }
}

/** A wire to hosts or the API server: open by address, or by name where the plugin matches names. */
function* deniedBeyond(topology: Topology, wire: Wire): Iterable<Fault> {
  for (const workload of topology.workloadsOf(wire.from)) {
    const { name, policy, cilium } = workload;
    if (policy === undefined || opensByAddress(topology, workload, wire)) continue;
    const missing = namesMissing(workload, wire);
    if (missing.length === 0) continue;
    const unknown = wire.to.is === 'api-server' && wire.to.addresses.length === 0;
    yield {
      object: cilium[0]?.object ?? policy,
      given: `${wireAsText(wire)} is closed: no policy opens the egress of ${name} to ${missing.join(', ')}`,
      remedy: unknown ? 'give the addresses of the API server in the cluster’s facts' : UNPATCH,
    };
  }
}

/** Where a wire leads. */
type Destination = Pick<Wire, 'to' | 'port'>;

/** Whether NetworkPolicies open all addresses of a wire; of hosts whose addresses nobody knows, all of the internet's. */
export function opensByAddress({ network }: Topology, { pod }: WiredWorkload, { to, port }: Destination): boolean {
  if (to.is !== 'hosts' && to.is !== 'api-server') return false;
  const wanted = to.addresses === undefined ? INTERNET : rangesOf(to.addresses);
  const open = network.addresses(pod, 'egress', port);
  return open === undefined || (wanted.length > 0 && subtract(wanted, open).length === 0);
}

/** What of a wire's far end no policy opens by name. */
export function namesMissing({ cilium }: WiredWorkload, { to, port }: Destination): readonly string[] {
  const isOpen = (host: string | undefined) =>
    cilium.some(({ egress }) => egress.some(each => each.host === host && each.port === port));
  if (to.is === 'hosts') return to.hosts.length === 0 ? ['any host'] : to.hosts.filter(host => !isOpen(host));
  return isOpen(undefined) ? [] : [endAsText(to)];
}

function wireAsText({ from, to, port }: Wire): string {
  return `the wire from ${endAsText(from)} to ${endAsText(to)} at TCP ${port}`;
}
