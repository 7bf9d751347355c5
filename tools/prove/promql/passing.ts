import { type Binary, compared, type Expr } from './expr.ts';
import type { ValueRange } from './values.ts';

/** What counts events of a window, and forgets them when the window has gone past. */
export interface Passing {
  /** As it is told: `increase(redis_evicted_keys_total)`. */
  readonly name: string;
  /** How long one event is seen. */
  readonly seconds: number;
}

/** What a single event makes of an expression's value. */
interface Event extends Passing {
  readonly once: number;
  /** The value where nothing happens; NaN where there is none. */
  readonly never: number;
}

const RATES = new Set(['rate', 'irate']);
const COUNTS = new Set([...RATES, 'increase', 'changes', 'resets']);
/** Of gauges, whose steps are of any size. */
const STEPS = new Set(['delta', 'idelta']);

/** Counters of time and of bytes tell how much a thing is used, at every moment; one of their events is of any size. */
const LEVEL = /_(seconds|bytes)(_total|_sum)?$/;

const BLIND = /^(histogram_|absent)/;

/**
 * What makes an expression true by a single event, and for how long after it. Left out is what may last by itself: a limit that only
 * several events of a window pass is one of a level, a share is of all events, and nobody knows how long the other side of
 * `unless` or a limit that moves will stay.
 */
export class SingleEvents {
  readonly #range: ValueRange;

  constructor(range: ValueRange) {
    this.#range = range;
  }

  /** @param longer what subqueries around it look back further, in seconds */
  *of(expr: Expr, longer = 0): Iterable<Passing> {
    switch (expr.is) {
      case 'minus':
        yield* this.of(expr.of, longer);
        return;
      case 'subquery':
        yield* this.of(expr.of, longer + lengthOf(expr));
        return;
      case 'aggregate':
        yield* this.of(expr.args.at(-1)!, longer);
        return;
      case 'call':
        if (!BLIND.test(expr.name)) for (const arg of expr.args) yield* this.of(arg, longer);
        return;
      case 'binary':
        if (isComparison(expr)) yield* expr.bool ? [] : this.#passing(expr, longer);
        else {
          yield* this.of(expr.left, longer);
          if (expr.operator !== 'unless') yield* this.of(expr.right, longer);
        }
    }
  }

  /** Events by which alone the limit of a comparison is passed. */
  *#passing(comparison: Binary, longer: number): Iterable<Event> {
    const { operator, left, right } = compared(comparison);
    const limit = this.#constant(right);
    if (limit === undefined) return;
    for (const event of this.#events(left, longer))
      if (holds(operator, event.once, limit) && !holds(operator, event.never, limit)) yield event;
  }

  *#events(expr: Expr, longer: number): Iterable<Event> {
    switch (expr.is) {
      case 'minus':
        yield* each(this.#events(expr.of, longer), value => -value);
        return;
      case 'subquery':
        yield* this.#events(expr.of, longer + lengthOf(expr));
        return;
      case 'aggregate': {
        const events = this.#events(expr.args.at(-1)!, longer);
        const counts = expr.name === 'count' || expr.name === 'group';
        yield* counts ? each(events, value => (Number.isNaN(value) ? value : 1)) : events;
        return;
      }
      case 'call':
        if (COUNTS.has(expr.name) || STEPS.has(expr.name)) yield* counted(expr.name, expr.args[0], longer);
        else if (!BLIND.test(expr.name)) for (const arg of expr.args) yield* this.#events(arg, longer);
        return;
      case 'binary':
        yield* this.#joined(expr, longer);
    }
  }

  *#joined(expr: Binary, longer: number): Iterable<Event> {
    const { operator, left, right, bool } = expr;
    if (bool) yield* each(this.#passing(expr, longer), (_, happens) => (happens ? 1 : 0));
    else if (isComparison(expr))
      yield* each(this.#passing(expr, longer), (value, happens) => (happens ? value : Number.NaN));
    else if (operator === 'or') yield* [...this.#events(left, longer), ...this.#events(right, longer)];
    else if (operator === 'and' || operator === 'unless') yield* this.#events(left, longer);
    else {
      const compute = ARITHMETIC[operator];
      const [l, r] = [this.#quiet(left), operator === '/' ? this.#constant(right) : this.#quiet(right)];
      if (compute && r !== undefined) yield* each(this.#events(left, longer), value => compute(value, r));
      if (compute && l !== undefined && operator !== '/')
        yield* each(this.#events(right, longer), value => compute(l, value));
    }
  }

  /** The value where nothing happens; nothing where nobody knows. */
  #quiet(expr: Expr): number | undefined {
    const [first] = this.#events(expr, 0);
    return this.#constant(expr) ?? first?.never;
  }

  #constant(expr: Expr): number | undefined {
    const [least, greatest] = this.#range.of(expr);
    return least === greatest ? least : undefined;
  }
}

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

function* counted(name: string, of: Expr | undefined, longer: number): Iterable<Event> {
  if (of === undefined || (of.is !== 'selector' && of.is !== 'subquery') || of.seconds === undefined) return;
  const selector = of.is === 'subquery' ? of.of : of;
  const metric = selector.is === 'selector' ? selector.metric : undefined;
  if (LEVEL.test(metric ?? '')) return;
  const once = STEPS.has(name) ? Number.MIN_VALUE : RATES.has(name) ? 1 / of.seconds : 1;
  yield { name: `${name}(${metric ?? '…'})`, seconds: of.seconds + longer, once, never: 0 };
}

function* each(events: Iterable<Event>, change: (value: number, happens: boolean) => number): Iterable<Event> {
  for (const event of events) yield { ...event, once: change(event.once, true), never: change(event.never, false) };
}

function lengthOf({ seconds }: { readonly seconds: number | undefined }): number {
  return seconds ?? Number.POSITIVE_INFINITY;
}

function isComparison({ operator }: Binary): boolean {
  return /^([<>]=?|[!=]=)$/.test(operator);
}

function holds(operator: string, value: number, limit: number): boolean {
  switch (operator) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '==':
      return value === limit;
    default:
      return !Number.isNaN(value) && value !== limit;
  }
}
