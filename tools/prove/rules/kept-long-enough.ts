import type { CronJobSpec } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { calendarOf } from './cron.ts';
import { KEEPS, keptIn } from './keeps.ts';
import { longestGapDays } from './occurrences.ts';

export const keptLongEnough: ObjectRule = {
  name: 'kept-long-enough',
  demands: `What a schedule makes is kept at least until the next comes: the days of ${KEEPS} against the longest time between two runs, so that there is never none.`,
  kinds: ['batch/v1/CronJob'],
  *check(manifest: Manifest): Iterable<Problem> {
    const text = manifest.metadata.annotations?.[KEEPS];
    if (text === undefined) return;
    const kept = keptIn(text);
    if (kept === undefined) {
      yield {
        given: `its annotation ${KEEPS} is ${JSON.stringify(text)}, which says no number of days`,
        remedy: 'write what is kept and for how long: full backups of shop-data/database for 30 days',
      };
      return;
    }
    const { what, days } = kept;
    const { schedule } = manifest.spec as CronJobSpec;
    const calendar = calendarOf(schedule);
    // One of five fields that cannot be read is the rule `jobs`' to tell.
    if (calendar === undefined) {
      if (schedule.startsWith('@'))
        yield { given: `${what} come ${schedule}`, remedy: 'write minute, hour and days: 0 2 * * *' };
      return;
    }
    const gap = Math.ceil(longestGapDays(calendar));
    if (gap > days)
      yield {
        given: `${what} are kept for ${days} days and come up to ${gap} days apart ("${schedule}")`,
        remedy: `keep them for at least ${gap} days, or make them more often`,
      };
  },
};
