import type { Rendered } from '../../render/manifest.ts';
import { alertsOf, PROMETHEUS_RULE, type Rule, rulesOf } from '../promql/asked.ts';
import { secondsOf } from '../promql/duration.ts';
import { type Expr, readExpr, within } from '../promql/expr.ts';
import type { Metrics } from '../promql/metrics.ts';
import { SingleEvents } from '../promql/passing.ts';
import { canHold, selectorsIn, ValueRange, type Values } from '../promql/values.ts';
import type { Problem, UnitRule } from '../rule.ts';
import { metricsOf } from './metrics.ts';
import { viewOf } from './view.ts';

export const alertCanFire: UnitRule = {
  name: 'alert-can-fire',
  demands:
    'An alert can fire: what it compares can be so; where a single event is enough, as with increase(…) > 0, that event stays in its window for as long as the alert must hold; and each objective has one of P1 or P2.',
  except:
    'Where only several events of a window pass the limit, it is a level, which may have to hold for longer than its window.',
  *check(unit) {
    const metrics = metricsOf(unit);
    for (const object of viewOf(unit).of(PROMETHEUS_RULE)) {
      const dead = new Set<Rule>();
      for (const alert of alertsOf(object.manifest)) {
        for (const { given, remedy } of faultsOf(alert, metrics)) {
          dead.add(alert);
          yield { object, given: `the alert ${alert.alert} ${given}`, remedy };
        }
      }
      yield* silentObjectives(object, dead);
    }
  },
};

function* faultsOf({ expr: text = '', for: held, labels }: Rule, metrics: Metrics): Iterable<Problem> {
  const { expr } = readExpr(String(text));
  if (expr === undefined) return; // the law promql says so
  if (![...selectorsIn(expr)].length && labels?.severity !== 'none')
    yield { given: `reads no series: ${text}`, remedy: 'ask one, or give it the severity none' };
  const range = new ValueRange(metrics);
  for (const each of within(expr)) yield* impossible(each, range);
  const hold = secondsOf(held ?? '0s') ?? 0;
  const short = [...new SingleEvents(range).of(expr)].find(({ seconds }) => seconds < hold);
  if (short !== undefined)
    yield {
      given: `must hold for ${held}, and ${short.name} forgets after ${short.seconds} s`,
      remedy: `look back further than ${held}, or let it hold for less`,
    };
}

function* impossible(expr: Expr, range: ValueRange): Iterable<Problem> {
  if (expr.is !== 'binary' || expr.bool || !/^([<>]=?|[!=]=)$/.test(expr.operator)) return;
  const { left, right, operator } = expr;
  if ([left, right].some(side => side.is === 'number' && Number.isNaN(side.value))) {
    yield { given: 'compares with NaN, which nothing ever equals or passes', remedy: 'give it a threshold' };
    return;
  }
  const [l, r] = [range.of(left), range.of(right)];
  if (!canHold(operator, l, r))
    yield {
      given: `asks whether what is ${asText(l)} is ${operator} ${asText(r)}, which is never so`,
      remedy: 'compare with what can be',
    };
}

function asText([least, greatest]: Values): string {
  if (least === greatest) return String(least);
  if (least === Number.NEGATIVE_INFINITY) return `at most ${greatest}`;
  return greatest === Number.POSITIVE_INFINITY ? `at least ${least}` : `from ${least} to ${greatest}`;
}

/** What is bad of all, over a window: an alert on an objective asks nothing else. */
const RATIO = /^slo:[\w:]*:ratio_rate/;

function* silentObjectives(
  object: Rendered,
  dead: ReadonlySet<Rule>,
): Iterable<Problem & { readonly object: Rendered }> {
  const rules = rulesOf(object.manifest);
  const objectives = new Set(
    rules.flatMap(({ record, labels }) => (record && RATIO.test(record) ? (labels?.slo ?? []) : [])),
  );
  for (const objective of objectives) {
    const pages = rules.some(rule => {
      const { alert, labels, expr } = rule;
      if (alert === undefined || labels?.slo !== objective || dead.has(rule)) return false;
      return /^P[12]$/.test(labels.severity ?? '') && RATIO.test(String(expr).trim().replace(/^\(+/, ''));
    });
    if (!pages)
      yield {
        object,
        given: `no alert of P1 or P2 can fire for the objective ${objective}`,
        remedy: 'give it a target that can be missed by so much, or a latency within which more must be answered',
      };
  }
}
