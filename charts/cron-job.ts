import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { CronJob as CronJobObject } from '../imports/kubernetes.ts';
import { ScheduleRules } from './alerting/jobs.ts';
import { podsOf, startAlerts } from './alerting/pods.ts';
import { closed } from './closed.ts';
import { writesHere } from './cluster.ts';
import type { Priority } from './conventions.ts';
import { checkDuration } from './durations.ts';
import { checkFlag } from './flag.ts';
import { type Body, KubeObject, type Patch } from './kube-object.ts';
import { checkRun, RUN_GRACE, type RunProps, runOf } from './run.ts';
import {
  WORKLOAD_OPTIONS,
  Workload,
  type WorkloadPatches,
  type WorkloadPlace,
  type WorkloadProps,
} from './workload.ts';

export interface CronJobProps extends WorkloadProps, RunProps {
  /** @default batch: after what answers people */
  readonly priority?: Priority;
  /** Minute, hour, day of the month, month, day of the week: `0 2 * * *`. */
  readonly schedule: string;
  /** The clock it goes by, as an IANA name. @default UTC, which has no hour twice and none left out */
  readonly timeZone?: string;
  /** What happens when a run is due and the last is not done: it is left out, replaces it, or runs beside it. @default Forbid */
  readonly concurrency?: 'Forbid' | 'Replace' | 'Allow';
  /** How late a run may begin that could not begin in time; later it counts as missed. @default 10 minutes */
  readonly startWithin?: Duration;
  /** Runs that are kept to look at. @default 3 that went well, 3 that failed */
  readonly keep?: { readonly succeeded: number; readonly failed: number };
  /** Whether it writes to the primary database: where the system only follows another cluster it is suspended. @default false */
  readonly needsPrimary?: boolean;
  /** The last word on each object it makes. */
  readonly patch?: CronJobPatches;
}

export interface CronJobPatches extends WorkloadPatches {
  readonly cronJob?: Patch<CronJobObject>;
}

/** The CronJob's controller appends eleven characters to its name, a Job's name has 63. */
const LONGEST_NAME = 52;

/**
 * Something that runs on a schedule, each run within a deadline. Where an environment rests at night, what it calls may rest too.
 *
 * @throws where name, times or numbers cannot be; the schedule itself is judged by the rule `jobs`
 */
export class CronJob extends Workload {
  constructor(scope: Construct, id: string, props: CronJobProps, at: Pick<WorkloadPlace, 'layer'> = {}) {
    super(scope, id, { priority: 'batch', ...props }, props.patch, at);
    const {
      schedule,
      timeZone = 'Etc/UTC',
      concurrency = 'Forbid',
      startWithin = Duration.minutes(10),
      keep = { succeeded: 3, failed: 3 },
      needsPrimary = false,
      patch = {},
    } = props;
    const { path } = this.node;
    closed(path, props, OPTIONS);
    closed(path, patch, PATCHES, 'patch.');
    checkRun(path, props);
    checkFlag(path, 'needsPrimary', needsPrimary);
    checkDuration(path, 'startWithin', startWithin);
    if (id.length > LONGEST_NAME)
      throw new Error(`${path}: its name has ${id.length} characters; shorten it to ${LONGEST_NAME}`);
    if (!['Forbid', 'Replace', 'Allow'].includes(concurrency))
      throw new Error(`${path}: concurrency is "${concurrency}"; write Forbid, Replace or Allow`);
    closed(path, keep, { succeeded: true, failed: true }, 'keep.');
    for (const [field, value] of Object.entries(keep)) {
      if (!Number.isInteger(value) || value < 0)
        throw new Error(`${path}: keep.${field} is ${value}; give a whole number from 0`);
    }

    const object = new KubeObject<CronJobObject>(
      this,
      'cron-job',
      { apiVersion: 'batch/v1', kind: 'CronJob', metadata: this.metadata(this.versioned) },
      (): Body<CronJobObject> => {
        const template = this.podTemplate({}, { grace: RUN_GRACE });
        return {
          spec: {
            concurrencyPolicy: concurrency,
            failedJobsHistoryLimit: keep.failed,
            jobTemplate: { metadata: { labels: template.metadata!.labels! }, spec: runOf(props, template) },
            schedule,
            startingDeadlineSeconds: startWithin.toSeconds(),
            successfulJobsHistoryLimit: keep.succeeded,
            suspend: needsPrimary && !writesHere(this.system.site),
            timeZone,
          },
        };
      },
      patch.cronJob,
    );
    this.rules.add(
      { name: 'pods', rules: startAlerts(this, podsOf.cronJob(id)) },
      new ScheduleRules(this, () => object),
    );
    // One that ends late, and the next.
    this.layer.expect(() => this.demand(2));
  }
}

const OPTIONS: Readonly<Record<keyof CronJobProps, true>> = {
  ...WORKLOAD_OPTIONS,
  schedule: true,
  timeZone: true,
  concurrency: true,
  startWithin: true,
  keep: true,
  deadline: true,
  attempts: true,
  needsPrimary: true,
  patch: true,
};

const PATCHES: Readonly<Record<keyof CronJobPatches, true>> = {
  cronJob: true,
  networkPolicy: true,
  serviceAccount: true,
};
