import { nearest } from '../nearest.ts';
import type { Problem } from '../rule.ts';
import { VARIABLE } from './asked.ts';
import { type Binary, type Expr, isScalar, readExpr, type Selector, within } from './expr.ts';
import type { Metrics } from './metrics.ts';
import { nearestMetric } from './nearest-metric.ts';
import { regexOf } from './regex.ts';

/** What Prometheus adds to every series that it asks for. */
const TARGET = ['namespace', 'pod', 'container', 'endpoint', 'job', 'instance', 'service'];

/** Labels that a series may have; nothing where nobody knows. */
type Labels = ReadonlySet<string> | undefined;

const NONE: Labels = new Set();
/** Aggregations that hand on series as they are. */
const CHOOSES = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);

/** Asks of an expression whether each metric and each label in it exists. */
export class LabelCheck {
  readonly problems: Problem[] = [];
  readonly #metrics: Metrics;
  /** Series whose rules are being read: a rule may read itself. */
  readonly #open: Set<string>;

  constructor(metrics: Metrics, open: Set<string> = new Set()) {
    this.#metrics = metrics;
    this.#open = open;
  }

  of(expr: Expr): Labels {
    switch (expr.is) {
      case 'number':
      case 'string':
        return NONE;
      case 'selector':
        return this.#selector(expr);
      case 'minus':
      case 'subquery':
        return this.of(expr.of);
      case 'aggregate': {
        const of = this.of(expr.args.at(-1)!);
        for (const label of expr.by ?? []) this.#has(of, label, `by (${label})`);
        if (CHOOSES.has(expr.name)) return of;
        const counted = expr.name === 'count_values' && expr.args[0]?.is === 'string' ? [expr.args[0].value] : [];
        if (expr.without) return of && new Set([...of, ...counted].filter(label => !expr.without!.includes(label)));
        return new Set([...(expr.by ?? []), ...counted]);
      }
      case 'call':
        return this.#call(expr.name, expr.args);
      default:
        return this.#binary(expr);
    }
  }

