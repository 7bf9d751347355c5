import type { Rendered } from '../../render/manifest.ts';
import { ASKING_KINDS, askedBy } from '../promql/asked.ts';
import { readExpr } from '../promql/expr.ts';
import { LabelCheck } from '../promql/labels.ts';
import { metricOf } from '../promql/metric.ts';
import type { Metrics } from '../promql/metrics.ts';
import type { Problem, UnitRule } from '../rule.ts';
import { DECLARED, declarationsOf, MONITOR_KINDS, metricsOf } from './metrics.ts';
import { viewOf } from './view.ts';

export const metricExists: UnitRule = {
  name: 'metric-exists',
  demands:
    'Each series that Prometheus is asked for exists, with its labels and bounds: a program of the catalogue tells it, a service of the unit declares it, or a rule computes it.',
  except: 'Values of labels are not asked, but for le and job.',
  *check(unit) {
    const view = viewOf(unit);
    for (const kind of MONITOR_KINDS) for (const object of view.of(kind)) yield* unreadable(object);
    for (const kind of ASKING_KINDS) {
      for (const object of view.of(kind)) {
        for (const { by, text } of askedBy(object.manifest)) {
          for (const { given, remedy } of unknownIn(text, metricsOf(unit)))
            yield { object, given: `${by}: ${given}`, remedy };
        }
      }
    }
  },
};

function* unreadable(object: Rendered): Iterable<Problem & { readonly object: Rendered }> {
  for (const line of declarationsOf(object.manifest)) {
    if (metricOf(line) === undefined)
      yield {
        object,
        given: `metadata.annotations["${DECLARED}"] has the line "${line}"`,
        remedy: 'write <name>{<label>,…} counter, gauge, histogram with its bounds, or summary',
      };
  }
}

function unknownIn(text: string, metrics: Metrics): readonly Problem[] {
  let problems = metrics.verdicts.get(text);
  if (problems === undefined) {
    const { expr } = readExpr(text);
    const check = new LabelCheck(metrics);
    if (expr !== undefined) check.of(expr); // else the law promql says so
    problems = check.problems;
    metrics.verdicts.set(text, problems);
  }
  return problems;
}
