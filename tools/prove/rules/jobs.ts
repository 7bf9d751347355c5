import type { CronJobSpec, JobSpec } from '../../../imports/kubernetes.ts';
import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { isDescriptor, scheduleFaults, timeZoneFaults } from './cron.ts';
import { podOf } from './pods.ts';

const HOOK = 'argocd.argoproj.io/hook';
const CRON_JOB = 'batch/v1/CronJob';

/** A day: shorter, and the log of a night's failure is gone before anybody reads it. */
const SHORTEST_TTL = 86_400;

/** The controller looks every ten seconds; what may be less late may never start (kubernetes.io, "CronJob limitations"). */
const SHORTEST_DEADLINE = 10;

const STATED = {
  concurrencyPolicy: 'write Forbid, Replace or Allow',
  startingDeadlineSeconds: 'say how late a run may start: without it a hundred missed runs stop the CronJob for good',
  successfulJobsHistoryLimit: 'say how many to keep, e.g. 3',
  failedJobsHistoryLimit: 'say how many to keep, e.g. 3',
} as const;

export const jobs: ObjectRule = {
  name: 'jobs',
  demands:
    'A CronJob has a schedule that comes and a time zone that exists, and says how runs overlap, how late and how long they may be and what is kept; a Job is an Argo CD hook that stays for a day.',
  except: 'A CronJob’s Jobs carry no ttl: the history limits say it.',
  kinds: [CRON_JOB, 'batch/v1/Job'],
  *check(manifest: Manifest): Iterable<Problem> {
    const cron = kindOf(manifest) === CRON_JOB;
    const job = cron ? (manifest.spec as CronJobSpec).jobTemplate.spec! : (manifest.spec as JobSpec);
    const at = cron ? 'spec.jobTemplate.spec' : 'spec';
    yield* cron ? schedule(manifest.spec as CronJobSpec, job) : hook(manifest, job);

    for (const name of ['activeDeadlineSeconds', 'backoffLimit'] as const) {
      if (job?.[name] === undefined)
        yield {
          given: `${at}.${name} is not given`,
          remedy: name === 'backoffLimit' ? 'say how often to try again' : 'say when a run has hung',
        };
    }
    const { restartPolicy } = podOf(manifest)!.spec;
    if (restartPolicy !== 'Never' && restartPolicy !== 'OnFailure') {
      yield {
        given: `${podOf(manifest)!.specAt}.restartPolicy is ${restartPolicy ?? 'not given'}`,
        remedy: 'write Never or OnFailure',
      };
    }
  },
};

function* schedule(spec: CronJobSpec, job: JobSpec | undefined): Iterable<Problem> {
  for (const [name, remedy] of Object.entries(STATED)) {
    if (spec[name as keyof typeof STATED] === undefined) yield { given: `spec.${name} is not given`, remedy };
  }
  if (!isDescriptor(spec.schedule)) yield* scheduleFaults('spec.schedule', spec.schedule);
  if (spec.timeZone !== undefined) yield* timeZoneFaults('spec.timeZone', spec.timeZone);
  if ((spec.startingDeadlineSeconds ?? SHORTEST_DEADLINE) < SHORTEST_DEADLINE)
    yield {
      given: `spec.startingDeadlineSeconds is ${spec.startingDeadlineSeconds}`,
      remedy: `give at least ${SHORTEST_DEADLINE}: the controller looks no oftener`,
    };
  if (job?.ttlSecondsAfterFinished !== undefined) {
    yield {
      given: `spec.jobTemplate.spec.ttlSecondsAfterFinished is ${job.ttlSecondsAfterFinished}`,
      remedy: 'leave it out: the history limits say what is kept',
    };
  }
}

function* hook(manifest: Manifest, { ttlSecondsAfterFinished: ttl }: JobSpec): Iterable<Problem> {
  // A Job cannot be changed: as an ordinary object it would fail the second sync, and run again whenever its ttl deletes it.
  if (manifest.metadata.annotations?.[HOOK] === undefined)
    yield {
      given: `metadata.annotations has no ${HOOK}`,
      remedy: 'make it a hook (Sync, PreSync, PostSync), or a CronJob',
    };
  if (ttl === undefined || ttl < SHORTEST_TTL)
    yield {
      given: `spec.ttlSecondsAfterFinished is ${ttl ?? 'not given'}`,
      remedy: `give at least ${SHORTEST_TTL}, a day`,
    };
}
