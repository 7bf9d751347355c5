import type { CronJobSpec, DeploymentSpec, JobSpec } from '../../../imports/kubernetes.ts';
import { share } from './share.ts';

/** What the laws must know of a kind that makes pods. A kind that stands here is judged by all of them, and one that does not by none. */
export interface WorkloadKind {
  /** Where it keeps the pod's template; nowhere in a bare Pod. */
  readonly template: readonly string[];
  /** Whether its pods are to run for ever. */
  readonly longRunning: boolean;
  /** Whether it needs a disruption budget: a DaemonSet's pods and a Job's are not evicted for another's sake, or start again. */
  readonly budgeted: boolean;
  /** Whether it states a number of replicas that a scaler may move. */
  readonly scalable: boolean;
  /** The most pods at one time, where `replicas` is the most that it is asked to keep. */
  peak(spec: unknown, replicas: number): number;
  /** Why nobody should write one. */
  readonly never?: string;
}

const REPLICATED = { template: ['spec', 'template'], longRunning: true, budgeted: true, scalable: true };
const OTHER = { template: ['spec', 'template'], longRunning: false, budgeted: false, scalable: false };

/** A quarter more while they roll: the default of Deployments, and of the Rollouts of argo-rollouts.readthedocs.io. */
const SURGE = '25%';

export const WORKLOAD_KINDS: Readonly<Record<string, WorkloadKind>> = {
  // Its pods run on as many nodes as there will be: nobody knows here, so they count as none.
  'apps/v1/DaemonSet': { ...OTHER, longRunning: true, peak: () => 0 },
  'apps/v1/Deployment': {
    ...REPLICATED,
    peak: (spec, replicas) => surged((spec as DeploymentSpec).strategy?.rollingUpdate?.maxSurge, replicas),
  },
  'apps/v1/ReplicaSet': { ...OTHER, peak: () => 0, never: 'it makes ReplicaSets and rolls from one to the next' },
  'apps/v1/StatefulSet': { ...REPLICATED, peak: (_, replicas) => replicas },
  'argoproj.io/v1alpha1/Rollout': {
    ...REPLICATED,
    peak: (spec, replicas) => {
      const { blueGreen, canary } = (spec as RolloutSpec).strategy ?? {};
      return blueGreen === undefined ? surged(canary?.maxSurge, replicas) : 2 * replicas;
    },
  },
  'batch/v1/CronJob': {
    ...OTHER,
    template: ['spec', 'jobTemplate', 'spec', 'template'],
    peak: spec => (spec as CronJobSpec).jobTemplate.spec?.parallelism ?? 1,
  },
  'batch/v1/Job': { ...OTHER, peak: spec => (spec as JobSpec).parallelism ?? 1 },
  'v1/Pod': { ...OTHER, template: [], peak: () => 1, never: 'a bare Pod is gone with its node' },
  'v1/PodTemplate': { ...OTHER, template: ['template'], peak: () => 0, never: 'nothing makes pods of a PodTemplate' },
  'v1/ReplicationController': { ...OTHER, peak: () => 0, never: 'it has taken the place of ReplicationControllers' },
};

/** The part of argoproj.io/v1alpha1 Rollout that says how many pods there are at once. */
interface RolloutSpec {
  readonly strategy?: { readonly blueGreen?: object; readonly canary?: { readonly maxSurge?: number | string } };
}

function surged(maxSurge: number | string = SURGE, replicas: number): number {
  return replicas === 0 ? 0 : replicas + share(maxSurge, replicas, Math.ceil);
}

/** Every kind that makes pods. */
export const POD_KINDS: readonly string[] = Object.keys(WORKLOAD_KINDS);

/** The kinds whose pods are to run for ever. */
export const LONG_RUNNING: readonly string[] = POD_KINDS.filter(kind => WORKLOAD_KINDS[kind]!.longRunning);
