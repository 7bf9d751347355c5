/** The five fields of a schedule, each from its least to its most value. Sunday is 0: robfig/cron, by which Kubernetes and KEDA read schedules, takes no 7. */
const FIELDS: readonly (readonly [least: number, most: number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];
const MONTH = 3;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAY = 4;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** What may stand in place of the fields. */
const WORD = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/;

export const CRON_REMEDY = 'write minute, hour, day, month and weekday (0 to 6), e.g. "30 3 * * 1-5"';

/** Whether a schedule can be read. The API server refuses one that cannot; KEDA says so in a status that nobody reads. */
export function isCron(text: string): boolean {
  if (WORD.test(text)) return true;
  const fields = text.trim().split(/\s+/);
  return fields.length === FIELDS.length && fields.every((field, index) => field.split(',').every(isRange(index)));
}

/** `*`, `5`, `1-5`, each perhaps with a step (`/15`). */
function isRange(index: number): (text: string) => boolean {
  const [least, most] = FIELDS[index]!;
  return text => {
    const [range = '', step = '1', ...rest] = text.split('/');
    if (rest.length > 0 || !/^[1-9]\d*$/.test(step)) return false;
    if (range === '*' || range === '?') return true;
    const [from = Number.NaN, to = from, ...more] = range.split('-').map(value => numberOf(value, index));
    return more.length === 0 && least <= from && from <= to && to <= most;
  };
}

/** @returns NaN, which lies in no range, for what is no number */
function numberOf(value: string, index: number): number {
  const name = value.toLowerCase();
  if (index === MONTH && MONTHS.includes(name)) return MONTHS.indexOf(name) + 1;
  if (index === WEEKDAY && DAYS.includes(name)) return DAYS.indexOf(name);
  return /^\d+$/.test(value) ? Number(value) : Number.NaN;
}
