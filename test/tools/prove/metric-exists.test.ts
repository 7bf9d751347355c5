import { expect, test } from 'vitest';
import { told, toldOf } from './asked.ts';

test('what is told by a service, a program, a rule', () => {
  expect(told(() => {})).toEqual([]);
});

const worker = 'namespace="shop",job="worker"';

test.each([
  `sum by (pod) (orders_waiting{${worker}}) > 5`,
  `histogram_quantile(0.95, sum by (le, method) (rate(http_request_duration_seconds_bucket{${worker}}[5m]))) > 1`,
  `rate(http_request_duration_seconds_bucket{${worker},le=~"1|1\\\\.0"}[5m]) > 1`,
  `rate(http_request_duration_seconds_bucket{${worker},le="+Inf"}[5m]) > 1`,
  'kube_job_failed{condition="true"} * on (namespace, job_name) group_left (owner_name) kube_job_owner{owner_kind="CronJob"} > 0',
  'label_replace(kube_cronjob_created, "owner_name", "$1", "cronjob", "(.*)") and on (owner_name) kube_job_owner',
  'pg_settings_max_connections{job="a"} < 10',
  'absent(pg_up{namespace="shop",job="database"})',
  'sum without (pod) (up) > 2',
  'count_values("version", patroni_version) > 1',
  'time() - max by (namespace, name) (certmanager_certificate_renewal_timestamp_seconds) > 3600',
  'topk(3, sum by (service, slo) (slo:sli_bad:ratio_rate5m)) > 0.5',
])('%s', expr => {
  expect(toldOf(expr)).toEqual([]);
});

test.each([
  ['pg_replication_lag > 30', 'nobody tells the metric pg_replication_lag; write pg_replication_lag_seconds'],
  ['orders_waitin > 5', 'nobody tells the metric orders_waitin; write orders_waiting'],
  ['http_request_duration_seconds > 5', 'it is a histogram: write http_request_duration_seconds_bucket'],
  ['kube_pod_info_bucket > 5', 'nobody tells the metric kube_pod_info_bucket'],
  ['http_requests_total{code="500"} > 5', 'http_requests_total{code}: there is no label code; take one of container'],
  [
    'sum by (stat) (http_requests_total) > 5',
    'by (stat): there is no label stat; take one of container, endpoint, instance, job, namespace, pod, service, status',
  ],
  ['orders_waiting{job="mailer"} > 5', 'the metric orders_waiting is not told by the job mailer; ask worker'],
  [
    'rate(http_request_duration_seconds_bucket{le="0.2"}[5m]) > 5',
    'http_request_duration_seconds_bucket has no bound le="0.2"; ask one of 0.1, 0.5, 1, 2, or add the bound',
  ],
  [
    'histogram_quantile(0.9, sum by (method) (rate(http_request_duration_seconds_bucket[5m]))) > 1',
    'histogram_quantile is given no label le; keep it',
  ],
  [
    'sum by (pod) (slo:sli_bad:ratio_rate5m) > 0.5',
    'by (pod): there is no label pod; take one of namespace, service, slo',
  ],
  // Prometheus honours the labels of what it asks.
  ['sum by (exported_namespace) (keda_scaler_active) > 5', 'there is no label exported_namespace; take one of'],
  ['up and on (pod, datname) pg_up', 'on (datname), left: there is no label datname'],
  ['up * on (pod) group_left (datname) pg_up', 'group_left (datname): there is no label datname'],
  ['max by (pod) (sum by (job) (up)) > 1', 'by (pod): there is no label pod; take one of job'],
])('%s: %s', (expr, given) => {
  const findings = toldOf(expr);
  expect(findings.map(text => text.split(':')[0])).toContain('metric-exists');
  expect(findings.join('\n')).toContain(given);
});

test('a panel, a trigger and a line that cannot be read', () => {
  expect(
    told(it => {
      it.dashboard.data['shop.json'] = it.dashboard.data['shop.json'].replaceAll(
        'http_requests_total',
        'requests_total',
      );
    }),
  ).toEqual([
    expect.stringMatching(
      /^metric-exists: shop.json: "Requests": nobody tells the metric requests_total; write http_requests_total/,
    ),
  ]);
  expect(told(it => (it.monitor.metadata.annotations['drydock/metrics'] += '\nodd'))).toEqual([
    expect.stringMatching(
      /^metric-exists: metadata.annotations\["drydock\/metrics"\] has the line "odd"; write <name>/,
    ),
  ]);
  const withoutRequests = told(it => (it.monitor.metadata.annotations['drydock/metrics'] = 'orders_waiting gauge'));
  expect(withoutRequests.join('\n')).toContain('spec.triggers[1]: nobody tells the metric http_requests_total');
});

test('a metric that was renamed where it is told is missed where it is asked', () => {
  const findings = told(it => {
    const { annotations } = it.monitor.metadata;
    annotations['drydock/metrics'] = annotations['drydock/metrics'].replace(
      'http_requests_total',
      'http_requests_v2_total',
    );
  });
  expect(findings.join('\n')).toContain(
    'the alert ErrorRate: nobody tells the metric http_requests_total; write http_requests_v2_total',
  );
});
