/** On a CronJob that makes backups: what is kept, and for how many days. */
export const KEEPS = 'drydock/keeps';

export interface Kept {
  /** `full backups of shop-data/database` */
  readonly what: string;
  readonly days: number;
}

/** Reads `<what> for <number> days`; `undefined` for any other text. */
export function keptIn(text: string): Kept | undefined {
  const [, what, days] = /^(.+) for (\d+) days$/.exec(text) ?? [];
  return what === undefined ? undefined : { what, days: Number(days) };
}
