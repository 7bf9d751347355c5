/** A series that a service tells of itself, whatever it counts. */
export interface Metric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** As Prometheus has it; a histogram's without `_bucket`. */
  readonly name: string;
  /** What it counts, in a person's words: panels show it. */
  readonly help: string;
  readonly labels: readonly string[];
  /** A histogram's bounds, in seconds or whatever its name says, without the last one, which is infinite. */
  readonly bounds?: readonly number[];
}

/** What only ever grows, such as sales; its name ends in `_total`. */
export function counter(name: string, help: string, labels: readonly string[] = []): Metric {
  return { type: 'counter', name, help, labels };
}

/** What goes up and down, such as who is signed in. */
export function gauge(name: string, help: string, labels: readonly string[] = []): Metric {
  return { type: 'gauge', name, help, labels };
}

/** How something is spread, such as what a payment takes. */
export function histogram(
  name: string,
  help: string,
  { labels = [], bounds }: { readonly labels?: readonly string[]; readonly bounds: readonly number[] },
): Metric {
  return { type: 'histogram', name, help, labels, bounds };
}

/** A metric in one line, as scrape objects carry it: `sales_total{store} counter`. */
export function lineOf({ type, name, labels, bounds = [] }: Metric): string {
  return [`${name}${labels.length > 0 ? `{${labels.join(',')}}` : ''}`, type, ...bounds].join(' ');
}

/** The grammar of prometheus.io/docs/concepts/data_model. */
export const NAME_OF_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const NAME_OF_LABEL = /^[a-zA-Z][a-zA-Z0-9_]*$/;
/** Prometheus writes them itself, when it asks a pod or keeps a histogram. */
const TAKEN = [
  'namespace',
  'pod',
  'container',
  'endpoint',
  'instance',
  'job',
  'le',
  'quantile',
  'service',
  'cluster',
  'severity',
];

/** @throws where a metric is none, or would not be what its name says */
export function checkMetric(path: string, { type, name, help, labels, bounds }: Metric): void {
  const fail = (given: string, remedy: string) => {
    throw new Error(`${path}: the metric ${name} ${given}; ${remedy}`);
  };
  if (!NAME_OF_METRIC.test(name) || name.includes(':'))
    fail('has no name that Prometheus takes of a service', 'use letters, digits and _');
  // What Prometheus makes of a histogram, and what ends a counter's name.
  if (/_(bucket|count|sum)$/.test(name) || (type !== 'counter' && name.endsWith('_total')))
    fail(`is a ${type}`, 'end its name otherwise');
  if (new Set(labels).size < labels.length) fail(`has the labels ${labels.join(', ')}`, 'name each once');
  if (!help) fail('does not say what it counts', 'say it in a few words');
  if (type === 'counter' && !name.endsWith('_total')) fail('is a counter', 'let its name end in _total');
  for (const label of labels) {
    if (!NAME_OF_LABEL.test(label) || TAKEN.includes(label))
      fail(`has the label ${JSON.stringify(label)}`, `use letters, digits and _, and none of ${TAKEN.join(', ')}`);
  }
  if (type !== 'histogram') return;
  if (!bounds?.length || bounds.some((bound, i) => !Number.isFinite(bound) || bound <= (bounds[i - 1] ?? 0)))
    fail(`has the bounds ${bounds?.join(', ') || 'none'}`, 'give numbers above 0, each larger than the one before');
}
