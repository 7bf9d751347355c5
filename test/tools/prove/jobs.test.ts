import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a CronJob that says too little',
    it => {
      const { spec } = it['CronJob clean'];
      delete spec.concurrencyPolicy;
      delete spec.startingDeadlineSeconds;
      delete spec.failedJobsHistoryLimit;
      delete spec.jobTemplate.spec.activeDeadlineSeconds;
    },
    [
      'jobs: CronJob.clean: spec.concurrencyPolicy is not given; write Forbid, Replace or Allow',
      'jobs: CronJob.clean: spec.startingDeadlineSeconds is not given; say how late a run may start: without it a hundred missed runs stop the CronJob for good',
      'jobs: CronJob.clean: spec.failedJobsHistoryLimit is not given; say how many to keep, e.g. 3',
      'jobs: CronJob.clean: spec.jobTemplate.spec.activeDeadlineSeconds is not given; say when a run has hung',
    ],
  ],
  [
    'a CronJob with a ttl',
    it => {
      it['CronJob clean'].spec.jobTemplate.spec.ttlSecondsAfterFinished = 60;
    },
    [
      'jobs: CronJob.clean: spec.jobTemplate.spec.ttlSecondsAfterFinished is 60; leave it out: the history limits say what is kept',
    ],
  ],
  [
    'a Job outside a sync',
    it => {
      delete it['Job migrate'].metadata.annotations['argocd.argoproj.io/hook'];
    },
    [
      'jobs: Job.migrate: metadata.annotations has no argocd.argoproj.io/hook; make it a hook (Sync, PreSync, PostSync), or a CronJob',
    ],
  ],
  [
    'a Job that goes too soon and tries for ever',
    it => {
      it['Job migrate'].spec.ttlSecondsAfterFinished = 60;
      delete it['Job migrate'].spec.backoffLimit;
    },
    [
      'jobs: Job.migrate: spec.ttlSecondsAfterFinished is 60; give at least 86400, a day',
      'jobs: Job.migrate: spec.backoffLimit is not given; say how often to try again',
    ],
  ],
  [
    'a Job that restarts always',
    it => {
      delete it['Job migrate'].spec.template.spec.restartPolicy;
    },
    ['jobs: Job.migrate: spec.template.spec.restartPolicy is not given; write Never or OnFailure'],
  ],
  [
    'a time that there is not',
    it => {
      it['CronJob clean'].spec.schedule = '61 2 * * *';
    },
    [
      'jobs: CronJob.clean: spec.schedule is "61 2 * * *", whose minute is 61, not 0 to 59; write minute, hour, day of the month, month and day of the week: 0 2 * * *',
    ],
  ],
  [
    'a day that never comes',
    it => {
      it['CronJob clean'].spec.schedule = '0 0 31 4,6 *';
    },
    [
      'jobs: CronJob.clean: spec.schedule is "0 0 31 4,6 *", a day that never comes; mend the day of the month, or the month',
    ],
  ],
  [
    'a schedule by a word',
    it => {
      it['CronJob clean'].spec.schedule = '@daily';
    },
    [],
  ],
  [
    'a time zone that there is not',
    it => {
      it['CronJob clean'].spec.timeZone = 'Europe/Berln';
    },
    ['jobs: CronJob.clean: spec.timeZone is "Europe/Berln"; write an IANA name, such as Europe/Berlin'],
  ],
  [
    'a run that may never start',
    it => {
      it['CronJob clean'].spec.startingDeadlineSeconds = 9;
    },
    ['jobs: CronJob.clean: spec.startingDeadlineSeconds is 9; give at least 10: the controller looks no oftener'],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
