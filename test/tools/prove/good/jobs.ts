import { companions, type Loose, object, serving, template } from './parts.ts';

const once = { restartPolicy: 'Never' };
/** Where the edge asks them how far they are. */
const main = { ports: serving.ports };

/** A nightly job and a migration. */
export function jobs(): Loose[] {
  return [
    object('batch/v1/CronJob', 'clean', {
      spec: {
        concurrencyPolicy: 'Forbid',
        failedJobsHistoryLimit: 3,
        schedule: '0 3 * * *',
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 1,
        jobTemplate: {
          spec: { activeDeadlineSeconds: 3600, backoffLimit: 1, template: template('clean', main, once) },
        },
      },
    }),
    ...companions('clean'),
    object(
      'batch/v1/Job',
      'migrate',
      {
        spec: {
          activeDeadlineSeconds: 3600,
          backoffLimit: 0,
          ttlSecondsAfterFinished: 86_400,
          template: template('migrate', main, once),
        },
      },
      { annotations: { 'argocd.argoproj.io/hook': 'Sync', 'argocd.argoproj.io/sync-wave': '-1' } },
    ),
    ...companions('migrate'),
  ];
}
