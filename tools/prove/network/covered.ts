import type { NetworkPolicyPort } from '../../../imports/kubernetes.ts';
import type { Wire } from '../rule.ts';
import { type Range, rangesOf, subtract } from './address.ts';
import { DNS, DNS_PORT, isOf } from './ends.ts';
import { type Pod, portsCalled } from './network.ts';
import type { Direction } from './policy.ts';
import { PUBLIC } from './public.ts';
import type { Topology } from './topology.ts';

/** Pods that a policy selects, with the wires that it may open for them. */
export interface Selected {
  readonly name: string;
  readonly pod: Pod;
  readonly direction: Direction;
  readonly wires: readonly Wire[];
  /** Whether it may ask cluster DNS. */
  readonly asksDns: boolean;
}

/** What a policy opens: a port of its list; undefined for every port. */
export type Port = NetworkPolicyPort | undefined;

/** Whether wires lead to all that a policy opens between these pods and `other`. */
export function coversPod(
  topology: Topology,
  { pod, direction, wires, asksDns }: Selected,
  other: Pod,
  port: Port,
): boolean {
  if (asksDns && isOf(DNS, other) && isDnsPort(port)) return true;
  const leading = wires.filter(({ from, to }) => isOf(direction === 'ingress' ? from : to, other));
  if (leading.length === 0) return false;
  const destinations = direction === 'ingress' ? [pod] : leading.flatMap(({ to }) => topology.podsOf(to));
  return coversPort(leading, destinations, port);
}

function isDnsPort(port: Port): boolean {
  return port?.port === DNS_PORT && port.endPort === undefined && port.protocol !== 'SCTP';
}

/** Whether every number that a policy's port stands for is a wire's. */
function coversPort(wires: readonly Wire[], destinations: readonly Pod[], opened: Port): boolean {
  const numbers = numbersOf(opened, destinations, wires.length);
  return numbers.length > 0 && numbers.every(number => wires.some(({ port }) => port === number));
}

/** The TCP ports that a policy's port stands for; none where nobody can tell, or there are more than `most`. */
function numbersOf(opened: Port, destinations: readonly Pod[], most: number): readonly number[] {
  const { port, endPort, protocol = 'TCP' } = opened ?? {};
  if (port === undefined || protocol !== 'TCP') return [];
  if (typeof port === 'string') return destinations.flatMap(pod => portsCalled(port, protocol, pod));
  const span = (endPort ?? port) - port + 1;
  return span > most ? [] : Array.from({ length: span }, (_, step) => port + step);
}

/** The addresses that a policy opens at a port beyond those to which wires lead. */
export function excess(ranges: readonly Range[], { wires }: Selected, opened: Port): readonly Range[] {
  const numbers = numbersOf(opened, [], wires.length);
  if (numbers.length === 0) return ranges;
  const wiredAt = (number: number) => wires.filter(({ port }) => port === number).flatMap(wiredRanges);
  return numbers.flatMap(number => subtract(ranges, wiredAt(number)));
}

function wiredRanges({ to }: Wire): readonly Range[] {
  if (to.is !== 'api-server' && to.is !== 'hosts') return [];
  return to.addresses === undefined ? PUBLIC : rangesOf(to.addresses);
}

/** Whether a wire leads to hosts whose addresses nobody knows, so that a policy may open what is public at this one port. */
export function leadsAnywhere({ wires }: Selected, opened: Port): boolean {
  if (opened?.endPort !== undefined) return false;
  return wires.some(({ to, port }) => port === opened?.port && to.is === 'hosts' && to.addresses === undefined);
}
