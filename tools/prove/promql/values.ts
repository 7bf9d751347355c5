import { type Binary, compared, type Expr, readExpr, type Selector, within } from './expr.ts';
import type { Metrics } from './metrics.ts';

/** The least and the greatest value that an expression can have. */
export type Values = readonly [least: number, greatest: number];

const ANY: Values = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const FROM_0: Values = [0, Number.POSITIVE_INFINITY];
const SHARE: Values = [0, 1];

/** A ratio of bad events: what is bad is part of all (the name is that of Sloth and of the SRE workbook's rules). */
const BAD_RATIO = /^slo:sli_(bad|error):ratio_rate/;

const SAME = new Set(['avg', 'min', 'max', 'quantile', 'topk', 'bottomk', 'limitk', 'limit_ratio']);
const GROWTH = new Set(['rate', 'irate', 'increase', 'changes', 'resets']);
const SAME_OVER_TIME = new Set([
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'last_over_time',
  'first_over_time',
]);
const PASSES_ON = new Set(['label_replace', 'label_join', 'sort', 'sort_desc', 'sort_by_label', 'scalar', 'vector']);

/** What an expression's values may be, as far as its form and the metrics' types tell. */
export class ValueRange {
  readonly #metrics: Metrics;
  readonly #open: Set<string>;

  constructor(metrics: Metrics, open: Set<string> = new Set()) {
    this.#metrics = metrics;
    this.#open = open;
  }

  of(expr: Expr): Values {
    switch (expr.is) {
      case 'number':
        return Number.isNaN(expr.value) ? ANY : [expr.value, expr.value];
      case 'string':
        return ANY;
      case 'selector':
        return this.#selector(expr);
      case 'minus': {
        const [least, greatest] = this.of(expr.of);
        return [-greatest, -least];
      }
      case 'subquery':
        return this.of(expr.of);
      case 'aggregate': {
        if (expr.name === 'group') return [1, 1];
        // What counts nothing has no series at all, so nobody ever sees a 0.
        if (expr.name === 'count' || expr.name === 'count_values') return [1, Number.POSITIVE_INFINITY];
        const of = this.of(expr.args.at(-1)!);
        if (SAME.has(expr.name)) return of;
        if (expr.name === 'sum') return of[0] >= 0 ? sumOf(of) : ANY;
        return FROM_0; // stddev, stdvar
      }
      case 'call':
        return this.#call(expr.name, expr.args);
      default:
        return this.#binary(expr);
    }
  }

  #selector({ metric }: Selector): Values {
    if (metric === undefined) return ANY;
    if (BAD_RATIO.test(metric)) return SHARE;
    const recorded = this.#metrics.recorded(metric);
    const told = this.#metrics.told(metric);
    if (recorded.length === 0 && told.length === 0) return ANY;
    const each = [
      ...recorded.map(({ text }) => this.#recorded(metric, text)),
      ...told.map(({ type, numbers }): Values => {
        if (type === 'gauge') return numbers.length === 2 ? [numbers[0]!, numbers[1]!] : ANY;
        return type === 'summary' && !/_(count|sum)$/.test(metric) ? ANY : FROM_0;
      }),
    ];
    return [Math.min(...each.map(([least]) => least)), Math.max(...each.map(([, greatest]) => greatest))];
  }

