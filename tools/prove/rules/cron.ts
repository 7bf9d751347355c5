import type { Problem } from '../rule.ts';

/** One of the five fields of a schedule. */
interface Field {
  readonly called: string;
  readonly least: number;
  readonly most: number;
  /** Words for its values, from the least on. */
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const FIELDS: readonly Field[] = [
  { called: 'minute', least: 0, most: 59 },
  { called: 'hour', least: 0, most: 23 },
  { called: 'day of the month', least: 1, most: 31 },
  { called: 'month', least: 1, most: 12, names: MONTHS },
  { called: 'day of the week', least: 0, most: 6, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
];

/** The most days of each month. */
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const REMEDY = 'write minute, hour, day of the month, month and day of the week: 0 2 * * *';

/** Words that stand in place of the fields. The API server takes them, KEDA does not. */
const DESCRIPTOR = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every (\d+(\.\d+)?[hms])+)$/;

export function isDescriptor(schedule: string): boolean {
  return DESCRIPTOR.test(schedule);
}

/**
 * What is wrong with a schedule of five fields, as robfig/cron reads it for Kubernetes and KEDA. The API server refuses one
 * that cannot be read, KEDA says so in a status that nobody reads, and neither minds a day that never comes.
 */
export function* scheduleFaults(at: string, schedule: string): Iterable<Problem> {
  const given = `${at} is "${schedule}"`;
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    yield { given, remedy: REMEDY };
    return;
  }
  const read = FIELDS.map((field, index) => valuesOf(fields[index]!, field));
  const wrong = read.indexOf(undefined);
  const [, , days, months, weekdays] = read;
  if (wrong >= 0)
    yield {
      given: `${given}, whose ${FIELDS[wrong]!.called} is ${fields[wrong]}, not ${boundsOf(FIELDS[wrong]!)}`,
      remedy: REMEDY,
    };
  else if (weekdays!.every && !months!.values.some(month => Math.min(...days!.values) <= LENGTHS[month - 1]!))
    yield { given: `${given}, a day that never comes`, remedy: 'mend the day of the month, or the month' };
}

/** When a schedule comes: the days by what they are, and the minutes of such a day. */
export interface Calendar {
  /** Whether it comes on a day of UTC. */
  on(day: Date): boolean;
  /** Minutes since midnight, ascending. */
  readonly minutes: readonly number[];
}

const WORDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** The calendar of a schedule; none where it cannot be read, or counts from when its object was made (`@every 5h`). */
export function calendarOf(schedule: string): Calendar | undefined {
  const fields = (WORDS[schedule] ?? schedule).trim().split(/\s+/);
  const read = FIELDS.map((field, index) => valuesOf(fields[index] ?? '', field));
  if (fields.length !== FIELDS.length || read.includes(undefined)) return undefined;
  const [minutes, hours, days, months, weekdays] = read as Values[];
  const each = hours!.values.flatMap(hour => minutes!.values.map(minute => hour * 60 + minute));
  return {
    minutes: [...new Set(each)].sort((a, b) => a - b),
    on(day) {
      const inMonth = days!.values.includes(day.getUTCDate());
      const inWeek = weekdays!.values.includes(day.getUTCDay());
      // Of two that both leave days out, either will do.
      const either = !days!.every && !weekdays!.every;
      return months!.values.includes(day.getUTCMonth() + 1) && (either ? inMonth || inWeek : inMonth && inWeek);
    },
  };
}

/** What is wrong with the name of a time zone. */
export function* timeZoneFaults(at: string, name: string): Iterable<Problem> {
  if (!isTimeZone(name)) yield { given: `${at} is "${name}"`, remedy: 'write an IANA name, such as Europe/Berlin' };
}

interface Values {
  readonly values: readonly number[];
  /** Whether it asks for every value; a weekday that does not comes beside the day of the month, else they must meet. */
  readonly every: boolean;
}

/** The values of `*`, `5`, `1-5`, each perhaps with a step (`/15`), and of several; none where it cannot be read. */
function valuesOf(text: string, field: Field): Values | undefined {
  const values: number[] = [];
  let every = false;
  for (const part of text.split(',')) {
    const [range = '', step = '1', ...rest] = part.split('/');
    const any = range === '*' || range === '?';
    const [from = Number.NaN, to = part === range ? from : field.most, ...more] = any
      ? [field.least, field.most]
      : range.split('-').map(value => numberOf(value, field));
    const isRange = field.least <= from && from <= to && to <= field.most && more.length === 0;
    if (!isRange || rest.length > 0 || !/^0*[1-9]\d*$/.test(step)) return undefined;
    for (let value = from; value <= to; value += Number(step)) values.push(value);
    every ||= any && Number(step) === 1;
  }
  return { values, every };
}

/** @returns NaN, which lies in no range, for what is no number */
function numberOf(text: string, { names = [], least }: Field): number {
  const name = names.indexOf(text.toUpperCase());
  if (name >= 0) return least + name;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function boundsOf({ least, most, names }: Field): string {
  return `${least} to ${most}${names ? ` or ${names[0]} to ${names.at(-1)}` : ''}`;
}

function isTimeZone(name: string): boolean {
  // Go finds a zone by the name of its file, capitals and all; Intl forgives them.
  if (!zones.has(name)) zones.set(name, name.split('/').every(part => /^[A-Z]/.test(part)) && isKnown(name));
  return zones.get(name)!;
}

/** Answers are kept: each takes a tenth of a millisecond. */
const zones = new Map<string, boolean>();

function isKnown(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
