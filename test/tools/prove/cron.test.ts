import { expect, test } from 'vitest';
import { isCron } from '../../../tools/prove/rules/cron.ts';

test.each([
  '* * * * *',
  '0 3 * * 1-5',
  '*/15 8-18/2 1,15 JAN-MAR MON',
  ' 0  3 ? * 0 ',
  '5/10 0 * * *',
  '59 23 31 12 6',
  '@daily',
  '@every 1h30m',
])('%s can be read', text => {
  expect(isCron(text)).toBe(true);
});

test.each([
  '',
  '0 3 * *',
  '0 3 * * * *',
  '60 3 * * *',
  '0 24 * * *',
  '0 3 0 * *',
  '0 3 * 13 *',
  '0 3 * * 7',
  '0 3 * * 5-1',
  '0 3 * * mon-tue-wed',
  '*/0 * * * *',
  '*/2/2 * * * *',
  '0 3 * * MO',
  '0 3 JAN * *',
  '@noon',
])('%s cannot', text => {
  expect(isCron(text)).toBe(false);
});
