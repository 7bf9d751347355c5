/** What an exporter says, by the names that PromQL selects. */
export type Seen = ReadonlyMap<string, SeenMetric>;

export interface SeenMetric {
  readonly type: string;
  /** Of all its series together. */
  readonly labels: ReadonlySet<string>;
}

/** A sample of Prometheus' text format: name, labels, value. */
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+/;
const LABEL = /([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g;

/** Reads Prometheus' text format, of several answers together: what one server lacks another may have. */
export function exposition(...answers: readonly string[]): Seen {
  const types = new Map<string, string>();
  const seen = new Map<string, { type: string; labels: Set<string> }>();
  for (const line of answers.flatMap(answer => answer.split('\n'))) {
    const [, family, type] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    if (family && type) types.set(family, type);
    const [, name, labels = ''] = SAMPLE.exec(line) ?? [];
    if (!name) continue;
    // A histogram's type stands at its family's name.
    const found = types.get(name) ?? types.get(name.replace(/_(bucket|sum|count)$/, '')) ?? 'untyped';
    const metric = seen.get(name) ?? { type: found, labels: new Set() };
    for (const [, label] of labels.matchAll(LABEL)) metric.labels.add(label!);
    seen.set(name, metric);
  }
  return seen;
}
