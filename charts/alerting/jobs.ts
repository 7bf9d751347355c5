import { Duration } from 'cdk8s';
import type { CronJob as CronJobObject } from '../../imports/kubernetes.ts';
import { KEEPS } from '../conventions.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Workload } from '../workload.ts';
import type { Alert, RuleGroup, Severity } from './alert.ts';
import { prometheusTime } from './rules.ts';
import { longestGap } from './schedule.ts';

type Named = Pick<Workload, 'name' | 'namespace'>;

/**
 * The alerts of a CronJob, by what was rendered of it in the end: its construct may be told later that somebody relies on it, and a patch may
 * suspend it, which is how a job waits for somebody to start it by hand.
 */
export class ScheduleRules implements RuleGroup {
  readonly name = 'schedule';
  /** They look back as far as the schedule pauses, which may be a month: seldom enough. */
  readonly interval = Duration.minutes(5);

  constructor(
    private readonly of: Pick<Workload, 'name' | 'namespace' | 'layer'>,
    private readonly object: () => KubeObject<CronJobObject>,
  ) {}

  get rules(): readonly Alert[] {
    const object = this.object();
    const { spec } = object.toJson() as CronJobObject;
    const { annotations = {} } = object.metadata.toJson() as { annotations?: Record<string, string> };
    const kept = annotations[KEEPS];
    // Nobody is woken for one job: a database whose newest backup grows old says so itself.
    const severity = kept !== undefined || this.of.layer.name === 'data' ? 'P2' : 'P3';
    const { schedule, timeZone = 'Etc/UTC', suspend = false, startingDeadlineSeconds = 0, jobTemplate } = spec!;
    const gap = longestGap(schedule, timeZone);
    if (suspend || gap === undefined) return [missing(this.of, 'P3'), failed(this.of, 'P3')];
    const deadline = jobTemplate.spec!.activeDeadlineSeconds ?? 0;
    return [
      notSucceeded(this.of, { severity, kept, schedule, gap, late: startingDeadlineSeconds, deadline }),
      missing(this.of, severity),
      suspended(this.of, kept === undefined ? 'P3' : 'P2'),
      failed(this.of, severity),
    ];
  }
}

function notSucceeded(
  { name, namespace }: Named,
  its: {
    readonly severity: Severity;
    readonly kept: string | undefined;
    readonly schedule: string;
    readonly gap: number;
    readonly late: number;
    readonly deadline: number;
  },
): Alert {
  const { severity, kept, schedule, gap, late, deadline } = its;
  const series = `{namespace="${namespace}",cronjob="${name}"}`;
  const words = (seconds: number) => prometheusTime(Duration.seconds(seconds));
  return {
    name: 'CronJobNotSucceeded',
    severity,
    threshold: gap + late + deadline,
    // The second metric is for what never succeeded, and so has none of the first. What was suspended in between, as where a
    // database began to write only now, has its full time again.
    expr: seconds =>
      `time() - (kube_cronjob_status_last_successful_time${series} or on (namespace, cronjob) kube_cronjob_created${series}) > ${seconds}` +
      ` and on (namespace, cronjob) max_over_time(kube_cronjob_spec_suspend${series}[${words(seconds)}]) == 0`,
    for: Duration.minutes(10),
    summary: `${name} has not succeeded for {{ $value | humanizeDuration }}`,
    description: kept
      ? `It keeps ${kept}. Runs fail, do not start, or never end well.`
      : 'Runs fail, do not start, or never end well; what they should do is not done.',
    why: `"${schedule}" pauses for ${words(gap)} at most; a run may begin ${words(late)} late and take ${words(deadline)}.`,
    runbook: 'jobs/cron-jobs',
  };
}

function missing({ name, namespace }: Named, severity: Severity): Alert {
  return {
    name: 'CronJobMissing',
    severity,
    expr: `absent(kube_cronjob_info{namespace="${namespace}",cronjob="${name}"})`,
    for: Duration.minutes(15),
    summary: `There is no CronJob ${name}`,
    description: 'Nothing runs, and so nothing fails: no other alert says it.',
    why: 'A quarter of an hour leaves out a sync that makes it anew.',
    runbook: 'jobs/cron-jobs',
  };
}

function suspended({ name, namespace }: Named, severity: Severity): Alert {
  return {
    name: 'CronJobSuspended',
    severity,
    expr: `kube_cronjob_spec_suspend{namespace="${namespace}",cronjob="${name}"} == 1`,
    for: Duration.hours(1),
    summary: `Somebody suspended ${name}`,
    description: 'It does not run, though the repository says that it should.',
    why: 'An hour: somebody may hold it back while they work on what it touches.',
    runbook: 'jobs/cron-jobs',
  };
}

/** A failed run counts until one that began later has ended well. */
function failed({ name, namespace }: Named, severity: Severity): Alert {
  const its = `namespace="${namespace}"`;
  return {
    name: 'CronJobRunFailed',
    severity,
    expr:
      `max by (namespace, job_name) (kube_job_failed{${its},condition="true"}) == 1` +
      ` and on (namespace, job_name) kube_job_owner{${its},owner_kind="CronJob",owner_name="${name}"}` +
      ` unless on (namespace, job_name) (kube_job_status_start_time{${its}} < on (namespace) group_left () kube_cronjob_status_last_successful_time{${its},cronjob="${name}"})`,
    for: Duration.minutes(5),
    summary: 'The run {{ $labels.job_name }} failed',
    description: 'It used up its attempts or its time. The next run may mend it; what this one should do is not done.',
    why: 'A run that failed is not tried again. It is forgotten with the first later one that succeeds.',
    runbook: 'jobs/cron-jobs',
  };
}

/** That what runs in a sync, before or after the rollout, did not end well. */
export function jobFailed({ name, namespace }: Named, { blocks }: { readonly blocks: boolean }): Alert {
  return {
    name: 'JobFailed',
    severity: blocks ? 'P2' : 'P3',
    expr: `max by (namespace, job_name) (kube_job_failed{namespace="${namespace}",job_name="${name}",condition="true"}) == 1`,
    for: Duration.minutes(1),
    summary: `The job ${name} failed`,
    description: blocks
      ? 'The sync ended with it: what ran before goes on running, and nothing new arrives.'
      : 'Everything is rolled out, and what should follow is not done.',
    why: 'It used up its attempts or its time. It stays to be looked at for a day, or until the next sync.',
    runbook: 'jobs/jobs',
  };
}
