import { expect, test } from 'vitest';
import { told, toldOf } from './asked.ts';

const worker = 'namespace="shop",job="worker"';
const rate = (more: string) => `sum(rate(http_requests_total{${worker}${more}}[5m]))`;
const quantile = `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{${worker}}[5m])))`;

test.each([
  `${rate(',status=~"5.."')} / ${rate('')} > 0.99`,
  `${rate(',status=~"5.."')} / (${rate('')} > 0.1) >= 1`,
  `${rate(',status="500"')} / ${rate(',status=~"5.."')} > 1`, // of the text alone nobody knows that one is part of the other
  `${quantile} > 1.9`,
  'pg_up == 0',
  'sum by (scope) (patroni_primary) > 1',
  'sum by (scope) (patroni_primary + patroni_standby_leader) < 1',
  '(count by (job) (pg_up == 1) or 0 * sum by (job) (pg_up)) < 1',
  'count(up == 1) < 2',
  'time() - pg_postmaster_start_time_seconds < 60',
  'redis_memory_used_bytes / (redis_memory_max_bytes > 0) > 0.9',
  'absent(up)',
  'avg_over_time(probe_success[2m]) < 0.5',
  '1 - avg_over_time(up[5m]) > 0.5',
  // A week ago is another time: nothing is part of what it was then.
  `${rate('')} / sum(rate(http_requests_total{${worker}}[5m] offset 1w)) > 3`,
  'sum(increase(redis_evicted_keys_total[1h])) - sum(increase(redis_evicted_keys_total[1h] offset 1d)) < 0',
  'sum(increase(redis_evicted_keys_total[1h] @ end())) / sum(increase(redis_evicted_keys_total[1h] @ start())) > 2',
  // The numbers that are told are those of the series, not that of the limit.
  '(0 < redis_connected_clients) > 10',
  '(1 >= pg_up) == 0',
])('%s can be so', expr => {
  expect(toldOf(expr)).toEqual([]);
});

test.each([
  [`${rate(',status=~"5.."')} / ${rate('')} > 1.44`, 'asks whether what is from 0 to 1 is > 1.44'],
  [`(${rate(',status=~"5.."')} or on () 0 * ${rate('')}) / (${rate('')} > 0) > 1`, 'from 0 to 1 is > 1'],
  ['slo:sli_bad:ratio_rate5m{slo="worker-answers"} > 1.44', 'asks whether what is from 0 to 1 is > 1.44'],
  [`${quantile} > 2`, 'asks whether what is at most 2 is > 2'],
  ['pg_up > 1', 'from 0 to 1 is > 1'],
  ['up == 2', 'from 0 to 1 is == 2'],
  ['(0 < pg_up) > 1', 'from 0 to 1 is > 1'],
  [`${rate(',status=~"5.."')} / (0 < ${rate('')}) > 1`, 'from 0 to 1 is > 1'],
  [
    'sum(rate(pg_up[5m] offset 1w)) / sum(rate(pg_up[5m] offset 1w)) > 1', // then as now
    'from 0 to 1 is > 1',
  ],
  ['count(up == 1) < 1', 'what is at least 1 is < 1'],
  ['absent(up) == 0', 'what is 1 is == 0'],
  ['increase(redis_evicted_keys_total[5m]) < 0', 'what is at least 0 is < 0'],
  ['up == 0 and on () pg_up < 0', 'from 0 to 1 is < 0'],
  ['up > NaN', 'compares with NaN'],
  ['vector(1)', 'reads no series: vector(1); ask one, or give it the severity none'],
])('%s cannot: %s', (expr, given) => {
  expect(toldOf(expr)).toEqual([expect.stringMatching(/^alert-can-fire: the alert Odd /)]);
  expect(toldOf(expr)[0]).toContain(given);
});

test('the signal that alerting works reads no series', () => {
  expect(toldOf('vector(1)', { labels: { severity: 'none' } })).toEqual([]);
});

