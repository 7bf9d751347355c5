import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { mayRest, whileOn } from '../alerting/rollout.ts';
import { Rules } from '../alerting/rules.ts';
import { closed } from '../closed.ts';
import { OBJECTIVE } from '../conventions.ts';
import { objectiveRow } from '../dashboard/rows/objective.ts';
import { Worker } from '../worker.ts';
import type { Workload } from '../workload.ts';
import { burnAlerts, leftOut, missingAlerts } from './alerts.ts';
import { groups } from './groups.ts';
import { indicatorOf } from './indicator.ts';
import { exact, isPossible, TIERS } from './tiers.ts';

export interface ObjectiveProps {
  /** Whose requests are counted: a workload with `metrics.source`. */
  readonly of: Workload;
  /** How many of a hundred must be good, such as 99.9. */
  readonly percent: number;
  /** How soon an answer is good: a bound of the source's histogram. @default whatever is no error is good */
  readonly within?: Duration;
  /** Over what time, in whole days from 7 to 30. @default 30 days */
  readonly over?: Duration;
}

/** More than the longest window of an alert, and no more than Prometheus keeps (32 days, in every tier). */
const OVER = { least: 7, most: 30 };

/**
 * What a service promises, and what calls a person before the promise is broken: the share of good requests over some time,
 * recorded, with alerts by how fast the rest is used up. `<service>-<id>` is its name in the label `slo`.
 *
 * @throws where the promise cannot be measured or can never call anybody
 */
export class Objective extends Construct {
  readonly of: Workload;
  /** The value of the label `slo`. */
  readonly slo: string;
  readonly percent: number;
  readonly over: Duration;
  /** In words. */
  readonly said: string;
  readonly rules: Rules;

  constructor(scope: Construct, id: string, props: ObjectiveProps) {
    super(scope, id);
    const { of, percent, within, over = Duration.days(30) } = props;
    const { path } = this.node;
    closed(path, props, { of: true, percent: true, within: true, over: true });
    const budget = checked(path, id, { percent, over });
    if (within !== undefined && !(within instanceof Duration))
      throw new Error(`${path}: within is ${JSON.stringify(within)}; give a time, as in Duration.millis(200)`);
    const seconds = within && within.toMilliseconds() / 1000;
    const indicator = indicatorOf(path, of, seconds);
    this.of = of;
    this.slo = `${of.name}-${id}`;
    this.percent = percent;
    this.over = over;
    this.said = `${percent} % of requests ${seconds === undefined ? 'without an error' : `answered within ${seconds} s`}`;
    of.dashboard.show(() => [objectiveRow({ slo: this.slo, said: this.said, namespace: of.namespace })]);
    const promised = { said: this.said, budget, over };
    const named = { slo: this.slo, namespace: of.namespace };
    const words = [`${this.said} over ${over.toDays()} days`, ...leftOut(budget)].join('; ');
    this.rules = new Rules(this, 'alerts', of, () => {
      const { annotations, ...rest } = of.metadata();
      return { ...rest, name: this.slo, annotations: { ...annotations, [OBJECTIVE]: words } };
    });
    this.rules.add(
      ...groups(id, named, {
        indicator,
        alerts: [
          ...burnAlerts(named, promised),
          ...missingAlerts(named, promised, { badMayBeMissing: indicator.badMayBeMissing, serves: serves(of) }),
        ],
        objective: exact(percent / 100),
        over,
      }),
    );
  }
}

/** When a workload must have requests to tell of. */
function serves(of: Workload): 'always' | 'never' | { readonly while: string } {
  // Out of DNS, or without pods while the database only follows.
  if (of.system.site.role === 'standby' || (of instanceof Worker && of.isOff)) return 'never';
  return mayRest(of) ? { while: whileOn(of) } : 'always';
}

/** What may be bad, from 0 to 1. @throws where that is nothing, or so much that nobody is ever called */
function checked(path: string, id: string, { percent, over }: { readonly percent: number; readonly over: Duration }) {
  const fail = (given: string, remedy: string) => {
    throw new Error(`${path}: ${given}; ${remedy}`);
  };
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(id))
    fail(`"${id}" cannot name an objective`, 'use lower-case letters, digits and -');
  if (typeof percent !== 'number' || !(percent > 0 && percent < 100))
    fail(`percent is ${JSON.stringify(percent)}`, 'give a number above 0 and below 100, as in 99.9');
  const budget = exact(1 - percent / 100);
  if (budget < 1e-6) fail(`percent is ${percent}`, 'give 99.9999 at most: no service is measured finer than that');
  const paging = TIERS.filter(({ severity }) => severity === 'P1');
  if (!paging.some(tier => isPossible(tier, budget))) {
    const slowest = Math.min(...paging.map(({ burn }) => burn));
    fail(
      `an objective of ${percent} % can never page: ${slowest} times ${exact(100 * budget)} % is more than everything`,
      `give at least ${Math.ceil(100 * (1 - 1 / slowest))} percent`,
    );
  }
  const days = over instanceof Duration ? over.toDays({ integral: false }) : Number.NaN;
  if (!Number.isInteger(days) || days < OVER.least || days > OVER.most)
    fail(
      `over is ${over instanceof Duration ? `${days} days` : JSON.stringify(over)}`,
      `give whole days from ${OVER.least} to ${OVER.most}: alerts look back 3 days, and Prometheus keeps 32`,
    );
  return budget;
}
