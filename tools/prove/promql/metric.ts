/** A series as somebody tells it. */
export interface Metric {
  /** A histogram's without `_bucket`; a family's ends in `*`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  /** Its own, without what Prometheus adds when it asks. */
  readonly labels: readonly string[];
  /** A histogram's finite bounds, or a gauge's least and greatest value; empty where nobody knows. */
  readonly numbers: readonly number[];
  /** The `job` that it comes with; left out where any may be. */
  readonly job?: string;
}

const LINE = /^([a-zA-Z_:][\w:]*\*?)(?:\{([\w,]*)\})? (counter|gauge|histogram|summary)((?: -?[\d.e+-]+)*)$/;

/** A line such as `http_request_duration_seconds{method,path} histogram 0.1 0.5 1`; nothing where it is none. */
export function metricOf(line: string): Metric | undefined {
  const [, name, labels = '', type, numbers = ''] = LINE.exec(line.trim()) ?? [];
  if (name === undefined) return undefined;
  return {
    name,
    type: type as Metric['type'],
    labels: labels.split(',').filter(label => label !== ''),
    numbers: numbers.trim() === '' ? [] : numbers.trim().split(' ').map(Number),
  };
}
