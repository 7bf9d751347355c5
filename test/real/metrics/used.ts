import { type Expr, readExpr, type Selector } from '../../../tools/prove/promql/expr.ts';
import type { RuleFile } from '../alerts/rules.ts';

/** What rules read of a metric, and the first rule that does. */
export interface Used {
  readonly labels: ReadonlySet<string>;
  readonly by: string;
}

/** Every metric that rules read, with the labels that they select, group or match by. */
export function usedBy(files: readonly RuleFile[]): ReadonlyMap<string, Used> {
  const used = new Map<string, { labels: Set<string>; by: string }>();
  const rules = new Map(
    files.flatMap(({ groups }) => groups.flatMap(({ rules = [] }) => rules)).map(rule => [String(rule.expr), rule]),
  );
  for (const [expr, rule] of rules) {
    for (const { selector, by } of selectedIn(readExpr(expr).expr!)) {
      const { metric = '', matchers } = selector;
      const known = used.get(metric) ?? { labels: new Set(), by: `${rule.alert ?? rule.record}: ${expr}` };
      // One that must not be there says nothing of what is.
      const selected = matchers.filter(({ operator, value }) => value !== '' && !operator.startsWith('!'));
      for (const label of [...selected.map(each => each.label), ...by]) known.labels.add(label);
      used.set(metric, known);
    }
  }
  return used;
}

/**
 * Every selector, with the labels that what stands around it goes by, up to where labels come from somewhere else.
 * @param by what stands around all of it
 */
function* selectedIn(expr: Expr, by: readonly string[] = []): Iterable<{ selector: Selector; by: readonly string[] }> {
  switch (expr.is) {
    case 'selector':
      yield { selector: expr, by };
      return;
    case 'aggregate':
      for (const arg of expr.args) yield* selectedIn(arg, [...by, ...(expr.by ?? [])]);
      return;
    case 'call': {
      const renamed = /^(label_(replace|join)|absent\w*|vector)$/.test(expr.name);
      for (const arg of expr.args) yield* selectedIn(arg, renamed ? [] : by);
      return;
    }
    case 'binary': {
      const matched = expr.group ? [] : [...by, ...(expr.on ?? [])];
      yield* selectedIn(expr.left, matched);
      yield* selectedIn(expr.right, matched);
      return;
    }
    case 'minus':
    case 'subquery':
      yield* selectedIn(expr.of, by);
  }
}
