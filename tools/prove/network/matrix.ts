import type { End, Unit } from '../rule.ts';
import { subtract } from './address.ts';
import { namesMissing, opensByAddress } from './closed.ts';
import { DNS, endAsText, INSTANCE, isOf, keyOf, podOfEnd } from './ends.ts';
import type { Pod, Protocol } from './network.ts';
import { OpenPorts } from './open-ports.ts';
import { type Direction, known } from './policy.ts';
import { INSIDE } from './public.ts';
import { witnesses } from './witness.ts';
import { type Member, World } from './world.ts';

/** A row or a column. */
type Party =
  | { readonly is: 'member'; readonly name: string; readonly member: Member }
  | { readonly is: 'pods'; readonly name: string; readonly pods: readonly Pod[] }
  | { readonly is: 'end'; readonly name: string; readonly end: End }
  | { readonly is: 'internet'; readonly name: string };

/**
 * Which ports are open from whom (rows) to whom (columns), as Markdown: what the unit's policies say, whatever was wired. Empty
 * where neither end is the unit's; `–` where nothing is open. A host or the API server is open if all of it is, any other pod
 * and the internet (which a host may be of) if any of it is.
 */
export function networkMatrix(unit: Unit): string {
  const world = new World(unit);
  const ports = new OpenPorts(world);
  const members = partiesOf(world.members);
  const senders = endsOf(world.wires.map(({ from }) => from).filter(({ is }) => is === 'pods'));
  const takers = endsOf(world.wires.map(({ to }) => to).filter(({ is }) => is !== 'workload'));
  const internet: Party = { is: 'internet', name: 'the internet' };
  const strangers = (named: readonly End[]): Party => {
    return { is: 'pods', name: 'any other pod', pods: strangersOf(world, named) };
  };
  const rows = [...members, ...senders.map(outside), strangers(senders), internet];
  const columns = [...members, ...[DNS, ...takers].map(outside), strangers([DNS, ...takers]), internet];
  const cell = (from: Party, to: Party): string => {
    if (from.is !== 'member' && to.is !== 'member') return '';
    return ports.asText((port, protocol) => isOpen(world, from, to, port, protocol)) || '–';
  };
  return table([
    ['from ↓ to →', ...columns.map(({ name }) => name)],
    ...rows.map(from => [from.name, ...columns.map(to => cell(from, to))]),
  ]);
}

function isOpen(world: World, from: Party, to: Party, port: number, protocol: Protocol): boolean {
  if (from.is === 'internet') return to.is === 'member' && reachesInternet(world, to.member, 'ingress', port, protocol);
  if (from.is === 'end') return false;
  if (from.is === 'pods' || to.is === 'member' || to.is === 'pods')
    return podsOf(from).some(a => podsOf(to).some(b => world.network.allows(a, b, port, protocol)));
  if (to.is === 'internet') return reachesInternet(world, from.member, 'egress', port, protocol);
  const way = { to: to.end, port };
  return protocol === 'TCP' && (opensByAddress(world, from.member, way) || namesMissing(from.member, way).length === 0);
}

function outside(end: End): Party {
  const name = endAsText(end);
  return end.is === 'pods' ? { is: 'pods', name, pods: [podOfEnd(end)!] } : { is: 'end', name, end };
}

function podsOf(party: Party): readonly Pod[] {
  if (party.is === 'member') return [party.member.pod];
  return party.is === 'pods' ? party.pods : [];
}

/** Whether a public address is open that no end names. */
function reachesInternet(
  { network, wires }: World,
  { pod }: Member,
  direction: Direction,
  port: number,
  protocol: Protocol,
): boolean {
  const open = network.addresses(pod, direction, port, protocol);
  const named = wires.flatMap(({ to }) => ('addresses' in to ? known(to.addresses ?? []) : []));
  return open === undefined || subtract(open, [...INSIDE, ...named]).length > 0;
}

/** By name; with the namespace where the unit has several. */
function partiesOf(members: readonly Member[]): Party[] {
  const several = new Set(members.map(({ workload }) => workload.namespace)).size > 1;
  const nameOf = ({ workload: { namespace, name } }: Member) => (several ? `${namespace}/${name}` : name);
  return members
    .map((member): Party => ({ is: 'member', name: nameOf(member), member }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function endsOf(ends: readonly End[]): End[] {
  const distinct = [...new Map(ends.map(end => [keyOf(end), end])).values()];
  return distinct.sort((a, b) => (endAsText(a) < endAsText(b) ? -1 : 1));
}

/** Pods that stand in no row or column of their own: some without labels, and whomever else a policy means. */
function strangersOf(world: World, named: readonly End[]): readonly Pod[] {
  const namespaces = new Set(['somewhere-else', ...world.policies.map(({ policy }) => policy.namespace)]);
  const peers = world.policies.flatMap(({ policy }) =>
    [...(policy.ingress ?? []), ...(policy.egress ?? [])].flatMap(rule =>
      rule.peers.flatMap(peer => (peer.is === 'pods' ? witnesses(peer, policy.namespace) : [])),
    ),
  );
  const isNamed = (pod: Pod) => named.some(end => isOf(end, pod)) || world.members.some(member => isLike(member, pod));
  return [...[...namespaces].map((namespace): Pod => ({ namespace, labels: {} })), ...peers].filter(
    pod => !isNamed(pod),
  );
}

function isLike({ pod: { namespace, labels } }: Member, pod: Pod): boolean {
  return namespace === pod.namespace && labels[INSTANCE] !== undefined && labels[INSTANCE] === pod.labels[INSTANCE];
}

function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map(row => row.map(cell => cell.replaceAll('|', '\\|')));
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map(row => row[column]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...rest] = cells;
  return `${[line(head!), line(widths.map(width => '-'.repeat(width))), ...rest.map(line)].join('\n')}\n`;
}