test.each([
  [
    'increase(redis_evicted_keys_total[5m]) > 0',
    '10m',
    'must hold for 10m, and increase(redis_evicted_keys_total) forgets after 300 s',
  ],
  ['sum by (pod) (rate(http_requests_total{status="500"}[5m])) > 0', '15m', 'rate(http_requests_total)'],
  ['up == 1 and changes(patroni_postgres_timeline[15m]) > 0', '1h', 'changes(patroni_postgres_timeline)'],
  ['changes((max by (scope) (patroni_postgres_timeline))[15m:1m]) > 0', '1h', 'forgets after 900 s'],
  ['increase(redis_evicted_keys_total[5m]) >= 1', '10m', 'forgets after 300 s'],
  ['0 < increase(redis_evicted_keys_total[5m])', '10m', 'forgets after 300 s'],
  [`${rate('')} * 300 > 0.5`, '15m', 'forgets after 300 s'],
  ['60 * rate(redis_evicted_keys_total[5m]) > 0.1 or up == 0', '15m', 'forgets after 300 s'],
  ['count(rate(redis_evicted_keys_total[5m]) > 0) >= 1', '10m', 'forgets after 300 s'],
  ['5 - increase(redis_evicted_keys_total[5m]) < 5', '10m', 'forgets after 300 s'],
  ['sum(increase(redis_evicted_keys_total[5m]) > bool 0) > 0', '10m', 'forgets after 300 s'],
  ['delta(redis_connected_clients[5m]) > 0', '10m', 'forgets after 300 s'],
])('%s for %s: %s', (expr, held, given) => {
  expect(toldOf(expr, { for: held })).toEqual([expect.stringContaining(given)]);
});

test.each([
  ['increase(redis_evicted_keys_total[5m]) > 0', '5m'],
  [`${rate(',status=~"5.."')} / ${rate('')} > 0.05`, '15m'],
  ['max_over_time(pg_up[5m]) == 0', '10m'],
  ['max_over_time((increase(redis_evicted_keys_total[5m]))[1h:1m]) > 0', '30m'],
  ['sum(rate(container_cpu_usage_seconds_total[5m])) > 0.8', '15m'],
  ['up == 0 unless on (pod) increase(redis_evicted_keys_total[1m]) > 0', '15m'],
  [`${quantile} > 1`, '15m'],
  [`${rate(',status=~"5.."')} > 10`, '15m'],
  ['increase(redis_evicted_keys_total[5m]) > 1', '15m'],
  [`${rate('')} * 60 > 1`, '15m'],
  ['count(increase(redis_evicted_keys_total[5m]) > 0) > 2', '15m'],
  ['sum(increase(redis_evicted_keys_total[5m]) > 0) > 3', '15m'],
  ['increase(redis_evicted_keys_total[5m]) < 3', '15m'],
  ['increase(redis_evicted_keys_total[5m]) == 0', '15m'],
  ['delta(redis_connected_clients[5m]) > 0.5', '15m'],
  ['increase(redis_evicted_keys_total[5m]) > on (pod) redis_connected_clients', '15m'],
])('%s may hold for %s', (expr, held) => {
  expect(toldOf(expr, { for: held })).toEqual([]);
});

const SILENT =
  'alert-can-fire: no alert of P1 or P2 can fire for the objective worker-answers; give it a target that can be missed by so much, or a latency within which more must be answered';

test('an objective that can never call anybody', () => {
  expect(told(it => (it.rules[2].labels.severity = 'P3'))).toEqual([SILENT]);
  expect(told(it => it.rules.pop())).toEqual([SILENT]);
  expect(told(it => (it.rules[2].expr = it.rules[2].expr.replace('0.0144', '1.44')))).toEqual([
    expect.stringContaining('the alert BudgetBurn asks whether'),
    SILENT,
  ]);
  expect(told(it => (it.rules[2].expr = 'absent(slo:sli_bad:ratio_rate5m)'))).toEqual([SILENT]);
});
