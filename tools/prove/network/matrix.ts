import { markdownTable } from '../markdown.ts';
import type { End, Unit } from '../rule.ts';
import { rangesOf, subtract } from './address.ts';
import { namesMissing, opensByAddress } from './denied.ts';
import { DNS, endAsText, INSTANCE, isOf, keyOf, podOfEnd } from './ends.ts';
import type { Pod, Protocol } from './network.ts';
import { OpenPorts } from './open-ports.ts';
import { type Direction, leastPods } from './policy.ts';
import { INSIDE } from './public.ts';
import { Topology, type WiredWorkload } from './topology.ts';

/** A row or a column. */
type Party =
  | { readonly is: 'workload'; readonly name: string; readonly workload: WiredWorkload }
  | { readonly is: 'pods'; readonly name: string; readonly pods: readonly Pod[] }
  | { readonly is: 'end'; readonly name: string; readonly end: End }
  | { readonly is: 'internet'; readonly name: string };

/**
 * Which ports are open from whom (rows) to whom (columns), as Markdown: what the unit's policies say, whatever was wired. Empty
 * where neither end is the unit's; `–` where nothing is open. A host or the API server is open if all of it is, any other pod
 * and the internet (which a host may be of) if any of it is.
 */
export function networkMatrix(unit: Unit): string {
  const topology = new Topology(unit);
  const ports = new OpenPorts(topology);
  const workloads = workloadParties(topology.workloads);
  const senders = endsOf(topology.wires.map(({ from }) => from).filter(({ is }) => is === 'pods'));
  const takers = [DNS, ...endsOf(topology.wires.map(({ to }) => to).filter(({ is }) => is !== 'workload'))];
  const internet: Party = { is: 'internet', name: 'the internet' };
  const rows = [...workloads, ...senders.map(outside), otherPods(topology, senders), internet];
  const columns = [...workloads, ...takers.map(outside), otherPods(topology, takers), internet];
  const cell = (from: Party, to: Party): string => {
    if (from.is !== 'workload' && to.is !== 'workload') return '';
    return ports.asText((port, protocol) => isOpen(topology, from, to, port, protocol)) || '–';
  };
  const lines = markdownTable([
    ['from ↓ to →', ...columns.map(({ name }) => name)],
    ...rows.map(from => [from.name, ...columns.map(to => cell(from, to))]),
  ]);
  return `${lines.join('\n')}\n`;
}

function isOpen(topology: Topology, from: Party, to: Party, port: number, protocol: Protocol): boolean {
  if (from.is === 'internet')
    return to.is === 'workload' && reachesInternet(topology, to.workload, 'ingress', port, protocol);
  if (from.is === 'end') return false;
  if (from.is === 'pods' || to.is === 'workload' || to.is === 'pods')
    return podsOf(from).some(a => podsOf(to).some(b => topology.network.allows(a, b, port, protocol)));
  if (to.is === 'internet') return reachesInternet(topology, from.workload, 'egress', port, protocol);
  const destination = { to: to.end, port };
  return (
    protocol === 'TCP' &&
    (opensByAddress(topology, from.workload, destination) || namesMissing(from.workload, destination).length === 0)
  );
}

function outside(end: End): Party {
  const name = endAsText(end);
  return end.is === 'pods' ? { is: 'pods', name, pods: [podOfEnd(end)!] } : { is: 'end', name, end };
}

function podsOf(party: Party): readonly Pod[] {
  if (party.is === 'workload') return [party.workload.pod];
  return party.is === 'pods' ? party.pods : [];
}

/** Whether a public address is open that no end names. */
function reachesInternet(
  { network, wires }: Topology,
  { pod }: WiredWorkload,
  direction: Direction,
  port: number,
  protocol: Protocol,
): boolean {
  const open = network.addresses(pod, direction, port, protocol);
  const named = wires.flatMap(({ to }) => ('addresses' in to ? rangesOf(to.addresses ?? []) : []));
  return open === undefined || subtract(open, [...INSIDE, ...named]).length > 0;
}

/** By name; with the namespace where the unit has several. */
function workloadParties(workloads: readonly WiredWorkload[]): Party[] {
  const several = new Set(workloads.map(({ pod }) => pod.namespace)).size > 1;
  return workloads
    .map((workload): Party => {
      const { name, pod } = workload;
      return { is: 'workload', name: several ? `${pod.namespace}/${name}` : name, workload };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function endsOf(ends: readonly End[]): End[] {
  const distinct = [...new Map(ends.map(end => [keyOf(end), end])).values()];
  return distinct.sort((a, b) => (endAsText(a) < endAsText(b) ? -1 : 1));
}

/** Pods that stand in no row or column of their own: some without labels, and whomever else a policy means. */
function otherPods({ policies, workloads }: Topology, named: readonly End[]): Party {
  const namespaces = new Set(['somewhere-else', ...policies.map(({ policy }) => policy.namespace)]);
  const peers = policies.flatMap(({ policy }) =>
    [...(policy.ingress ?? []), ...(policy.egress ?? [])].flatMap(rule =>
      rule.peers.flatMap(peer => (peer.is === 'pods' ? leastPods(peer, policy.namespace) : [])),
    ),
  );
  const isNamed = (pod: Pod) => named.some(end => isOf(end, pod)) || workloads.some(workload => isLike(workload, pod));
  const pods = [...[...namespaces].map((namespace): Pod => ({ namespace, labels: {} })), ...peers];
  return { is: 'pods', name: 'any other pod', pods: pods.filter(pod => !isNamed(pod)) };
}

function isLike({ pod: { namespace, labels } }: WiredWorkload, pod: Pod): boolean {
  return namespace === pod.namespace && labels[INSTANCE] !== undefined && labels[INSTANCE] === pod.labels[INSTANCE];
}
