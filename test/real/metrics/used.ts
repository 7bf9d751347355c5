import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { RuleFile } from '../alerts/rules.ts';
import { selectorAt } from '../alerts/selectors.ts';

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
    parser.parse(expr).iterate({
      enter({ type, node }) {
        if (type.name !== 'VectorSelector') return;
        const { metric, matchers } = selectorAt(expr, node);
        const known = used.get(metric) ?? { labels: new Set(), by: `${rule.alert ?? rule.record}: ${expr}` };
        // One that must not be there says nothing of what is.
        const selected = matchers.filter(({ op, value }) => value !== '' && op !== '!=' && op !== '!~');
        for (const label of [...selected.map(each => each.label), ...groupedBy(expr, node)]) known.labels.add(label);
        used.set(metric, known);
      },
    });
  }
  return used;
}

/** The labels that what stands around a selector goes by, up to where labels come from somewhere else. */
function groupedBy(expr: string, selector: SyntaxNode): string[] {
  const labels: string[] = [];
  for (let at: SyntaxNode | null = selector.parent; at; at = at.parent) {
    if (at.name === 'AggregateExpr' && at.getChild('AggregateModifier')?.getChild('By'))
      labels.push(...labelsIn(expr, at.getChild('AggregateModifier')));
    if (at.name === 'BinaryExpr') {
      const modifier = at.getChild('MatchingModifierClause');
      if (modifier?.getChild('GroupLeft') || modifier?.getChild('GroupRight')) return labels;
      if (modifier?.getChild('On')) labels.push(...labelsIn(expr, modifier));
    }
    if (at.name === 'FunctionCall' && /^(label_(replace|join)|absent\w*|vector)\b/.test(expr.slice(at.from)))
      return labels;
  }
  return labels;
}

function labelsIn(expr: string, clause: SyntaxNode | null): string[] {
  const names = clause?.getChild('GroupingLabels')?.getChildren('LabelName') ?? [];
  return names.map(({ from, to }) => expr.slice(from, to));
}
