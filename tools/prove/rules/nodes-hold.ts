import type { Finding } from '../../render/finding.ts';
import { push } from '../groups.ts';
import type { NodePool, Unit } from '../rule.ts';
import { effective, peakPods } from './demand.ts';
import { poolsFor, toleratesSpot } from './node-pools.ts';
import { quantity } from './quantity.ts';
import { viewOf } from './view.ts';

export const nodesHold = {
  name: 'nodes-hold',
  demands:
    'The nodes of a cluster, at their most, hold what all its units request at their peak, what a failover switches on included; what does not tolerate spot fits the others; and each pod fits on one node.',
  except:
    'DaemonSets and the add-ons that come as charts are not counted, and a cluster whose nodes nobody stated holds anything. Whether what fits in sum fits node by node is the scheduler’s matter.',
};

/** Cores and bytes. */
interface Amounts {
  readonly cpu: number;
  readonly memory: number;
}

/** The most that one workload takes: all that is kept of it. */
interface Peak {
  readonly construct: string;
  readonly file: string;
  readonly spot: boolean;
  readonly pods: number;
  readonly pod: Amounts;
}

/** What adding up in floating point may lose. */
const ROUNDING = 1 + 1e-9;

/** Remembers what the workloads of each cluster take: a few numbers, never the object. */
export class NodesHold {
  readonly #pools = new Map<string, readonly NodePool[]>();
  readonly #peaks = new Map<string, Peak[]>();
  readonly #findings: Finding[] = [];

  see(unit: Unit): void {
    const { name: cluster, nodePools: pools } = unit.cluster;
    if (pools === undefined) return;
    this.#pools.set(cluster, pools);
    const view = viewOf(unit);
    for (const workload of view.workloads) {
      const { construct, file } = workload.object;
      const [cpu, memory] = (['cpu', 'memory'] as const).map(name => effective(workload.pod, 'requests', name));
      const pod = { cpu: cpu!, memory: memory! };
      const peak = { construct, file, spot: toleratesSpot(workload.pod), pods: peakPods(view, workload), pod };
      push(this.#peaks, cluster, peak);
      this.#fits(cluster, peak, poolsFor(workload.pod, pools));
    }
  }

  #fits(cluster: string, peak: Peak, pools: readonly NodePool[]): void {
    const { cpu, memory } = peak.pod;
    const nodes = pools.map(pool => ({ name: pool.name, ...nodeOf(pool) }));
    if (nodes.some(node => cpu <= node.cpu && memory <= node.memory)) return;
    const offered = nodes.map(node => `${node.name} (${print('cpu', node.cpu)}, ${print('memory', node.memory)})`);
    const given = `one pod requests ${print('cpu', cpu)} and ${print('memory', memory)}, more than a node that it may stand on: ${offered.join(', ') || 'none'}`;
    this.#findings.push(
      finding(cluster, peak, given, `lower what it requests, or give clusters/${cluster}.ts larger nodes`),
    );
  }

  findings(): Finding[] {
    const sums = [...this.#pools].flatMap(([cluster, pools]) =>
      (['cpu', 'memory'] as const).flatMap(name => sum(cluster, name, this.#peaks.get(cluster) ?? [], pools)),
    );
    return [...this.#findings, ...sums];
  }
}

/** What does not tolerate spot is added up first: all together are told only where that fits. */
function sum(cluster: string, name: keyof Amounts, peaks: readonly Peak[], pools: readonly NodePool[]): Finding[] {
  for (const spot of [false, true]) {
    const placed = peaks.filter(peak => spot || !peak.spot);
    const asked = placed.reduce((total, { pods, pod }) => total + pods * pod[name], 0);
    const nodes = pools.filter(pool => spot || !pool.spot);
    const held = nodes.reduce((total, pool) => total + pool.maxNodes * nodeOf(pool)[name], 0);
    if (asked <= held * ROUNDING) continue;
    const largest = placed.reduce((a, b) => (b.pods * b.pod[name] > a.pods * a.pod[name] ? b : a));
    const own = print(name, largest.pods * largest.pod[name]);
    const given = `the peak of ${spot ? 'all units' : 'what does not tolerate spot'} is ${print(name, asked)}, ${own} of it here, and the nodes${spot ? '' : ' for it'} have ${print(name, held)} at most`;
    return [finding(cluster, largest, given, `lower its maximum, or raise maxNodes in clusters/${cluster}.ts`)];
  }
  return [];
}

/** What one node has. */
function nodeOf({ cores, memoryGibibytes }: NodePool): Amounts {
  return { cpu: cores, memory: memoryGibibytes * 1024 ** 3 };
}

function print(name: keyof Amounts, amount: number): string {
  if (name === 'memory') return quantity(`${Math.ceil(amount / 1024 ** 2)}Mi`).canonical;
  return `${Math.round(amount * 1000) / 1000} cores`;
}

function finding(cluster: string, { construct, file }: Peak, given: string, remedy: string): Finding {
  return { cluster, construct, rule: nodesHold.name, given, remedy, file };
}
