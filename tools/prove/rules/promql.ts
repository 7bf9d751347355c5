import type { Manifest } from '../../render/manifest.ts';
import { ASKING_KINDS, askedBy, dashboardsOf } from '../promql/asked.ts';
import { readExpr } from '../promql/expr.ts';
import type { ObjectRule, Problem } from '../rule.ts';

export const promql: ObjectRule = {
  name: 'promql',
  demands:
    'What Prometheus is asked is PromQL: in syntax, in types and in regular expressions; and a dashboard that asks can be read.',
  kinds: ASKING_KINDS,
  check(manifest): Problem[] {
    const wrong = askedBy(manifest).flatMap(({ by, text }) => {
      const [fault] = readExpr(text).faults;
      return fault === undefined ? [] : [{ given: `${by}: ${fault} in ${text}`, remedy: 'write what promtool takes' }];
    });
    return [...unreadable(manifest), ...wrong];
  },
};

/** Grafana leaves such a file out and says so in its log alone. */
function unreadable(manifest: Manifest): Problem[] {
  return dashboardsOf(manifest).flatMap(([file, dashboard]) =>
    dashboard === undefined
      ? [{ given: `data["${file}"] is a dashboard that is no JSON object`, remedy: 'write it as Grafana exports it' }]
      : [],
  );
}
