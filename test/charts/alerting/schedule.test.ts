import { expect, test } from 'vitest';
import { longestGap } from '../../../charts/alerting/schedule.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

test.each([
  ['0 2 * * *', DAY],
  ['*/5 * * * *', 300],
  ['0,40 * * * *', 40 * 60],
  ['0 8,20 * * *', 12 * HOUR],
  // From one o'clock at night to five in the evening of the day before.
  ['0 1,17 * * *', 16 * HOUR],
  ['0 5 * * 0', 7 * DAY],
  ['0 9 * * MON-FRI', 3 * DAY],
  ['0 7 1 * *', 31 * DAY],
  // January, March, …: from the first of July to that of September.
  ['0 0 1 */2 *', 62 * DAY],
  ['0 0 29 2 *', 1461 * DAY],
  // Of a day of the month and one of the week either will do.
  ['0 0 1 * 1', 7 * DAY],
  ['@hourly', HOUR],
  ['@yearly', 366 * DAY],
])('%s pauses for %d s at most', (schedule, seconds) => {
  expect(longestGap(schedule, 'Etc/UTC')).toBe(seconds);
});

test('several schedules pause together for as long as none of them comes', () => {
  const gap = (...schedules: string[]) => longestGap(schedules, 'Etc/UTC');
  expect(gap('0 2 * * 0', '0 2 * * 1-6')).toBe(DAY);
  expect(gap('0 2 * * *', '0 3 * * *')).toBe(23 * HOUR);
  expect(gap('0 2 * * 0', '0 3 * * *')).toBe(DAY);
  // From Saturday's last to Monday's first.
  expect(gap('0 9-17 * * 1-5', '0 12 * * 6')).toBe(45 * HOUR);
  expect(gap('0 2 * * *', '0 0 31 2 *')).toBe(DAY);
  expect(gap('0 2 * * *', 'hourly')).toBeUndefined();
});

test('the day on which clocks are set back has an hour more', () => {
  expect(longestGap('0 2 * * *', 'Europe/Berlin')).toBe(25 * HOUR);
  expect(longestGap('0 2 * * *', 'Asia/Kolkata')).toBe(DAY);
});

test.each([
  'hourly',
  '0 2 * *',
  '0 24 * * *',
  '0 0 31 2 *',
  '*/0 * * * *',
  '@every 5h',
])('says nothing of %s, which cannot be read or never comes', schedule => {
  expect(longestGap(schedule, 'Etc/UTC')).toBeUndefined();
});
