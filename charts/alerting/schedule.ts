/** The five fields of a schedule, and words for some of their values. */
const FIELDS = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] },
  { least: 0, most: 6, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
] as const;

const WORDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const DAY = 86_400;

/** Two leap years and all that lies between them. */
const FIRST = Date.UTC(2024, 0, 1);
const DAYS = 5 * 366;

/**
 * The longest time between two runs of a schedule, or of any of several, in seconds: 86400 of `0 2 * * *`, 31 days of `0 7 1 * *`. Where
 * clocks are set back in autumn that day has an hour more. What falls into the hour that is left out in spring is really left out by
 * Kubernetes, and not counted here.
 *
 * @returns nothing where a schedule cannot be read, which the rule `jobs` refuses, or none ever comes
 */
export function longestGap(schedule: string | readonly string[], timeZone: string): number | undefined {
  const schedules = [schedule].flat();
  const key = [...schedules, timeZone].join('\n');
  if (!known.has(key)) known.set(key, computed(schedules, timeZone));
  return known.get(key);
}

/** Of every schedule that was asked of: a fleet has few, and many of each. */
const known = new Map<string, number | undefined>();

function computed(texts: readonly string[], timeZone: string): number | undefined {
  const schedules = texts.map(readSchedule);
  if (!schedules.every(each => each !== undefined)) return undefined;
  const seen = new Map<string, Day>();
  let longest = 0;
  let last: number | undefined;
  for (let day = 0; day < DAYS; day++) {
    const date = new Date(FIRST + day * DAY * 1000);
    const coming = schedules.filter(({ comes }) => comes(date));
    if (coming.length === 0) continue;
    const key = coming.map(each => schedules.indexOf(each)).join();
    const today = seen.get(key) ?? dayOf(coming.flatMap(({ times }) => times));
    seen.set(key, today);
    if (last !== undefined) longest = Math.max(longest, day * DAY + today.first - last, today.within);
    last = day * DAY + today.last;
  }
  if (longest === 0) return undefined;
  return longest + (setsClocksBack(timeZone) ? 3600 : 0);
}

/** The runs of one day: the first and the last in seconds of it, and the longest time between two. */
interface Day {
  readonly first: number;
  readonly last: number;
  readonly within: number;
}

function dayOf(times: readonly number[]): Day {
  const sorted = [...times].sort((a, b) => a - b);
  const within = Math.max(0, ...sorted.slice(1).map((time, index) => time - sorted[index]!));
  return { first: sorted[0]!, last: sorted.at(-1)!, within };
}

/** On which days a schedule comes, and when on each of them. */
function readSchedule(schedule: string) {
  const texts = (WORDS[schedule] ?? schedule).trim().split(/\s+/);
  const fields = FIELDS.map((field, index) => read(texts[index] ?? '', field));
  if (texts.length !== FIELDS.length || fields.some(field => field === undefined)) return undefined;
  const [minutes, hours, days, months, weekdays] = fields as Field[];
  return {
    times: [...hours!.values].flatMap(hour => [...minutes!.values].map(minute => hour * 3600 + minute * 60)),
    comes(date: Date): boolean {
      const inMonth = days!.values.has(date.getUTCDate());
      const inWeek = weekdays!.values.has(date.getUTCDay());
      // Of two that both leave days out, either will do.
      const inDay = !days!.every && !weekdays!.every ? inMonth || inWeek : inMonth && inWeek;
      return inDay && months!.values.has(date.getUTCMonth() + 1);
    },
  };
}

interface Field {
  readonly values: ReadonlySet<number>;
  readonly every: boolean;
}

/** The values of `*`, `5`, `1-5`, each perhaps with a step (`/15`), and of several. */
function read(
  text: string,
  { least, most, names = [] }: { least: number; most: number; names?: readonly string[] },
): Field | undefined {
  const values = new Set<number>();
  let every = false;
  const number = (value: string) => {
    const name = names.indexOf(value.toUpperCase());
    return name >= 0 ? least + name : /^\d+$/.test(value) ? Number(value) : Number.NaN;
  };
  for (const part of text.split(',')) {
    const [range = '', step] = part.split('/');
    const any = range === '*' || range === '?';
    const [from = Number.NaN, to = step === undefined ? from : most] = any
      ? [least, most]
      : range.split('-').map(number);
    const by = Number(step ?? 1);
    if (!(least <= from && from <= to && to <= most && by >= 1)) return undefined;
    for (let value = from; value <= to; value += by) values.add(value);
    every ||= any && by === 1;
  }
  return { values, every };
}

function setsClocksBack(timeZone: string): boolean {
  try {
    const clock = (month: number) =>
      new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
        .formatToParts(Date.UTC(2026, month, 1))
        .find(({ type }) => type === 'timeZoneName')?.value;
    return clock(0) !== clock(6);
  } catch {
    return false;
  }
}
