import { type Matcher, readExpr, within } from '../../../tools/prove/promql/expr.ts';
import { regexOf } from '../../../tools/prove/promql/regex.ts';

export type { Matcher };

/** What a rule reads: a metric, and which of its series. */
export interface Selector {
  /** Empty where a regular expression chooses it. */
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** A series as it is written in a test: `up{job="a"}`. */
export interface Written {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Every series that an expression selects.
 * @throws where it is no PromQL
 */
export function selectorsOf(text: string): Selector[] {
  const { expr, faults } = readExpr(text);
  if (!expr) throw new Error(`${text}: ${faults.join('; ')}; correct it`);
  return [...within(expr)].flatMap(each =>
    each.is === 'selector' ? [{ metric: each.metric ?? '', matchers: each.matchers }] : [],
  );
}

/** @throws where it is not one series with plain labels */
export function writtenSeries(text: string): Written {
  const [only, ...more] = selectorsOf(text);
  if (!only || more.length > 0 || only.matchers.some(({ operator }) => operator !== '='))
    throw new Error(`${text}: not one series; write it as name{label="value"}`);
  return { metric: only.metric, labels: Object.fromEntries(only.matchers.map(({ label, value }) => [label, value])) };
}

/** Whether a series is among those selected; a label that it has not is empty, as in Prometheus. */
export function selects({ metric, matchers }: Selector, series: Written): boolean {
  return metric === series.metric && matchers.every(matcher => agrees(matcher, series.labels[matcher.label] ?? ''));
}

export function agrees({ operator, value }: Matcher, found: string): boolean {
  if (operator === '=') return found === value;
  if (operator === '!=') return found !== value;
  return regexOf(value)!.test(found) === (operator === '=~');
}
