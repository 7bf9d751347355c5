import type { Size } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';
import type { ResourceRequirements } from '../imports/kubernetes.ts';

/** What a workload takes at its peak. */
export interface Demand {
  /** Pods at once: see `atOnce`. */
  readonly pods: number;
  /** What runs in each of them. */
  readonly containers: readonly ContainerSize[];
  /** Volumes that it claims, each once. */
  readonly claims?: readonly Size[];
}

/** What one container takes. */
export interface ContainerSize {
  readonly cpu: Cpu;
  readonly cpuLimit: Cpu;
  readonly memory: Size;
  readonly ephemeralStorage: Size;
}

/**
 * Pods that exist at once when everything rolls at its peak: while the old ones drain they count against the quota, though
 * the Deployment has begun to replace them. So twice as many as it asks for.
 */
export function atOnce(pods: number): number {
  return 2 * pods;
}

/** The quota of a namespace: the peak of all that stands in it, and no load balancer or node port behind the edge's back. */
export function quotaFor(demands: readonly Demand[]): Record<string, string> {
  const sum = (of: (container: ContainerSize) => number) =>
    demands.reduce(
      (total, { pods, containers }) => total + pods * containers.reduce((pod, each) => pod + of(each), 0),
      0,
    );
  const memory = sum(container => container.memory.toMebibytes());
  const ephemeral = sum(container => container.ephemeralStorage.toMebibytes());
  const claims = demands.flatMap(demand => demand.claims ?? []);
  return {
    'limits.cpu': cores(sum(({ cpuLimit }) => milliOf(cpuLimit))),
    'limits.memory': mebibytes(memory),
    ...(claims.length > 0 && { persistentvolumeclaims: String(claims.length) }),
    pods: String(demands.reduce((total, { pods }) => total + pods, 0)),
    'requests.cpu': cores(sum(({ cpu }) => milliOf(cpu))),
    'requests.ephemeral-storage': mebibytes(ephemeral),
    'requests.memory': mebibytes(memory),
    ...(claims.length > 0 && {
      'requests.storage': mebibytes(claims.reduce((total, claim) => total + claim.toMebibytes(), 0)),
    }),
    'services.loadbalancers': '0',
    'services.nodeports': '0',
  };
}

/** What a container states of its size. Memory and disk are reserved in full. */
export function resourcesOf({ cpu, cpuLimit, memory, ephemeralStorage }: ContainerSize): ResourceRequirements {
  const full = {
    'ephemeral-storage': mebibytes(ephemeralStorage.toMebibytes()),
    memory: mebibytes(memory.toMebibytes()),
  };
  return {
    limits: { cpu: cores(milliOf(cpuLimit)), ...full },
    requests: { cpu: cores(milliOf(cpu)), ...full },
  };
}

/** A CPU in thousandths of a core. `Cpu` holds its amount as the text of a quantity: `250m` or `2`. */
export function milliOf(cpu: Cpu): number {
  return cpu.amount.endsWith('m') ? Number(cpu.amount.slice(0, -1)) : Number(cpu.amount) * 1000;
}

/** Thousandths of a core in the API server's canonical form: `1000m` is `1` to it, and would be a difference to Argo CD. */
export function cores(milli: number): string {
  return milli % 1000 === 0 ? `${milli / 1000}` : `${milli}m`;
}

/** Memory and disk in the same form. */
export function mebibytes(amount: number): string {
  if (amount === 0) return '0';
  return amount % 1024 === 0 ? `${amount / 1024}Gi` : `${amount}Mi`;
}
