import type { Metric } from '../../metric.ts';
import type { Panel } from '../panel.ts';
import { quantiles } from './http.ts';

/** One series of a service's own, a counter as what came in an hour. @param series the matchers of its series: `namespace="a",job="b"` */
export function declaredPanel({ type, name, help, labels }: Metric, series: string): Panel {
  const by = labels.length > 0 ? ` by (${labels.join(', ')})` : '';
  const legend = labels.map(label => `{{${label}}}`).join(' ') || help;
  if (type === 'histogram')
    return { title: help, unit: name.endsWith('_seconds') ? 's' : 'short', queries: quantiles(name, series) };
  if (type === 'counter')
    return {
      title: `${help}, per hour`,
      unit: 'short',
      queries: [{ expr: `sum${by} (increase(${name}{${series}}[1h]))`, legend }],
    };
  // Each pod of a service tells of itself; of a queue all tell the same, and the highest is the latest.
  return { title: help, unit: 'short', queries: [{ expr: `max${by} (${name}{${series}})`, legend }] };
}
