import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { closed } from './closed.ts';
import { writesHere } from './cluster.ts';
import { checkFlag } from './flag.ts';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';
import type { Replicas } from './replicas.ts';
import { type RollingPatches, rolling } from './rolling.ts';
import { WORKLOAD_OPTIONS, Workload, type WorkloadPatches, type WorkloadProps } from './workload.ts';

export interface WorkerProps extends WorkloadProps {
  /** A fixed number, or a range with what it scales on: for a queue `targetQueueLength`. */
  readonly replicas: Replicas;
  /** The TCP port where it answers for its health, 1024 or higher. Nobody but the kubelet reaches it. */
  readonly port: number;
  /** Where it says how it is. @default ready at /readyz, live at /livez, asked every 10 s, answered within 2 s */
  readonly health?: Health;
  /** Where Prometheus asks it. @default nowhere */
  readonly metrics?: Metrics;
  /** How long it may finish what it has taken, after it is told to take no more (SIGTERM). @default 60 seconds */
  readonly drain?: Duration;
  /**
   * Whether it writes to the primary database. Where the system only follows another cluster (replica, standby) such a worker
   * has no pods; it gets them when the role changes. @default false
   */
  readonly needsPrimary?: boolean;
  /** The last word on each object it makes. */
  readonly patch?: WorkerPatches;
}

export type WorkerPatches = WorkloadPatches & RollingPatches;

/**
 * What takes work from a queue or a stream and answers nobody: a Deployment that rolls, scales, spreads and drains, and that
 * nothing in the cluster may call.
 *
 * @throws where port, replicas or health cannot be
 */
export class Worker extends Workload {
  constructor(
    scope: Construct,
    id: string,
    private readonly worker: WorkerProps,
  ) {
    super(scope, id, worker, worker.patch);
    const { port, replicas, metrics, health, drain = Duration.seconds(60), needsPrimary = false, patch = {} } = worker;
    const { path } = this.node;
    closed(path, worker, OPTIONS);
    closed(path, patch, PATCHES, 'patch.');
    checkFlag(path, 'needsPrimary', needsPrimary);
    rolling(this, { port, replicas, metrics, health, drain, needsPrimary, patch });
  }

  /** Whether it has no pods here, since the database only follows another cluster's. */
  get isOff(): boolean {
    return (this.worker.needsPrimary ?? false) && !writesHere(this.system.site);
  }

  override get metrics(): Metrics | undefined {
    return this.worker.metrics;
  }
}

const OPTIONS: Readonly<Record<keyof WorkerProps, true>> = {
  ...WORKLOAD_OPTIONS,
  port: true,
  replicas: true,
  health: true,
  metrics: true,
  drain: true,
  needsPrimary: true,
  patch: true,
};

const PATCHES: Readonly<Record<keyof WorkerPatches, true>> = {
  deployment: true,
  autoscaler: true,
  scaledObject: true,
  disruptionBudget: true,
  networkPolicy: true,
  serviceAccount: true,
};
