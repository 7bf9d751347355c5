import type { Cases, RenderedAlert, Series } from '../../case.ts';
import { after, always, steady } from './members.ts';

/** Ages that begin before the test does. */
const ago = (seconds: number) => `${-seconds}x400`;

/** One that never succeeded; and one as old whose last good run is just young enough. */
function tooOld(made: string, last: string): (job: (alert: RenderedAlert) => string) => Cases[string] {
  return job => alert => {
    const at = after(alert, 10);
    const held = Number.parseInt(at, 10) * 60;
    const cronJob = `namespace="${alert.labels.namespace}",cronjob="${job(alert)}"`;
    const since = {
      [`${made}{${cronJob}}`]: ago(alert.threshold! + 1),
      [`kube_cronjob_spec_suspend{${cronJob}}`]: always(0),
    };
    const named = last.startsWith('restore_proof') ? cronJob.replace('cronjob=', 'proof=') : cronJob;
    return {
      fires: { series: since, at },
      quiet: { series: { ...since, [`${last}{${named}}`]: ago(alert.threshold! - held) }, at },
    };
  };
}

const backup = tooOld('kube_cronjob_created', 'kube_cronjob_status_last_successful_time');
const proven = tooOld('kube_cronjob_created', 'restore_proof_last_success_timestamp_seconds');
const proof = (metric: string, alert: RenderedAlert, value: number): Series => ({
  [`${metric}{namespace="${alert.labels.namespace}",proof="${alert.labels.service}",job="restore-proof"}`]:
    always(value),
});

export const backups: Cases = {
  PostgresBackupTooOld: backup(({ labels }) => `${labels.service}-backup-full`),
  RestoreProofFailed: steady(
    alert => proof('restore_proof_success', alert, 0),
    alert => proof('restore_proof_success', alert, 1),
  ),
  RestoreProofTooOld: proven(({ labels }) => labels.service!),
  RestoreProofSlow: steady(
    (alert, limit) => proof('restore_proof_restore_seconds', alert, limit + 1),
    (alert, limit) => proof('restore_proof_restore_seconds', alert, limit),
  ),
};
