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
 * The longest time between two runs, in seconds: 86400 of `0 2 * * *`, 31 days of `0 7 1 * *`. Where clocks are set back in autumn that
 * day has an hour more. What falls into the hour that is left out in spring is really left out by Kubernetes, and not counted here.
 *
 * @returns nothing where the schedule cannot be read, which the rule `jobs` refuses, or never comes
 */
export function longestGap(schedule: string, timeZone: string): number | undefined {
  const key = `${schedule} ${timeZone}`;
  if (!known.has(key)) known.set(key, computed(schedule, timeZone));
  return known.get(key);
}

/** Of every schedule that was asked of: a fleet has few, and many of each. */
const known = new Map<string, number | undefined>();

function computed(schedule: string, timeZone: string): number | undefined {
  const texts = (WORDS[schedule] ?? schedule).trim().split(/\s+/);
  const fields = FIELDS.map((field, index) => read(texts[index] ?? '', field));
  if (texts.length !== FIELDS.length || fields.some(field => field === undefined)) return undefined;
  const [minutes, hours, days, months, weekdays] = fields as Field[];
  const times = [...hours!.values].flatMap(hour => [...minutes!.values].map(minute => hour * 3600 + minute * 60));
  times.sort((a, b) => a - b);
  const within = Math.max(0, ...times.slice(1).map((time, index) => time - times[index]!));
  const overnight = DAY - times.at(-1)! + times[0]!;
  let longest = 0;
  let last: number | undefined;
  for (let day = 0; day < DAYS; day++) {
    const date = new Date(FIRST + day * DAY * 1000);
    const inMonth = days!.values.has(date.getUTCDate());
    const inWeek = weekdays!.values.has(date.getUTCDay());
    // Of two that both leave days out, either will do.
    const comes = !days!.every && !weekdays!.every ? inMonth || inWeek : inMonth && inWeek;
    if (!comes || !months!.values.has(date.getUTCMonth() + 1)) continue;
    if (last !== undefined) longest = Math.max(longest, (day - last - 1) * DAY + overnight);
    last = day;
  }
  if (longest === 0) return undefined;
  return Math.max(longest, within) + (setsClocksBack(timeZone) ? 3600 : 0);
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
