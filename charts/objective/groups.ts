import { Duration } from 'cdk8s';
import type { Alert, Recording, RuleGroup } from '../alerting/alert.ts';
import type { Indicator } from './indicator.ts';
import { SLI } from './series.ts';
import { exact, WINDOWS, type Window } from './tiers.ts';

export interface Named {
  /** The value of the label `slo`. */
  readonly slo: string;
  readonly namespace: string;
}

/** How often an indicator is taken; sums over its samples are events because of it. */
export const EVERY = Duration.minutes(1);

/** These are read from the service's own series; the longer ones from what was recorded, which costs next to nothing. */
const RAW: readonly Window[] = ['5m', '30m', '1h'];

/**
 * The rules of an objective. Shares are of events, never averages of shares: an hour with ten times the traffic weighs ten times
 * as much. The alerts stand in the group of what they read, so that they see the round's own values.
 */
export function groups(
  name: string,
  { slo, namespace }: Named,
  {
    indicator,
    alerts,
    objective,
    over,
  }: {
    readonly indicator: Indicator;
    readonly alerts: readonly Alert[];
    /** From 0 to 1. */
    readonly objective: number;
    readonly over: Duration;
  },
): RuleGroup[] {
  const its = selector({ slo, namespace });
  const labels = { slo };
  const record = (series: string, expr: string): Recording => ({ record: series, expr, labels });
  const windows = Object.keys(WINDOWS) as Window[];
  const summed = (window: string) =>
    `sum_over_time(${SLI.bad('5m')}${its}[${window}]) / (sum_over_time(${SLI.total('5m')}${its}[${window}]) > 0)`;
  const period = `${over.toDays()}d`;
  const budget = exact(1 - objective);
  return [
    {
      name,
      interval: EVERY,
      rules: [
        ...RAW.flatMap(window => [
          record(SLI.total(window), indicator.total(window)),
          record(SLI.bad(window), indicator.bad(window)),
          // Nothing asked, nothing told: a division by 0 would stay in every sum for as long as the window is.
          record(SLI.ratio(window), `${SLI.bad(window)}${its} / (${SLI.total(window)}${its} > 0)`),
        ]),
        ...windows.filter(window => !RAW.includes(window)).map(window => record(SLI.ratio(window), summed(window))),
        ...alerts,
      ],
    },
    {
      name: `${name}.budget`,
      interval: Duration.minutes(5),
      rules: [
        record(SLI.ratio(period), summed(period)),
        record(SLI.objective, `vector(${exact(objective)})`),
        record(SLI.budget, `vector(${budget})`),
        record(SLI.remaining, `1 - ${SLI.ratio(period)}${its} / ${budget}`),
      ],
    },
  ];
}

/** The matcher of an objective's series. Two systems in one cluster may both have an `api`. */
export function selector({ slo, namespace }: Named): string {
  return `{slo="${slo}",namespace="${namespace}"}`;
}
