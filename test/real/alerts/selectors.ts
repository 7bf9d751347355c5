import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** What a rule reads: a metric, and which of its series. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

export interface Matcher {
  readonly label: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** A series as it is written in a test: `up{job="a"}`. */
export interface Written {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Every series that an expression selects.
 * @throws where it is no PromQL
 */
export function selectorsOf(expr: string): Selector[] {
  const found: Selector[] = [];
  parser.parse(expr).iterate({
    enter({ type, node }) {
      if (type.isError) throw new Error(`${expr}: no PromQL from character ${node.from} on; correct it`);
      if (type.name === 'VectorSelector') found.push(selectorAt(expr, node));
    },
  });
  return found;
}

/** @throws where it is not one series with plain labels */
export function writtenSeries(text: string): Written {
  const [only, ...more] = selectorsOf(text);
  if (!only || more.length > 0 || only.matchers.some(({ op }) => op !== '='))
    throw new Error(`${text}: not one series; write it as name{label="value"}`);
  return { metric: only.metric, labels: Object.fromEntries(only.matchers.map(({ label, value }) => [label, value])) };
}

/** Whether a series is among those selected; a label that it has not is empty, as in Prometheus. */
export function selects({ metric, matchers }: Selector, series: Written): boolean {
  return metric === series.metric && matchers.every(matcher => agrees(matcher, series.labels[matcher.label] ?? ''));
}

export function agrees({ op, value }: Matcher, found: string): boolean {
  if (op === '=') return found === value;
  if (op === '!=') return found !== value;
  return new RegExp(`^(?:${value})$`, 's').test(found) === (op === '=~');
}

/** @param node a VectorSelector */
export function selectorAt(expr: string, node: SyntaxNode): Selector {
  const text = (at: SyntaxNode | null) => (at ? expr.slice(at.from, at.to) : '');
  const matchers = (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map(matcher => ({
    label: text(matcher.getChild('LabelName')),
    op: text(matcher.getChild('MatchOp')) as Matcher['op'],
    value: unquoted(text(matcher.getChild('StringLiteral'))),
  }));
  const named = matchers.find(({ label, op }) => label === '__name__' && op === '=');
  return {
    metric: text(node.getChild('Identifier')) || (named?.value ?? ''),
    matchers: matchers.filter(matcher => matcher !== named),
  };
}

/** A string of PromQL: as Go's, so backquotes take all as it stands. */
function unquoted(literal: string): string {
  if (literal.startsWith('`')) return literal.slice(1, -1);
  return JSON.parse(
    `"${literal
      .slice(1, -1)
      .replaceAll("\\'", "'")
      .replace(/(?<!\\)"/g, '\\"')}"`,
  ) as string;
}
