import type { Selector } from './selectors.ts';

/** A rule as `dist/` has it, times in seconds. */
export interface RenderedAlert {
  readonly name: string;
  readonly expr: string;
  readonly for: number;
  /** Every series that it selects, with those of what is recorded for it. */
  readonly reads: readonly Selector[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What its `threshold` annotation says. */
  readonly threshold?: number;
}

/** Input series in promtool's notation, each with its values: `{ 'up{job="a"}': '1x10 0x20' }`. */
export type Series = Readonly<Record<string, string>>;

/** Series, and the time at which the alert is looked at. */
export interface Situation {
  readonly series: Series;
  readonly at: string;
}

/** When an alert must fire and when not, in the numbers of the rule itself. */
export interface AlertCase {
  /** The time between two values of a series, as Prometheus writes it. @default 1m */
  readonly interval?: string;
  readonly fires: Situation;
  /** More of what it fires for, each in its own right: the other arms of an `or`. */
  readonly also?: readonly Situation[];
  /**
   * As near to it as can be, and still quiet: several where there are several reasons to be. `never` for what says that alerting itself
   * works.
   */
  readonly quiet: Situation | readonly Situation[] | 'never';
  /** What it does a day long without any series. @default quiet */
  readonly missing?: 'fires';
}

/** The cases of some alerts, by name; made from the rule, so that a number is told once. */
export type Cases = Readonly<Record<string, (alert: RenderedAlert) => AlertCase>>;
