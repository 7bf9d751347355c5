import { type Loose, object, selector } from './parts.ts';

const METRICS = [
  'http_requests_total{status} counter',
  'http_request_duration_seconds{method} histogram 0.1 0.5 1 2',
  'orders_waiting gauge',
].join('\n');

const series = 'namespace="shop",job="worker"';
const errors = `sum(rate(http_requests_total{${series},status=~"5.."}[5m]))`;
const all = `sum(rate(http_requests_total{${series}}[5m]))`;

/** An alert as it should be, at this place. */
export function alert(name: string, expr: string, more: Loose = {}): Loose {
  return {
    alert: name,
    expr,
    for: '5m',
    ...more,
    labels: { namespace: 'shop', service: 'worker', severity: 'P2', system: 'shop', team: 'ordering', ...more.labels },
    annotations: {
      summary: 'Too many errors',
      description: '{{ $value | humanizePercentage }} of requests fail.',
      runbook_url: `https://github.com/example/shop/blob/main/runbooks/errors.md#${name.toLowerCase()}`,
      dashboard_url: 'https://grafana.example.com/d/shop',
      why: 'Five of a hundred.',
      ...more.annotations,
    },
  };
}

/** Whom Prometheus asks, and for what. */
export function monitoring(): Loose[] {
  return [
    object(
      'monitoring.coreos.com/v1/PodMonitor',
      'worker',
      {
        spec: {
          jobLabel: 'app.kubernetes.io/instance',
          podMetricsEndpoints: [{ interval: '30s', port: 'http' }],
          selector: selector('worker'),
        },
      },
      { annotations: { 'drydock/metrics': METRICS } },
    ),
  ];
}

/** What Prometheus computes of the worker, and tells a person; apart from the others, since somebody must route it. */
export function rules(): Loose {
  const labels = { namespace: 'shop', service: 'worker', slo: 'worker-answers' };
  const burn = 'slo:sli_bad:ratio_rate5m{slo="worker-answers"} > 0.0144';
  return object('monitoring.coreos.com/v1/PrometheusRule', 'worker', {
    spec: {
      groups: [
        {
          name: 'worker',
          rules: [
            { record: 'slo:sli_bad:ratio_rate5m', expr: `(${errors} or on () (0 * ${all})) / (${all} > 0)`, labels },
            alert('ErrorRate', `${errors} / ${all} > 0.05`),
            alert('BudgetBurn', burn, { labels: { slo: 'worker-answers' } }),
          ],
        },
      ],
    },
  });
}

/** What Grafana shows of the worker, the panel inside a folded row. */
export function dashboard(): Loose {
  const panel = {
    title: 'Requests',
    targets: [{ expr: `sum(rate(http_requests_total{${series}}[$__rate_interval]))` }],
  };
  const { labels } = object('v1/ConfigMap', '', {}).metadata;
  return object(
    'v1/ConfigMap',
    'dashboard',
    { data: { 'shop.json': JSON.stringify({ panels: [{ title: 'All', panels: [panel] }] }) } },
    { labels: { ...labels, grafana_dashboard: '1' } },
  );
}
