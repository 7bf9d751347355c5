import { Duration } from 'cdk8s';
import type { Alert, RuleGroup } from '../../alerting/alert.ts';
import { prometheusTime } from '../../alerting/rules.ts';
import type { Workload } from '../../workload.ts';
import type { Backups, Copy } from '../backups.ts';
import { pauseOf, SLACK_SECONDS } from '../freshness.ts';

type Named = Pick<Workload, 'name' | 'namespace'>;

const DAY = 86_400;

/** They look back as far as schedules pause: seldom enough. */
const interval = Duration.minutes(5);

/** Holds where one of the jobs was never suspended for so long: where a database has begun to write only now, they have their full time. */
function awake(jobs: string, seconds: number): string {
  const time = prometheusTime(Duration.seconds(seconds));
  return `and on (namespace) min by (namespace) (max_over_time(kube_cronjob_spec_suspend{${jobs}}[${time}])) == 0`;
}

/**
 * Whether there is a backup that is young enough, by what Kubernetes says of the jobs. That each job runs, and how it ends, its own
 * alerts say.
 */
export function backupRules({ name, namespace }: Named, { full, differential, incremental }: Backups): RuleGroup {
  const pause = pauseOf(...[full, differential, incremental].filter(schedule => schedule !== undefined));
  const jobs = `namespace="${namespace}",cronjob=~"${name}-backup-.*"`;
  const rules: Alert[] = [
    {
      name: 'PostgresBackupTooOld',
      severity: 'P1',
      threshold: pause + SLACK_SECONDS,
      // What never succeeded has no series of the first, and counts from its making.
      expr: limit =>
        `time() - max by (namespace) (kube_cronjob_status_last_successful_time{${jobs}} or on (namespace, cronjob) kube_cronjob_created{${jobs}}) > ${limit} ${awake(jobs, limit)}`,
      for: Duration.minutes(10),
      summary: `${name} has had no backup for {{ $value | humanizeDuration }}`,
      description:
        'No backup of any kind has ended well in time. A restore takes longer with every hour, since it replays all WAL since the last one.',
      why: `The longest pause of its schedules together, ${+(pause / 3600).toFixed(1)} h, and two hours for the backup itself. It counts from the job's making where none ever ended well.`,
      runbook: 'postgres/backup-failed',
    },
  ];
  return { name: 'backups', interval, rules };
}

/** What a proof says of the backups, as it pushes it: see proof/metrics.py. */
export function proofRules(
  proof: Named,
  of: { readonly schedule: string; readonly within: Duration; readonly copy?: Copy | undefined },
): RuleGroup {
  const { name, namespace } = proof;
  const { schedule, within, copy } = of;
  const series = `namespace="${namespace}",proof="${name}"`;
  const pause = pauseOf(schedule);
  const job = `namespace="${namespace}",cronjob="${name}"`;
  const rules: Alert[] = [
    {
      name: 'RestoreProofFailed',
      severity: 'P2',
      expr: `restore_proof_success{${series}} == 0`,
      summary: `The last restore proof ${name} is red`,
      description:
        'Somebody restored the backups, and something was wrong with what came out. Its log says which step.',
      why: 'What is red stays red until the next proof; there is nothing to wait for.',
      runbook: 'postgres/restore-proof-failed',
    },
    {
      name: 'RestoreProofTooOld',
      severity: 'P2',
      threshold: pause + DAY,
      expr: seconds =>
        `time() - (restore_proof_last_success_timestamp_seconds{${series}} or on (namespace) kube_cronjob_created{${job}}) > ${seconds} ${awake(job, seconds)}`,
      for: Duration.minutes(30),
      summary: copy
        ? `The newest copy in ${copy.to} is {{ $value | humanizeDuration }} old`
        : `No restore proof ${name} was green for {{ $value | humanizeDuration }}`,
      description: copy
        ? 'Proof and copy did not come, or were red, or their report did not arrive. With the archive lost, so much would be lost.'
        : 'None came, or all were red, or the report did not arrive. Nobody knows whether the backups can be restored.',
      why: `Its schedule "${schedule}" pauses for ${+(pause / DAY).toFixed(1)} days at most; a day more for a late node and its own run.`,
      runbook: 'postgres/restore-proof-failed',
    },
    {
      name: 'RestoreProofSlow',
      severity: 'P3',
      threshold: +(0.8 * within.toSeconds()).toFixed(0),
      expr: seconds => `restore_proof_restore_seconds{${series}} > ${seconds}`,
      summary: `A restore takes {{ $value | humanizeDuration }} of ${within.toMinutes()} minutes`,
      description: 'The database grows towards the time objective. The proof is red once it is crossed.',
      why: '80 % of the time objective (backups.proof.within).',
      runbook: 'postgres/restore-proof-failed',
    },
  ];
  return { name: 'proof', interval, rules };
}
