import { Duration } from 'cdk8s';
import type { Alert } from '../alerting/alert.ts';
import { EVERY, type Named, selector } from './groups.ts';
import { SLI } from './series.ts';
import { exact, isPossible, TIERS, type Tier, WINDOWS } from './tiers.ts';

export interface Promised {
  /** In words: `99.9 % of requests without an error`. */
  readonly said: string;
  /** What may be bad, from 0 to 1. */
  readonly budget: number;
  readonly over: Duration;
}

/** So many must be bad before anybody is called: one error in a quiet night is over every limit, and no outage. */
const BAD_AT_LEAST = 5;

const RUNBOOK = 'objectives/error-budget';

/** One alert for each speed at which the budget can burn. A speed that would need more than everything to be bad has none. */
export function burnAlerts(named: Named, promised: Promised): Alert[] {
  return TIERS.filter(tier => isPossible(tier, promised.budget)).map(tier => burnAlert(tier, named, promised));
}

function burnAlert(tier: Tier, named: Named, { said, budget, over }: Promised): Alert {
  const { name, burn, long, short, severity } = tier;
  const its = selector(named);
  const limit = exact(burn * budget);
  const bad = `sum_over_time(${SLI.bad('5m')}${its}[${long}]) * ${EVERY.toSeconds()}`;
  const spent = (100 * burn * WINDOWS[long]) / over.toSeconds();
  const alone = Math.ceil(1 / limit);
  return {
    name: `ErrorBudgetBurn${name}`,
    severity,
    threshold: limit,
    expr: share =>
      `${SLI.ratio(long)}${its} > ${exact(share)} and ${SLI.ratio(short)}${its} > ${exact(share)} and ${bad} >= ${BAD_AT_LEAST}`,
    for: tier.for,
    keepFiringFor: Duration.minutes(5),
    summary: `${named.slo} burns its error budget ${burn} times too fast`,
    description: `{{ $value | humanizePercentage }} were bad within ${long}; the objective is ${said} over ${over.toDays()} days.`,
    why: [
      `${burn} times ${percent(budget)}: ${number(spent)} % of the budget of ${over.toDays()} days within ${long} (Google SRE workbook, chapter 5).`,
      `If everything fails it fires after ${minutes(tier, limit)}.`,
      `Below ${alone} requests in ${long} one bad one is over the limit, so ${BAD_AT_LEAST} must be.`,
    ].join(' '),
    runbook: RUNBOOK,
    labels: { slo: named.slo, burn: name.toLowerCase(), long, short },
  };
}

/** How long an outage of everything lasts before somebody is called: the long window fills, the time to wait passes. */
function minutes({ long, for: wait }: Tier, limit: number): string {
  return `${number((limit * WINDOWS[long] + wait.toSeconds()) / 60)} min`;
}

/** What says that nothing can be said. */
export function missingAlerts(
  named: Named,
  { said, over }: Promised,
  {
    badMayBeMissing,
    serves,
  }: {
    readonly badMayBeMissing: boolean;
    /** When there must be data: always, never, or while this holds. */
    readonly serves: 'always' | 'never' | { readonly while: string };
  },
): Alert[] {
  const its = selector(named);
  const { slo } = named;
  const common = { severity: 'P2', for: Duration.minutes(10), runbook: RUNBOOK, labels: { slo } } as const;
  const absent = `absent(${SLI.total('5m')}${its})`;
  const noData: Alert = {
    ...common,
    name: 'SliNoData',
    expr: typeof serves === 'object' ? `${absent} and on () ${serves.while}` : absent,
    summary: `Nothing is known of ${slo}`,
    description: `Prometheus has no request series of the service: nobody can tell whether it keeps ${said} over ${over.toDays()} days.`,
    why: 'Ten minutes: twice the shortest window, so that a restart of all pods does not count.',
  };
  const badMissing: Alert = {
    ...common,
    name: 'SliBadSeriesMissing',
    expr: `${SLI.total('5m')}${its} unless ${SLI.bad('5m')}${its}`,
    summary: `${slo} is asked for a bound that the service does not have`,
    description: `{{ $value | humanize }} requests a second, and no bucket to tell the slow ones by: nobody can tell whether it keeps ${said} over ${over.toDays()} days.`,
    why: 'Ten minutes: twice the shortest window.',
  };
  return [...(serves === 'never' ? [] : [noData]), ...(badMayBeMissing ? [badMissing] : [])];
}

/** The speeds that have no alert, in words. */
export function leftOut(budget: number): string[] {
  return TIERS.filter(tier => !isPossible(tier, budget)).map(
    ({ name, burn }) => `${name} has no alert: ${burn} times ${percent(budget)} is more than everything`,
  );
}

function percent(share: number): string {
  return `${number(100 * share)} %`;
}

/** Three digits, for people. */
function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
