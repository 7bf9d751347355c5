import type { Expr, Selector } from './expr.ts';

/** What counts events of a window, and forgets them when the window has gone past. */
export interface Passing {
  /** As it is told: `increase(redis_evicted_keys_total[5m])`. */
  readonly name: string;
  /** How long one event is seen. */
  readonly seconds: number;
  readonly text: string;
}

const COUNTS = new Set(['increase', 'rate', 'irate', 'changes', 'resets', 'delta', 'idelta']);

/**
 * Counters of time and of bytes tell how much a thing is used, at every moment; a rate of them is a level like a gauge, which may well have
 * to hold for longer than it is measured over.
 */
const LEVEL = /_(seconds|bytes)(_total|_sum)?$/;

/**
 * What makes an expression true by counting events, and for how long after the last one. Left out is what may last by itself: a
 * share of all events, and what stands behind `unless`.
 */
export function passing(expr: Expr): Passing[] {
  return [...find(expr, 0)];
}

function* find(expr: Expr, longer: number): Iterable<Passing> {
  switch (expr.is) {
    case 'minus':
      yield* find(expr.of, longer);
      return;
    case 'subquery':
      yield* find(expr.of, longer + (expr.seconds ?? Number.POSITIVE_INFINITY));
      return;
    case 'aggregate':
      yield* find(expr.args.at(-1)!, longer);
      return;
    case 'call': {
      const [of] = expr.args;
      if (of === undefined) return;
      if (!COUNTS.has(expr.name)) {
        if (!expr.name.startsWith('histogram_') && !expr.name.startsWith('absent')) yield* find(of, longer);
        return;
      }
      if (of.is === 'selector' && LEVEL.test(of.metric ?? '')) return;
      const range = of.is === 'selector' || of.is === 'subquery' ? of.seconds : undefined;
      if (range !== undefined)
        yield { name: `${expr.name}(${metricIn(of)})`, seconds: range + longer, text: `${range + longer} s` };
      return;
    }
    case 'binary': {
      const { operator, left, right } = expr;
      yield* operator === '/' && right.is !== 'number' ? [] : find(left, longer);
      if (operator !== 'unless' && operator !== '/') yield* find(right, longer);
    }
  }
}

function metricIn(expr: Expr): string {
  const of = expr.is === 'subquery' ? expr.of : expr;
  return (of as Selector).is === 'selector' ? ((of as Selector).metric ?? '…') : '…';
}
