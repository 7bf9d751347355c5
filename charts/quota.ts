import type { Cpu } from 'cdk8s-plus-28';
import type { Size } from 'cdk8s';

/** What a workload takes at its peak. */
export interface Demand {
  /** Pods at once: the maximum and what a rolling update adds. */
  readonly pods: number;
  /** Of one pod. */
  readonly cpu: Cpu;
  readonly cpuLimit: Cpu;
  readonly memory: Size;
  readonly ephemeralStorage: Size;
}

/**
 * Room above the declared peak, for a second rolling update that meets the first and for what the namespace does not
 * declare (a person's debug pod). Our own number: enough for that, too little for a workload nobody declared.
 */
const HEADROOM = 1.2;

/** The quota of a namespace: the peak of all that stands in it, and no load balancer or node port behind the edge's back. */
export function quotaFor(demands: readonly Demand[]): Record<string, string> {
  const sum = (of: (demand: Demand) => number) =>
    Math.ceil(demands.reduce((total, demand) => total + demand.pods * of(demand), 0) * HEADROOM);
  const cores = (milli: number) => (milli % 1000 === 0 ? `${milli / 1000}` : `${milli}m`);
  const memory = sum(demand => demand.memory.toMebibytes());
  const storage = sum(demand => demand.ephemeralStorage.toMebibytes());
  return {
    'limits.cpu': cores(sum(({ cpuLimit }) => milliOf(cpuLimit))),
    'limits.memory': mebibytes(memory),
    pods: String(sum(() => 1)),
    'requests.cpu': cores(sum(({ cpu }) => milliOf(cpu))),
    'requests.ephemeral-storage': mebibytes(storage),
    'requests.memory': mebibytes(memory),
    'services.loadbalancers': '0',
    'services.nodeports': '0',
  };
}

/** A CPU in thousandths of a core. `Cpu` holds its amount as the text of a quantity: `250m` or `2`. */
export function milliOf(cpu: Cpu): number {
  return cpu.amount.endsWith('m') ? Number(cpu.amount.slice(0, -1)) : Number(cpu.amount) * 1000;
}

/** A quantity in the API server's canonical form, so that Argo CD sees no difference. */
export function mebibytes(amount: number): string {
  if (amount === 0) return '0';
  return amount % 1024 === 0 ? `${amount / 1024}Gi` : `${amount}Mi`;
}
