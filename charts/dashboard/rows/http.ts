import type { MetricSource } from '../../metric-source.ts';
import type { Row } from '../panel.ts';

/** How a service answers. @param series the matchers of its series: `namespace="a",job="b"` */
export function httpRow({ requests, errors, clientErrors, latency }: MetricSource, series: string): Row {
  const rate = (matchers: string) => `sum(rate(${requests}{${matchers}}[$__rate_interval]))`;
  const share = (matchers: string) => `(${rate(`${series},${matchers}`)} or vector(0)) / (${rate(series)} > 0)`;
  return {
    title: 'Requests',
    panels: [
      { title: 'Requests', unit: 'reqps', queries: [{ expr: rate(series), legend: 'all' }] },
      {
        title: 'Errors',
        unit: 'percentunit',
        queries: [
          { expr: share(errors), legend: 'the service’s' },
          ...(clientErrors ? [{ expr: share(clientErrors), legend: 'the callers’' }] : []),
        ],
        limit: 0.05,
      },
      ...(latency ? [{ title: 'Latency', unit: 's', queries: quantiles(latency.histogram, series) }] : []),
    ],
  };
}

/** How a histogram is spread. */
export function quantiles(histogram: string, series: string) {
  return [50, 95, 99].map(percent => ({
    expr: `histogram_quantile(${percent / 100}, sum by (le) (rate(${histogram}_bucket{${series}}[$__rate_interval])))`,
    legend: `p${percent}`,
  }));
}