  #recorded(name: string, text: string): Values {
    const { expr } = readExpr(text);
    if (expr === undefined || this.#open.has(name)) return ANY;
    this.#open.add(name);
    const values = new ValueRange(this.#metrics, this.#open).of(expr);
    this.#open.delete(name);
    return values;
  }

  #call(name: string, args: readonly Expr[]): Values {
    if (GROWTH.has(name)) return FROM_0;
    if (name === 'absent' || name === 'absent_over_time' || name === 'present_over_time') return [1, 1];
    if (name === 'count_over_time') return [1, Number.POSITIVE_INFINITY];
    if (name === 'histogram_quantile') return [Number.NEGATIVE_INFINITY, this.#greatestBound(args.at(-1)!)];
    if (name === 'hour') return [0, 23];
    if (name === 'day_of_week') return [0, 6];
    const [of] = args;
    if (of === undefined) return ANY;
    if (SAME_OVER_TIME.has(name) || PASSES_ON.has(name)) return this.of(of);
    if (name === 'quantile_over_time') return this.of(args[1]!);
    if (name === 'sum_over_time') return this.of(of)[0] >= 0 ? sumOf(this.of(of)) : ANY;
    const [least, greatest] = this.of(of);
    const bound = args[1] === undefined ? ANY : this.of(args[1]);
    if (name === 'clamp_min') return [Math.max(least, bound[0]), Math.max(greatest, bound[1])];
    if (name === 'clamp_max') return [Math.min(least, bound[0]), Math.min(greatest, bound[1])];
    return ANY;
  }

  /** A quantile that lies above the last bound is told as that bound (prometheus.io/docs, histogram_quantile). */
  #greatestBound(expr: Expr): number {
    const bounds: number[] = [];
    for (const selector of selectorsIn(expr)) {
      for (const { type, numbers } of this.#metrics.told(selector.metric ?? '')) {
        if (type !== 'histogram' || numbers.length === 0) return Number.POSITIVE_INFINITY;
        bounds.push(...numbers);
      }
    }
    return bounds.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...bounds);
  }

  #binary(expr: Binary): Values {
    const { operator, left, right, bool } = compared(expr);
    const [l, r] = [this.of(left), this.of(right)];
    if (bool) return SHARE;
    switch (operator) {
      case 'and':
      case 'unless':
        return l;
      case 'or':
        return [Math.min(l[0], r[0]), Math.max(l[1], r[1])];
      case '>':
      case '>=':
        return [Math.max(l[0], r[0]), l[1]];
      case '<':
      case '<=':
        return [l[0], Math.min(l[1], r[1])];
      case '==':
        return [Math.max(l[0], r[0]), Math.min(l[1], r[1])];
      case '!=':
        return l;
      case '+':
        return [orLeast(l[0] + r[0]), orGreatest(l[1] + r[1])];
      case '-':
        return this.#isPart(right, left) ? [0, l[1]] : [orLeast(l[0] - r[1]), orGreatest(l[1] - r[0])];
      case '*':
        return product(l, r);
      case '/':
        if (this.#isShare(left, right)) return SHARE;
        if (r[0] === r[1] && r[0] > 0 && Number.isFinite(r[0])) return [l[0] / r[0], l[1] / r[0]];
        return l[0] >= 0 && r[0] >= 0 ? FROM_0 : ANY;
      default:
        return ANY;
    }
  }

  /** Whether what is divided is a part of what divides it: bad requests of all requests. */
  #isShare(part: Expr, whole: Expr): boolean {
    if (whole.is === 'binary' && !whole.bool) {
      const { operator, left } = compared(whole);
      if (/^(>=?|!=)$/.test(operator)) return this.#isShare(part, left);
    }
    if (part.is === 'binary' && part.operator === 'or') {
      const zero = this.of(part.right);
      return this.#isShare(part.left, whole) && ((zero[0] === 0 && zero[1] === 0) || this.#isShare(part.right, whole));
    }
    if (part.is === 'binary' && part.operator === '-')
      return this.#isPart(part.right, part.left) && same(part.left, whole);
    return this.#isPart(part, whole);
  }

  #isPart(part: Expr, whole: Expr): boolean {
    if (part.is === 'selector' && whole.is === 'selector') {
      const bucket = part.metric?.endsWith('_bucket') && part.metric.replace(/_bucket$/, '_count') === whole.metric;
      return (
        (part.metric === whole.metric || bucket === true) &&
        part.seconds === whole.seconds &&
        part.offset === whole.offset &&
        part.at === whole.at &&
        this.of(part)[0] >= 0 &&
        whole.matchers.every(other => part.matchers.some(own => same(own, other)))
      );
    }
    if (part.is === 'aggregate' && whole.is === 'aggregate')
      return (
        (part.name === 'sum' || part.name === 'count') &&
        part.name === whole.name &&
        same(part.by, whole.by) &&
        same(part.without, whole.without) &&
        this.#isPart(part.args[0]!, whole.args[0]!)
      );
    if (part.is === 'call' && whole.is === 'call')
      return GROWTH.has(part.name) && part.name === whole.name && this.#isPart(part.args[0]!, whole.args[0]!);
    return false;
  }
}

/** Whether a comparison can ever be true. */
export function canHold(operator: string, left: Values, right: Values): boolean {
  switch (operator) {
    case '>':
      return left[1] > right[0];
    case '>=':
      return left[1] >= right[0];
    case '<':
      return left[0] < right[1];
    case '<=':
      return left[0] <= right[1];
    case '==':
      return left[0] <= right[1] && right[0] <= left[1];
    case '!=':
      return !(left[0] === left[1] && same(left, right));
    default:
      return true;
  }
}

/** All selectors of an expression. */
export function* selectorsIn(expr: Expr): Iterable<Selector> {
  for (const each of within(expr)) if (each.is === 'selector') yield each;
}

function sumOf([least, greatest]: Values): Values {
  return [Math.max(least, 0), greatest === 0 ? 0 : Number.POSITIVE_INFINITY];
}

function product(l: Values, r: Values): Values {
  if ((l[0] === 0 && l[1] === 0) || (r[0] === 0 && r[1] === 0)) return [0, 0];
  const corners = [l[0] * r[0], l[0] * r[1], l[1] * r[0], l[1] * r[1]].map(each => (Number.isNaN(each) ? 0 : each));
  return [Math.min(...corners), Math.max(...corners)];
}

/** Of two infinities nobody knows the difference. */
const orLeast = (value: number) => (Number.isNaN(value) ? ANY[0] : value);
const orGreatest = (value: number) => (Number.isNaN(value) ? ANY[1] : value);

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
