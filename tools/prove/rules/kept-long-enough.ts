import type { CronJobSpec } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { calendarOf } from './cron.ts';
import { longestGapDays } from './occurrences.ts';

/** Set by what makes backups: what is kept, and for how many days. */
const KEEPS = 'drydock/keeps';

export const keptLongEnough: ObjectRule = {
  name: 'kept-long-enough',
  demands: `What a schedule makes is kept at least until the next comes: the days of ${KEEPS} against the longest time between two runs, so that there is never none.`,
  kinds: ['batch/v1/CronJob'],
  *check(manifest: Manifest): Iterable<Problem> {
    const text = manifest.metadata.annotations?.[KEEPS];
    const days = /^(.+) for (\d+) days$/.exec(text ?? '');
    if (days === null) return;
    const { schedule } = manifest.spec as CronJobSpec;
    const calendar = calendarOf(schedule);
    // One of five fields that cannot be read is the rule `jobs`' to tell.
    if (calendar === undefined) {
      if (schedule.startsWith('@'))
        yield { given: `${days[1]} come ${schedule}`, remedy: 'write minute, hour and days: 0 2 * * *' };
      return;
    }
    const gap = Math.ceil(longestGapDays(calendar));
    if (gap > Number(days[2]))
      yield {
        given: `${days[1]} are kept for ${days[2]} days and come up to ${gap} days apart ("${schedule}")`,
        remedy: `keep them for at least ${gap} days, or make them more often`,
      };
  },
};
