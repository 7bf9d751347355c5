import type { Construct } from 'constructs';
import type { Job as JobObject } from '../imports/kubernetes.ts';
import { jobFailed } from './alerting/jobs.ts';
import { podsOf, startAlerts } from './alerting/pods.ts';
import { closed } from './closed.ts';
import { type Priority, WAVES } from './conventions.ts';
import { type Body, KubeObject, type Patch } from './kube-object.ts';
import { checkRun, RUN_GRACE, type RunProps, runOf } from './run.ts';
import { WORKLOAD_OPTIONS, Workload, type WorkloadPatches, type WorkloadProps } from './workload.ts';

export interface JobProps extends WorkloadProps, RunProps {
  /** @default batch: after what answers people */
  readonly priority?: Priority;
  /**
   * `before the rollout`: all else of the layer waits for it, and stays as it is where it fails; the place of migrations.
   * `after the rollout`: when everything is healthy; the place of smoke tests and purges.
   */
  readonly runs: 'before the rollout' | 'after the rollout';
  /** The last word on each object it makes. */
  readonly patch?: JobPatches;
}

export interface JobPatches extends WorkloadPatches {
  readonly job?: Patch<JobObject>;
}

/** Kept for people to look at. */
const DAY_SECONDS = 24 * 60 * 60;

/**
 * Something that runs once in every sync of the layer, as a hook of Argo CD. It must be able to run again: a sync that is
 * repeated repeats it.
 *
 * @throws where a time or a number cannot be
 */
export class Job extends Workload {
  constructor(scope: Construct, id: string, props: JobProps) {
    const before = props.runs === 'before the rollout';
    // What its pod needs must be there first; in one sync a lower wave is.
    super(scope, id, { priority: 'batch', ...props }, props.patch, before ? { annotations: WAVES.prepare } : {});
    const { path } = this.node;
    closed(path, props, OPTIONS);
    closed(path, props.patch ?? {}, PATCHES, 'patch.');
    checkRun(path, props);
    if (!before && props.runs !== 'after the rollout')
      throw new Error(`${path}: runs is "${props.runs}"; write 'before the rollout' or 'after the rollout'`);

    new KubeObject<JobObject>(
      this,
      'job',
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          ...this.metadata(this.versioned),
          annotations: {
            'argocd.argoproj.io/hook': before ? 'Sync' : 'PostSync',
            // The last one stays until the next takes its name.
            'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
            ...(before && WAVES.before),
          },
        },
      },
      (): Body<JobObject> => ({
        spec: { ...runOf(props, this.podTemplate({}, { grace: RUN_GRACE })), ttlSecondsAfterFinished: DAY_SECONDS },
      }),
      props.patch?.job,
    );
    this.rules.add({
      name: 'job',
      rules: [...startAlerts(this, podsOf.job(id)), jobFailed(this, { blocks: before })],
    });
    // The next may come while the last still ends.
    this.layer.expect(() => this.demand(2));
  }
}

const OPTIONS: Readonly<Record<keyof JobProps, true>> = {
  ...WORKLOAD_OPTIONS,
  runs: true,
  deadline: true,
  attempts: true,
  patch: true,
};

const PATCHES: Readonly<Record<keyof JobPatches, true>> = { job: true, networkPolicy: true, serviceAccount: true };