  #call(name: string, args: readonly Expr[]): Labels {
    const labels = args.map(arg => this.of(arg));
    const texts = args.flatMap(arg => (arg.is === 'string' ? [arg.value] : []));
    switch (name) {
      case 'absent':
      case 'absent_over_time': {
        const [of] = args;
        const equal = of?.is === 'selector' ? of.matchers.filter(({ operator }) => operator === '=') : [];
        return new Set(equal.map(({ label }) => label));
      }
      case 'label_replace':
        if (texts[2]) this.#has(labels[0], texts[2], `label_replace from "${texts[2]}"`);
        return labels[0] && new Set([...labels[0], texts[0] ?? '']);
      case 'label_join':
        for (const from of texts.slice(2)) this.#has(labels[0], from, `label_join from "${from}"`);
        return labels[0] && new Set([...labels[0], texts[0] ?? '']);
      case 'histogram_quantile':
      case 'histogram_fraction': {
        const of = labels.at(-1);
        if (of && !of.has('le') && mentionsBuckets(args.at(-1)!))
          this.#say(`${name} is given no label le`, 'keep it: sum by (le, …)');
        return of && new Set([...of].filter(label => label !== 'le'));
      }
      case 'info':
        return undefined;
      default: {
        // A function of one vector hands its labels on.
        const of = args.findIndex(arg => arg.is !== 'number' && arg.is !== 'string');
        return of < 0 ? NONE : labels[of];
      }
    }
  }

  #binary({ operator, left, right, on, group }: Binary): Labels {
    const [l, r] = [this.of(left), this.of(right)];
    for (const label of on ?? []) {
      this.#has(l, label, `on (${label}), left`);
      this.#has(r, label, `on (${label}), right`);
    }
    if (operator === 'and' || operator === 'unless') return l;
    if (operator === 'or') return l && r && new Set([...l, ...r]);
    if (isScalar(right)) return l;
    if (isScalar(left)) return r;
    if (group) {
      const [many, one] = group.side === 'left' ? [l, r] : [r, l];
      for (const label of group.include) this.#has(one, label, `group_${group.side} (${label})`);
      return many && new Set([...many, ...group.include]);
    }
    // One series to one: what is not matched by is dropped, by comparisons too.
    return on ? new Set(on) : l && r && new Set([...l, ...r]);
  }

  #selector({ metric, matchers }: Selector): Labels {
    if (metric === undefined || metric.includes(VARIABLE)) return undefined;
    const recorded = this.#metrics.recorded(metric);
    const told = this.#metrics.told(metric);
    if (recorded.length === 0 && told.length === 0) {
      this.#unknown(metric);
      return undefined;
    }
    const labels = this.#labelsOf(metric);
    for (const { label } of matchers) this.#has(labels, label, `${metric}{${label}}`);
    this.#job(metric, matchers);
    this.#bound(metric, matchers);
    return labels;
  }

  #labelsOf(metric: string): Labels {
    const { labels } = this.#metrics;
    if (!labels.has(metric)) {
      const found = this.#find(metric);
      // Within the rules of a series that reads itself nobody knows yet.
      if (this.#open.size > 0) return found;
      labels.set(metric, found);
    }
    return labels.get(metric);
  }

  #find(metric: string): Labels {
    const labels = new Set<string>();
    for (const each of this.#metrics.recorded(metric)) {
      const own = this.#recorded(metric, each.text);
      if (own === undefined) return undefined;
      for (const label of [...own, ...Object.keys(each.labels)]) labels.add(label);
    }
    for (const { name, type, labels: own } of this.#metrics.told(metric)) {
      for (const label of [...own, ...TARGET]) labels.add(label);
      if (type === 'histogram' && metric.endsWith('_bucket')) labels.add('le');
      if (type === 'summary' && name === metric) labels.add('quantile');
    }
    return labels;
  }

  #recorded(name: string, text: string): Labels {
    const { expr } = readExpr(text);
    if (expr === undefined || this.#open.has(name)) return undefined;
    this.#open.add(name);
    const labels = new LabelCheck(this.#metrics, this.#open).of(expr);
    this.#open.delete(name);
    return labels;
  }

  #unknown(metric: string): void {
    const near = nearestMetric(metric, this.#metrics.names());
    this.#say(
      `nobody tells the metric ${metric}`,
      this.#metrics.isBare(metric)
        ? `it is a histogram: write ${metric}_bucket, ${metric}_count or ${metric}_sum`
        : `${near ? `write ${near}, or declare it` : 'declare it'} where it is scraped (metrics.declares); of other programs add it to tools/prove/promql/catalogue`,
    );
  }

  #job(metric: string, matchers: Selector['matchers']): void {
    const told = this.#metrics.told(metric);
    const job = matchers.find(({ label, operator }) => label === 'job' && operator === '=')?.value;
    if (job === undefined || job.includes(VARIABLE) || told.length === 0) return;
    if (told.every(each => each.job !== undefined && each.job !== job))
      this.#say(
        `the metric ${metric} is not told by the job ${job}`,
        `ask ${[...new Set(told.map(each => each.job))].join(' or ')}, or declare it there`,
      );
  }

  /** A bound that a histogram does not have finds nothing, for ever. */
  #bound(metric: string, matchers: Selector['matchers']): void {
    const asked = matchers.filter(({ label, operator }) => label === 'le' && /^=~?$/.test(operator));
    const job = matchers.find(({ label, operator }) => label === 'job' && operator === '=')?.value;
    const told = this.#metrics
      .told(metric)
      .filter(
        ({ type, numbers, job: of }) => type === 'histogram' && numbers.length > 0 && (of ?? job) === (job ?? of),
      );
    if (told.length === 0) return;
    const bounds = [...new Set(told.flatMap(({ numbers }) => numbers))].sort((a, b) => a - b);
    for (const { operator, value } of asked) {
      const regex = operator === '=~' ? regexOf(value) : undefined;
      const found = [...bounds, Number.POSITIVE_INFINITY].some(bound =>
        regex ? spellings(bound).some(text => regex.test(text)) : spellings(bound).includes(value),
      );
      if (!found && !value.includes(VARIABLE))
        this.#say(
          `${metric} has no bound le${operator}"${value}"`,
          `ask one of ${bounds.join(', ')}, or add the bound to the histogram`,
        );
    }
  }

  #has(labels: Labels, label: string, where: string): void {
    if (labels === undefined || labels.has(label) || label.includes(VARIABLE)) return;
    const names = [...labels].sort();
    const near = nearest(label, names);
    this.#say(
      `${where}: there is no label ${label}`,
      near
        ? `write ${near}`
        : names.length > 0
          ? `take one of ${names.join(', ')}`
          : 'nothing is left to tell series apart by',
    );
  }

  #say(given: string, remedy: string): void {
    if (!this.problems.some(problem => problem.given === given)) this.problems.push({ given, remedy });
  }
}

/** Prometheus 3 writes whole bounds as `1.0`, Prometheus 2 as programs do. */
function spellings(bound: number): string[] {
  if (bound === Number.POSITIVE_INFINITY) return ['+Inf'];
  return Number.isInteger(bound) ? [String(bound), bound.toFixed(1)] : [String(bound)];
}

function mentionsBuckets(expr: Expr): boolean {
  return [...within(expr)].some(each => each.is === 'selector' && each.metric?.endsWith('_bucket'));
}
