import type { PrometheusRule } from '../../../imports/custom.ts';
import type { Cases } from './case.ts';

/** A small rule that is right, and its cases: what the harness itself is tested with. */
export const EXAMPLE: PrometheusRule = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'api', namespace: 'shop' },
  spec: {
    groups: [
      {
        name: 'api.requests',
        rules: [
          {
            record: 'api:errors:ratio',
            expr: 'sum by (job) (rate(errors_total{job="api"}[5m])) / sum by (job) (rate(requests_total{job="api"}[5m]))',
            labels: { service: 'api' },
          },
          {
            record: 'api:errors:ratio',
            expr: 'sum by (job) (rate(errors_total{job="web"}[5m]))',
            labels: { service: 'web' },
          },
        ],
      },
      {
        name: 'api.alerts',
        rules: [
          {
            alert: 'ErrorsHigh',
            expr: 'api:errors:ratio{service="api"} > 0.05',
            for: '5m',
            labels: { severity: 'P2', service: 'api' },
            annotations: { summary: '{{ $labels.job }} fails', description: '{{ $value }}', threshold: '0.05' },
          },
          {
            alert: 'MetricsAbsent',
            expr: 'absent(requests_total{job="api"})',
            for: '10m',
            labels: { severity: 'P1', service: 'api' },
            annotations: { summary: 'nothing is known', description: 'of the API' },
          },
        ],
      },
    ],
  },
};

export const EXAMPLE_CASES: Cases = {
  ErrorsHigh: ({ threshold = 0, for: held }) => {
    const requests = { 'requests_total{job="api"}': '0+1000x60' };
    const errors = (ratio: number) => ({ ...requests, 'errors_total{job="api"}': `0+${1000 * ratio}x60` });
    const at = `${held / 60 + 3}m`;
    return { fires: { series: errors(threshold * 1.2), at }, quiet: { series: errors(threshold * 0.8), at } };
  },
  MetricsAbsent: () => ({
    fires: { series: { 'requests_total{job="web"}': '0+1x60' }, at: '11m' },
    quiet: { series: { 'requests_total{job="api"}': '0+1x60' }, at: '30m' },
    missing: 'fires',
  }),
};
