/** What the words of a schedule mean for how old its results may be. */

export const DAY = 86_400;

/** How long a full backup may itself take, before the next counts as missing. */
export const SLACK_SECONDS = 2 * 3600;

/** Seconds between two runs at most, to the day: with weekdays a week, with days of the month a month. */
export function longestPause(schedule: string): number {
  const [, , dayOfMonth = '*', month = '*', dayOfWeek = '*'] = schedule.split(' ');
  if (month !== '*') return 366 * DAY;
  if (dayOfMonth !== '*') return 31 * DAY;
  return dayOfWeek === '*' ? DAY : 7 * DAY;
}
