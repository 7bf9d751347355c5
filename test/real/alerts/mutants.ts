import type { Rule, TestedAlert } from './rules.ts';
import { selectorsOf } from './selectors.ts';

/** A rule with one thing wrong that its case must see. */
export interface Mutant {
  readonly what: string;
  readonly tested: TestedAlert;
}

/** A comparison with a number, which may be a product: `> 26 * 3600`. */
const LIMIT = /(==|!=|>=|<=|>|<)(\s*)(\d[\w.]*)(?![\w.:]|\s*[*/^])/g;

/**
 * An alert with each of its metrics under another name, with a tenfold `for`, and with limits that are tenfold, or a tenth: of a whole
 * number rounded down, since what is counted is no less than 1 where it is less than 0.1.
 */
export function mutantsOf(tested: TestedAlert): Mutant[] {
  const { expr } = tested.alert;
  const metrics = [...new Set(selectorsOf(expr).map(({ metric }) => metric))];
  const limit = (factor: number) =>
    expr.replace(LIMIT, (all, op: string, space: string, number: string) =>
      /^\d+(\.\d+)?(e\d+)?$/.test(number) && Number(number) > 0 && op.length < 3 && !/[=!]=/.test(op)
        ? `${op}${space}${times(Number(number), factor)}`
        : all,
    );
  return [
    ...metrics.map(metric => ({
      what: `reads ${metric}_renamed`,
      tested: changed(tested, { expr: expr.replace(new RegExp(`\\b${metric}\\b`, 'g'), `${metric}_renamed`) }),
    })),
    ...(tested.alert.for > 0
      ? [{ what: 'a tenfold for', tested: changed(tested, { for: `${tested.alert.for * 10}s` }) }]
      : []),
    ...[10, 0.1]
      .filter(factor => limit(factor) !== expr)
      .map(factor => ({
        what: `limits × ${factor}: ${limit(factor)}`,
        tested: changed(tested, { expr: limit(factor) }),
      })),
  ];
}

function times(number: number, factor: number): number {
  const product = +(number * factor).toFixed(10);
  return Number.isInteger(number) ? Math.floor(product) : product;
}

/** The alert and its rule with other fields; its case goes on being made from what it was. */
function changed(tested: TestedAlert, fields: Partial<Rule>): TestedAlert {
  const groups = tested.groups.map(group => ({
    ...group,
    rules: (group.rules ?? []).map(rule => (rule.alert === undefined ? rule : { ...rule, ...fields })),
  }));
  return { ...tested, groups };
}
