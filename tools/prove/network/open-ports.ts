import type { Protocol } from './network.ts';
import type { Topology } from './topology.ts';

const LAST_PORT = 65_535;
const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];

/** Finds which ports are open, as text: `53, 53/UDP, 8000–8003`. Only ports at which a policy of the unit changes are tried. */
export class OpenPorts {
  readonly #starts: readonly number[];

  constructor({ policies, cilium, workloads }: Topology) {
    const numbers = new Set([1]);
    const add = (first: number, last = first) => numbers.add(first).add(last + 1);
    for (const { policy } of policies) {
      for (const { ports } of [...(policy.ingress ?? []), ...(policy.egress ?? [])])
        for (const { port, endPort } of ports) if (typeof port === 'number') add(port, endPort);
    }
    for (const { egress } of cilium) for (const { port } of egress) add(port);
    for (const { pod } of workloads) for (const { containerPort } of pod.ports ?? []) add(containerPort);
    this.#starts = [...numbers].filter(number => number <= LAST_PORT).sort((a, b) => a - b);
  }

  asText(isOpen: (port: number, protocol: Protocol) => boolean): string {
    return PROTOCOLS.flatMap(protocol =>
      this.#spans(port => isOpen(port, protocol)).map(([first, last]) => spanAsText(first, last, protocol)),
    ).join(', ');
  }

  /** From first to last, neighbours joined. */
  #spans(isOpen: (port: number) => boolean): [first: number, last: number][] {
    const spans: [number, number][] = [];
    for (const [index, first] of this.#starts.entries()) {
      if (!isOpen(first)) continue;
      const last = (this.#starts[index + 1] ?? LAST_PORT + 1) - 1;
      const before = spans.at(-1);
      if (before && before[1] === first - 1) before[1] = last;
      else spans.push([first, last]);
    }
    return spans;
  }
}

function spanAsText(first: number, last: number, protocol: Protocol): string {
  const text = last - first === LAST_PORT - 1 ? 'every' : first === last ? `${first}` : `${first}–${last}`;
  return protocol === 'TCP' ? text : `${text}/${protocol}`;
}
