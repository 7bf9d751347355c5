import type { SyntaxNode } from '@lezer/common';
import { secondsOf } from './duration.ts';
import { faultsOf, treeOf, unquoted } from './syntax.ts';

/** One matcher of a selector: `status=~"5.."`. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** When it is asked of. Two selectors alike find the same only where these are alike too. */
export interface Moment {
  /** As written: `1w` of `offset 1w`. */
  readonly offset?: string;
  /** As written: `start()` of `@ start()`. */
  readonly at?: string;
}

/** PromQL as the laws read it, without its brackets. */
export type Expr =
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'string'; readonly value: string }
  | Selector
  | { readonly is: 'call'; readonly name: string; readonly args: readonly Expr[] }
  | {
      readonly is: 'aggregate';
      readonly name: string;
      readonly args: readonly Expr[];
      readonly by?: readonly string[];
      readonly without?: readonly string[];
    }
  | Binary
  | { readonly is: 'minus'; readonly of: Expr }
  | Subquery;

export interface Subquery extends Moment {
  readonly is: 'subquery';
  readonly of: Expr;
  readonly seconds: number | undefined;
}

export interface Selector extends Moment {
  readonly is: 'selector';
  /** Left out where a regular expression chooses it. */
  readonly metric: string | undefined;
  /** But for the metric's own name. */
  readonly matchers: readonly Matcher[];
  /** Of a range, its length; no number where it is computed. */
  readonly seconds?: number | undefined;
}

export interface Binary {
  readonly is: 'binary';
  readonly operator: string;
  readonly left: Expr;
  readonly right: Expr;
  /** Gives 0 or 1 instead of filtering. */
  readonly bool: boolean;
  readonly on?: readonly string[];
  readonly ignoring?: readonly string[];
  readonly group?: { readonly side: 'left' | 'right'; readonly include: readonly string[] };
}

/** An expression read: either it has faults, or it means something. */
export interface Read {
  readonly faults: readonly string[];
  readonly expr?: Expr;
}

const read = new Map<string, Read>();
const shapes = new Map<string, Read>();

/** Reads an expression. Clusters ask the same things, so each text is read once. */
export function readExpr(text: string): Read {
  let found = read.get(text);
  if (found === undefined) {
    found = byShape(text) ?? parsed(text);
    read.set(text, found);
  }
  return found;
}

