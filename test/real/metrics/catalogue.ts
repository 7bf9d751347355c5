import { type Metric, metricOf } from '../../../tools/prove/promql/metric.ts';
import type { Seen } from './exposition.ts';

/** The lines of one exporter's catalogue, those that the laws of alerts go by. */
export function catalogued(text: string): Metric[] {
  return text
    .trim()
    .split('\n')
    .flatMap(line => metricOf(line) ?? []);
}

/** Whether an exporter says anything of a metric; of a histogram, at the names of its parts. */
export function seenOf(seen: Seen, { name, type }: Metric) {
  return type === 'histogram' || type === 'summary' ? (seen.get(`${name}_count`) ?? seen.get(name)) : seen.get(name);
}

/** Where a catalogue and what the real exporter says differ, for each metric that both have: the type, or a label that no series carries. */
export function disagreements(catalogue: readonly Metric[], seen: Seen): string[] {
  const exact = new Set(catalogue.map(({ name }) => name));
  return catalogue.flatMap(metric => {
    const { name, type, labels } = metric;
    // A family's members, but for those that have a line of their own.
    const members = [...seen].filter(
      ([each]) => name.endsWith('*') && each.startsWith(name.slice(0, -1)) && !exact.has(each),
    );
    const real = name.endsWith('*') ? members.map(([, member]) => member) : [seenOf(seen, metric) ?? []].flat();
    const types = new Set(real.map(each => each.type));
    const found = new Set(real.flatMap(each => [...each.labels]));
    if (real.length === 0) return [];
    return [
      ...[...types]
        .filter(each => each !== type && each !== 'untyped')
        .map(each => `${name} is a ${each}, not a ${type}`),
      ...labels
        .filter(label => !found.has(label))
        .map(label => `${name} has no label ${label}; it has ${[...found].join(', ') || 'none'}`),
    ];
  });
}
