import type { CronJobSpec } from '../../../imports/kubernetes.ts';
import type { Rendered } from '../../render/manifest.ts';
import type { Problem, Unit, UnitRule } from '../rule.ts';
import { type Calendar, calendarOf } from './cron.ts';
import { meeting } from './occurrences.ts';
import { viewOf } from './view.ts';

/** Set by what writes an archive: where it is. */
const HOLDS = 'drydock/holds';

export const backupsApart: UnitRule = {
  name: 'backups-apart',
  demands:
    'Two backups of one database never begin in the same minute: one of them would wait for the other, and end when nobody expects it.',
  *check(unit: Unit) {
    const jobs = [...viewOf(unit).of('batch/v1/CronJob')].flatMap(object => scheduleOf(object) ?? []);
    for (const [index, job] of jobs.entries()) {
      for (const other of jobs.slice(0, index)) yield* apart(job, other);
    }
  },
};

interface Scheduled {
  readonly object: Rendered;
  readonly place: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly calendar: Calendar;
}

function scheduleOf(object: Rendered): Scheduled | undefined {
  const place = object.manifest.metadata.annotations?.[HOLDS];
  const { schedule, timeZone = 'Etc/UTC' } = object.manifest.spec as CronJobSpec;
  const calendar = calendarOf(schedule);
  return place === undefined || calendar === undefined ? undefined : { object, place, schedule, timeZone, calendar };
}

function* apart(job: Scheduled, other: Scheduled): Iterable<Problem & { readonly object: Rendered }> {
  if (job.place !== other.place || job.timeZone !== other.timeZone) return;
  const minute = meeting(job.calendar, other.calendar);
  if (minute === undefined) return;
  yield {
    object: job.object,
    given: `"${job.schedule}" and "${other.schedule}" of ${other.object.manifest.metadata.name} both begin at ${minute}, into ${job.place}`,
    remedy: 'leave the days of the one out of the other (0 2 * * 1-6), or move one by an hour',
  };
}