/** Workloads ask the same but for their names, and reading costs more than putting these in. Only what has no faults is so read. */
function byShape(text: string): Read | undefined {
  if (/['`]|__name__/.test(text)) return undefined;
  const values: string[] = [];
  const shape = text.replace(/="([^"\\]+)"/g, (_, value: string) => `="${values.push(value) - 1}"`);
  const found = shapes.get(shape) ?? parsed(shape);
  shapes.set(shape, found);
  return found.expr && { faults: [], expr: filled(found.expr, values) };
}

function filled(expr: Expr, values: readonly string[]): Expr {
  switch (expr.is) {
    case 'selector': {
      const matchers = expr.matchers.map(each =>
        each.operator.endsWith('=') && each.value !== '' ? { ...each, value: values[Number(each.value)]! } : each,
      );
      return { ...expr, matchers };
    }
    case 'call':
    case 'aggregate':
      return { ...expr, args: expr.args.map(arg => filled(arg, values)) };
    case 'binary':
      return { ...expr, left: filled(expr.left, values), right: filled(expr.right, values) };
    case 'minus':
    case 'subquery':
      return { ...expr, of: filled(expr.of, values) };
    default:
      return expr;
  }
}

function parsed(text: string): Read {
  const tree = treeOf(text);
  const faults = faultsOf(text, tree);
  return faults.length > 0 ? { faults } : { faults, expr: exprOf(tree.topNode.firstChild!, text) };
}

/** An expression and all that stands in it, from the outside in. */
export function* within(expr: Expr): Iterable<Expr> {
  yield expr;
  if (expr.is === 'call' || expr.is === 'aggregate') for (const arg of expr.args) yield* within(arg);
  if (expr.is === 'binary') {
    yield* within(expr.left);
    yield* within(expr.right);
  }
  if (expr.is === 'minus' || expr.is === 'subquery') yield* within(expr.of);
}

/** Whether it is one number, not series. */
export function isScalar(expr: Expr): boolean {
  if (expr.is === 'minus') return isScalar(expr.of);
  if (expr.is === 'binary') return isScalar(expr.left) && isScalar(expr.right);
  return expr.is === 'number' || (expr.is === 'call' && ['scalar', 'time', 'pi'].includes(expr.name));
}

const MIRRORED: Readonly<Record<string, string>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

/** A comparison with the series on the left: they are what it hands on. */
export function compared(expr: Binary): Binary {
  const operator = MIRRORED[expr.operator];
  if (operator === undefined || !isScalar(expr.left) || isScalar(expr.right)) return expr;
  return { ...expr, operator, left: expr.right, right: expr.left };
}

function exprOf(node: SyntaxNode, text: string): Expr {
  const textOf = ({ from, to }: SyntaxNode) => text.slice(from, to);
  const inner = () => exprOf(node.getChild('Expr') ?? node.firstChild!, text);
  switch (node.name) {
    case 'NumberDurationLiteral':
      return { is: 'number', value: numberOf(textOf(node)) };
    case 'StringLiteral':
      return { is: 'string', value: unquoted(textOf(node)) };
    case 'VectorSelector':
      return selectorOf(node, textOf);
    case 'MatrixSelector': {
      const range = node.getChild('DurationExpr');
      return { ...(inner() as Selector), seconds: range ? secondsOf(textOf(range)) : undefined };
    }
    case 'SubqueryExpr': {
      const range = node.getChild('DurationExpr');
      return { is: 'subquery', of: inner(), seconds: range ? secondsOf(textOf(range)) : undefined };
    }
    case 'OffsetExpr':
      return { ...(inner() as Selector | Subquery), offset: textOf(node.lastChild!).replace(/\s/g, '') };
    case 'StepInvariantExpr':
      return {
        ...(inner() as Selector | Subquery),
        at: text.slice(node.getChild('At')!.to, node.to).replace(/\s/g, ''),
      };
    case 'UnaryExpr':
      return textOf(node).startsWith('-') ? { is: 'minus', of: inner() } : inner();
    case 'FunctionCall':
      return { is: 'call', name: textOf(node.firstChild!), args: argsOf(node, text) };
    case 'AggregateExpr': {
      const modifier = node.getChild('AggregateModifier');
      const labels = modifier && labelsOf(modifier.getChild('GroupingLabels'), textOf);
      const grouped = labels && (modifier.getChild('By') ? { by: labels } : { without: labels });
      return { is: 'aggregate', name: textOf(node.firstChild!), args: argsOf(node, text), ...grouped };
    }
    case 'BinaryExpr':
      return binaryOf(node, text, textOf);
    default:
      return inner();
  }
}

type TextOf = (node: SyntaxNode) => string;

function argsOf(node: SyntaxNode, text: string): Expr[] {
  return (node.getChild('FunctionCallBody')?.getChildren('Expr') ?? []).map(arg => exprOf(arg, text));
}

function labelsOf(node: SyntaxNode | null, textOf: TextOf): string[] {
  const labels: string[] = [];
  for (let label = node?.firstChild ?? null; label; label = label.nextSibling) {
    if (label.name === 'LabelName') labels.push(textOf(label));
    else if (label.name === 'QuotedLabelName') labels.push(unquoted(textOf(label)));
  }
  return labels;
}

function selectorOf(node: SyntaxNode, textOf: TextOf): Selector {
  const name = node.getChild('Identifier');
  const matchers: Matcher[] = [];
  let metric = name ? textOf(name) : undefined;
  for (let each = node.getChild('LabelMatchers')?.firstChild ?? null; each; each = each.nextSibling) {
    if (each.name === 'QuotedLabelName') metric = unquoted(textOf(each));
    const label = each.getChild('LabelName') ?? each.getChild('QuotedLabelName');
    const operator = each.getChild('MatchOp');
    const value = each.getChild('StringLiteral');
    if (!label || !operator || !value) continue;
    const matcher: Matcher = {
      label: label.name === 'LabelName' ? textOf(label) : unquoted(textOf(label)),
      operator: textOf(operator) as Matcher['operator'],
      value: unquoted(textOf(value)),
    };
    if (matcher.label !== '__name__') matchers.push(matcher);
    else if (matcher.operator === '=') metric = matcher.value;
  }
  return { is: 'selector', metric, matchers };
}

function binaryOf(node: SyntaxNode, text: string, textOf: TextOf): Binary {
  const clause = node.getChild('MatchingModifierClause');
  const [first, second] = clause?.getChildren('GroupingLabels') ?? [];
  const matched = clause?.getChild('On') || clause?.getChild('Ignoring') ? labelsOf(first ?? null, textOf) : undefined;
  const side = clause?.getChild('GroupLeft') ? 'left' : clause?.getChild('GroupRight') ? 'right' : undefined;
  return {
    is: 'binary',
    operator: textOf(node.firstChild!.nextSibling!).toLowerCase(),
    left: exprOf(node.firstChild!, text),
    right: exprOf(node.lastChild!, text),
    bool: node.getChild('BoolModifier') !== null,
    ...(matched && (clause!.getChild('On') ? { on: matched } : { ignoring: matched })),
    ...(side && { group: { side, include: labelsOf(second ?? null, textOf) } }),
  };
}

function numberOf(text: string): number {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const plain = Number(text.replaceAll('_', ''));
  return Number.isNaN(plain)
    ? (secondsOf(text.replace(/^[+-]/, '')) ?? Number.NaN) * (text.startsWith('-') ? -1 : 1)
    : plain;
}
