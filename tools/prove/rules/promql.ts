import { ASKING_KINDS, askedBy } from '../promql/asked.ts';
import { readExpr } from '../promql/expr.ts';
import type { ObjectRule, Problem } from '../rule.ts';

export const promql: ObjectRule = {
  name: 'promql',
  demands: 'What Prometheus is asked is PromQL: in syntax, in types and in regular expressions.',
  kinds: ASKING_KINDS,
  check(manifest): Problem[] {
    return askedBy(manifest).flatMap(({ by, text }) => {
      const [fault] = readExpr(text).faults;
      return fault === undefined ? [] : [{ given: `${by}: ${fault} in ${text}`, remedy: 'write what promtool takes' }];
    });
  },
};
