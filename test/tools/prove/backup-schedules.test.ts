import { describe, expect, test } from 'vitest';
import { calendarOf } from '../../../tools/prove/rules/cron.ts';
import { longestGapDays, meeting } from '../../../tools/prove/rules/occurrences.ts';
import { broken, type Objects } from './broken.ts';

const calendar = (schedule: string) => calendarOf(schedule)!;

describe('the longest time between two runs, in days', () => {
  test.each([
    ['0 2 * * *', 1],
    ['0 2 * * 0', 7],
    ['0 2 1 * *', 31],
    ['0 */6 * * *', 0.25],
    // From Friday's last to Monday's first.
    ['0 8,20 * * 1-5', 2.5],
    // Either day will do, where both leave some out.
    ['0 2 1,15 * 0', 7],
    ['0 2 29 2 *', 1461],
    ['@monthly', 31],
    ['0 2 31 2 *', Number.POSITIVE_INFINITY],
  ])('%s: %d', (schedule, days) => {
    expect(longestGapDays(calendar(schedule))).toBe(days);
  });
});

describe('two schedules that meet', () => {
  test.each([
    ['0 2 * * *', '0 2 * * 0', '2024-01-07 02:00'],
    // The 1st is a Sunday first in September.
    ['0 2 1 * *', '0 2 * * SUN,1', '2024-01-01 02:00'],
    ['30 */2 * * *', '30 4 1 * *', '2024-01-01 04:30'],
  ])('%s and %s', (one, other, minute) => {
    expect(meeting(calendar(one), calendar(other))).toBe(minute);
    expect(meeting(calendar(other), calendar(one))).toBe(minute);
  });

  test.each([
    ['0 2 * * 0', '0 2 * * 1-6'],
    ['0 2 * * *', '5 2 * * *'],
    ['0 2 30 4 *', '0 2 30 6 *'],
  ])('%s and %s never', (one, other) => {
    expect(meeting(calendar(one), calendar(other))).toBeUndefined();
  });
});

test.each(['0 2 * *', '61 2 * * *', '@every 5h', ''])('"%s" has no calendar', schedule => {
  expect(calendarOf(schedule)).toBeUndefined();
});

const HOLDS = 'drydock/holds';

/** The CronJob of the good unit with a schedule, and another beside it. */
function scheduled(one: Job, other?: Job): string[] {
  return broken((objects: Objects) => {
    const job = objects['CronJob clean'];
    Object.assign(job.metadata, { annotations: one.annotations });
    job.spec.schedule = one.schedule;
    if (other === undefined) return;
    const twin = structuredClone(job);
    Object.assign(twin.metadata, { name: 'clean-2', annotations: other.annotations });
    twin.spec.schedule = other.schedule;
    objects['CronJob clean-2'] = twin;
  }).filter(finding => /^(kept|backups)/.test(finding));
}

interface Job {
  readonly schedule: string;
  readonly annotations: Record<string, string>;
}

const kept = (schedule: string, days: number): Job => ({
  schedule,
  annotations: { 'drydock/keeps': `full backups of shop/database for ${days} days` },
});

test.each([
  ['0 2 * * *', 1],
  ['0 2 * * 0', 7],
  ['0 2 1 * *', 31],
  ['not readable', 1],
])('%s kept for %d days', (schedule, days) => {
  expect(scheduled(kept(schedule, days))).toEqual([]);
});

test('what comes weekly and is kept for five days is refused, and what nobody can reckon', () => {
  expect(scheduled(kept('0 2 * * 0', 5))).toEqual([
    'kept-long-enough: CronJob.clean: full backups of shop/database are kept for 5 days and come up to 7 days apart ("0 2 * * 0"); keep them for at least 7 days, or make them more often',
  ]);
  expect(scheduled(kept('@every 5h', 5))).toEqual([
    'kept-long-enough: CronJob.clean: full backups of shop/database come @every 5h; write minute, hour and days: 0 2 * * *',
  ]);
});

test.each([
  'reports',
  'reports for 7 years',
  'reports for 30 days, or so',
  ' for 30 days',
  'for 30 days',
  '',
])('kept "%s" says no number of days', text => {
  expect(scheduled({ schedule: '0 2 * * *', annotations: { 'drydock/keeps': text } })).toEqual([
    `kept-long-enough: CronJob.clean: its annotation drydock/keeps is "${text}", which says no number of days; write what is kept and for how long: full backups of shop-data/database for 30 days`,
  ]);
});

test('two backups of one archive in one minute are refused; of two archives they are not', () => {
  const into = (place: string, schedule: string): Job => ({ schedule, annotations: { [HOLDS]: place } });
  expect(scheduled(into('s3://a', '0 2 * * *'), into('s3://a', '0 2 * * 0'))).toEqual([
    'backups-apart: CronJob.clean-2: "0 2 * * 0" and "0 2 * * *" of clean both begin at 2024-01-07 02:00, into s3://a; leave the days of the one out of the other (0 2 * * 1-6), or move one by an hour',
  ]);
  expect(scheduled(into('s3://a', '0 2 * * 1-6'), into('s3://a', '0 2 * * 0'))).toEqual([]);
  expect(scheduled(into('s3://a', '0 2 * * *'), into('s3://b', '0 2 * * *'))).toEqual([]);
});
