import type { Calendar } from './cron.ts';

const DAY_MINUTES = 24 * 60;
const DAY_MILLISECONDS = DAY_MINUTES * 60_000;

/** 28 years, after which days of the month fall on the same days of the week again, but for the years 2100, 2200, … */
const DAYS = 28 * 365 + 7;
const FIRST = Date.UTC(2024, 0, 1);

/** The longest time from one start to the next, in days. */
export function longestGapDays(calendar: Calendar): number {
  const { minutes } = calendar;
  const [first = 0, last = 0] = [minutes[0], minutes.at(-1)];
  let longest = Math.max(0, ...minutes.slice(1).map((minute, index) => minute - minutes[index]!));
  let before: number | undefined;
  for (const { number } of daysOf(calendar)) {
    if (before !== undefined) longest = Math.max(longest, (number - before) * DAY_MINUTES + first - last);
    before = number;
  }
  return before === undefined ? Number.POSITIVE_INFINITY : longest / DAY_MINUTES;
}

/** The first minute in which both begin, as `2024-01-07 02:00`; none where they never meet. */
export function meeting(one: Calendar, other: Calendar): string | undefined {
  const minute = one.minutes.find(each => other.minutes.includes(each));
  if (minute === undefined) return undefined;
  for (const { day } of daysOf(one)) {
    if (!other.on(day)) continue;
    const text = new Date(day.getTime() + minute * 60_000).toISOString();
    return `${text.slice(0, 10)} ${text.slice(11, 16)}`;
  }
  return undefined;
}

function* daysOf(calendar: Calendar): Iterable<{ readonly number: number; readonly day: Date }> {
  for (let number = 0; number < DAYS; number++) {
    const day = new Date(FIRST + number * DAY_MILLISECONDS);
    if (calendar.on(day)) yield { number, day };
  }
}
