import { expect, test } from 'vitest';
import { isDescriptor, scheduleFaults, timeZoneFaults } from '../../../tools/prove/rules/cron.ts';

const faults = (schedule: string) =>
  [...scheduleFaults('schedule', schedule)].map(({ given, remedy }) => `${given}; ${remedy}`);

test.each([
  '* * * * *',
  '0 3 * * 1-5',
  '*/15 8-18/2 1,15 JAN-MAR MON',
  ' 0  3 ? * 0 ',
  '5/10 0 * * *',
  '59 23 31 12 6',
  '*/05 08 * * sun-Sat',
])('%s can be read', schedule => {
  expect(faults(schedule)).toEqual([]);
});

test.each([
  ['', ''],
  ['0 3 * *', ''],
  ['0 3 * * * *', ''],
  ['TZ=UTC 0 3 * * *', ''],
  ['@daily', ''],
  ['61 2 * * *', ', whose minute is 61, not 0 to 59'],
  ['-1 2 * * *', ', whose minute is -1, not 0 to 59'],
  ['*/0 * * * *', ', whose minute is */0, not 0 to 59'],
  ['*/2/2 * * * *', ', whose minute is */2/2, not 0 to 59'],
  ['0 24 * * *', ', whose hour is 24, not 0 to 23'],
  ['0 8- * * *', ', whose hour is 8-, not 0 to 23'],
  ['0 8,,9 * * *', ', whose hour is 8,,9, not 0 to 23'],
  ['0 3 0 * *', ', whose day of the month is 0, not 1 to 31'],
  ['0 3 1-32 * *', ', whose day of the month is 1-32, not 1 to 31'],
  ['0 3 L * *', ', whose day of the month is L, not 1 to 31'],
  ['0 3 JAN * *', ', whose day of the month is JAN, not 1 to 31'],
  ['0 3 * 13 *', ', whose month is 13, not 1 to 12 or JAN to DEC'],
  ['0 3 * * 7', ', whose day of the week is 7, not 0 to 6 or SUN to SAT'],
  ['0 3 * * FRI-SUN', ', whose day of the week is FRI-SUN, not 0 to 6 or SUN to SAT'],
  ['0 3 * * mon-tue-wed', ', whose day of the week is mon-tue-wed, not 0 to 6 or SUN to SAT'],
  ['0 3 * * MO', ', whose day of the week is MO, not 0 to 6 or SUN to SAT'],
])('%s cannot', (schedule, why) => {
  expect(faults(schedule)).toEqual([
    `schedule is "${schedule}"${why}; write minute, hour, day of the month, month and day of the week: 0 2 * * *`,
  ]);
});

test.each([
  '0 0 31 2 *',
  '0 0 30 2 *',
  '0 0 30,31 FEB ?',
  '0 0 31 4,6 *',
  '0 0 31 2 */1',
])('%s never comes', schedule => {
  expect(faults(schedule)).toEqual([
    `schedule is "${schedule}", a day that never comes; mend the day of the month, or the month`,
  ]);
});

// A weekday beside a day of the month comes too; only where it asks for every day must the two meet.
test.each([
  '0 0 29 2 *',
  '0 0 31 4-5 *',
  '0 0 30/1 1-2 *',
  '0 0 31 2 MON',
  '0 0 31 2 */2',
  '0 0 * 2 *',
])('%s comes', schedule => {
  expect(faults(schedule)).toEqual([]);
});

test('words in place of the fields', () => {
  for (const word of ['@yearly', '@daily', '@midnight', '@every 1h30m', '@every 1.5h'])
    expect(isDescriptor(word)).toBe(true);
  for (const word of ['@noon', '@Daily', ' @daily', '@every', '@every day', '0 3 * * *'])
    expect(isDescriptor(word)).toBe(false);
});

test.each([
  'UTC',
  'Etc/GMT-14',
  'Europe/Berlin',
  'Asia/Kolkata',
  'America/Port-au-Prince',
  'America/Argentina/Buenos_Aires',
])('the time zone %s', name => {
  expect([...timeZoneFaults('timeZone', name)]).toEqual([]);
});

test.each(['', 'Local', 'Europe/Berln', 'europe/berlin', '+01:00', 'Mars/Olympus'])('no time zone: %s', name => {
  expect([...timeZoneFaults('timeZone', name)]).toEqual([
    { given: `timeZone is "${name}"`, remedy: 'write an IANA name, such as Europe/Berlin' },
  ]);
});
