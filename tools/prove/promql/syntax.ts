import type { SyntaxNode, Tree } from '@lezer/common';
import { Parser } from '@prometheus-io/codemirror-promql/dist/cjs/parser/index.js';
import { parser } from '@prometheus-io/lezer-promql';
import { regexOf } from './regex.ts';

/** The syntax tree of PromQL, whole even where it has errors. */
export function treeOf(text: string): Tree {
  return parser.parse(text);
}

/**
 * What is wrong with an expression, in Prometheus' sense: syntax, arity, types of arguments and matching. The first fault
 * names the others' cause most often.
 *
 * The checks of types are those of Prometheus' own web interface, asked without an editor; three faults that it lets pass are
 * found here. It is not a public part of its package, which is why the version is pinned and a corpus of faults is a test.
 */
export function faultsOf(text: string, tree: Tree): string[] {
  const faults: string[] = [];
  tree.iterate({
    enter({ type, node }) {
      if (type.isError) faults.push(broken(text, node));
      else if (type.name === 'MatrixSelector') faults.push(...rangeFaults(node));
      else if (type.name === 'StringLiteral') faults.push(...stringFaults(text.slice(node.from, node.to)));
      else if (type.name === 'VectorSelector') faults.push(...selectorFaults(text, node));
    },
  });
  return faults.length > 0 ? faults : typeFaults(text, tree);
}

function broken(text: string, { from, to }: SyntaxNode): string {
  const rest = text.slice(from, to > from ? to : from + 12).trim();
  return rest === '' ? 'it ends too early' : `it cannot be read from "${rest}" on`;
}

function typeFaults(text: string, tree: Tree): string[] {
  // All that the checker asks of an editor: its own parse works against the clock and may stop half way.
  const state = { field: () => ({ tree }), sliceDoc: (from: number, to: number) => text.slice(from, to) };
  const checker = new Parser(state as never);
  try {
    checker.analyze();
  } catch {
    return ['it cannot be read'];
  }
  return checker.getDiagnostics().flatMap(({ severity, message }) => (severity === 'error' ? [message] : []));
}

/** `rate(sum(a)[5m])`: a range is of a selector; of anything else it is a subquery. */
function rangeFaults(node: SyntaxNode): string[] {
  return node.firstChild?.name === 'VectorSelector' ? [] : ['a range stands behind what is no selector'];
}

function stringFaults(literal: string): string[] {
  if (literal.startsWith('`')) return [];
  const wrong = /^(?:[^\\]|\\(?:[abfnrtv\\'"]|x[\da-fA-F]{2}|[0-7]{3}|u[\da-fA-F]{4}|U[\da-fA-F]{8}))*(\\.?)?/s.exec(
    literal,
  )?.[1];
  return wrong ? [`${literal} has the unknown escape ${wrong}`] : [];
}

function selectorFaults(text: string, node: SyntaxNode): string[] {
  const faults: string[] = [];
  let selects = node.getChild('Identifier') !== null;
  for (const matcher of node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []) {
    const operator = matcher.getChild('MatchOp')?.firstChild?.name;
    const literal = matcher.getChild('StringLiteral');
    if (operator === undefined || literal === null) continue;
    const value = unquoted(text.slice(literal.from, literal.to));
    const regex = operator.endsWith('Regex') ? regexOf(value) : undefined;
    if (operator.endsWith('Regex') && regex === undefined) faults.push(`"${value}" is no regular expression of RE2`);
    const empty = regex ? regex.test('') : value === '';
    selects ||= operator === 'EqlSingle' || operator === 'EqlRegex' ? !empty : empty;
  }
  selects ||= (node.getChild('LabelMatchers')?.getChildren('QuotedLabelName').length ?? 0) > 0;
  selects ||= (node.getChild('LabelMatchers')?.getChildren('QuotedLabelMatcher').length ?? 0) > 0;
  if (!selects) faults.push('a selector takes every series there is');
  return faults;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The text that a literal of PromQL stands for. */
export function unquoted(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner;
  return inner.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|.)/gs, (_, code: string) => {
    if (/^[xuU]./.test(code)) return String.fromCodePoint(Math.min(Number.parseInt(code.slice(1), 16), 0x10ffff));
    if (/^[0-7]{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return ESCAPES[code] ?? code;
  });
}
