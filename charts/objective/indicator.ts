import type { MetricSource } from '../metric-source.ts';
import { seriesOf } from '../metrics.ts';
import type { Workload } from '../workload.ts';

/** What an objective counts: events, and the bad ones among them, by the second. */
export interface Indicator {
  readonly total: (window: string) => string;
  readonly bad: (window: string) => string;
  /** Whether `bad` can be missing while `total` is there: by a bound or a label that the service does not have. */
  readonly badMayBeMissing: boolean;
}

/**
 * Answers that are no error. A service that never failed has no series of errors, which is none: the fallback stands on the same
 * side of the labels as what it replaces, since rule labels come after evaluation.
 */
export function availability(workload: Workload, { requests, errors }: MetricSource): Indicator {
  const series = seriesOf(workload);
  const total = (window: string) => `sum(rate(${requests}{${series}}[${window}]))`;
  return {
    total,
    bad: window => `sum(rate(${requests}{${series},${errors}}[${window}])) or on () (0 * ${total(window)})`,
    badMayBeMissing: false,
  };
}

/** Answers within a time that is a bound of the histogram. What is missing stays missing: a wrong bound must not look perfect. */
export function latency(workload: Workload, histogram: string, seconds: number): Indicator {
  const series = seriesOf(workload);
  const total = (window: string) => `sum(rate(${histogram}_count{${series}}[${window}]))`;
  return {
    total,
    bad: window => `${total(window)} - sum(rate(${histogram}_bucket{${series},${boundIs(seconds)}}[${window}]))`,
    badMayBeMissing: true,
  };
}

/** Whole numbers are written `1` by Node's client, `1.0` by Python's and by Prometheus 3. */
function boundIs(seconds: number): string {
  return Number.isInteger(seconds) ? `le=~"${seconds}|${seconds}\\\\.0"` : `le="${seconds}"`;
}

/** The indicator of what is asked of a workload. @throws where nothing measures it */
export function indicatorOf(path: string, workload: Workload, within: number | undefined): Indicator {
  const source = workload.metrics?.source;
  if (source === undefined)
    throw new Error(
      `${path}: nothing counts the requests of ${workload.name}; give it metrics: { port: …, source: fastApi() }, or another source`,
    );
  if (within === undefined) return availability(workload, source);
  const { latency: measured, toAddBound } = source;
  if (measured === undefined)
    throw new Error(`${path}: nothing measures how long ${workload.name} takes; give its source a histogram`);
  if (!measured.bounds.includes(within))
    throw new Error(
      `${path}: within is ${within} s, and ${measured.histogram} has the bounds ${measured.bounds.join(', ')}; take one of these, or ${toAddBound}`,
    );
  return latency(workload, measured.histogram, within);
}
