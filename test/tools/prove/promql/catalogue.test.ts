import { expect, test } from 'vitest';
import { withVariables } from '../../../../tools/prove/promql/asked.ts';
import { catalogue } from '../../../../tools/prove/promql/catalogue/index.ts';
import { readExpr } from '../../../../tools/prove/promql/expr.ts';
import { metricOf } from '../../../../tools/prove/promql/metric.ts';

test('each line of the catalogue is a metric, and none has its suffix already', () => {
  expect(catalogue().length).toBeGreaterThan(400);
  for (const { name, type, numbers } of catalogue()) {
    if (type === 'histogram') expect(name).not.toMatch(/_(bucket|count|sum)$/);
    if (type === 'gauge') expect([0, 2]).toContain(numbers.length);
  }
});

test('a line of a scrape object', () => {
  expect(metricOf('http_request_duration_seconds{method,path} histogram 0.1 0.5 1e3')).toEqual({
    name: 'http_request_duration_seconds',
    type: 'histogram',
    labels: ['method', 'path'],
    numbers: [0.1, 0.5, 1000],
  });
  expect(metricOf('orders_waiting gauge')).toMatchObject({ labels: [], numbers: [] });
  for (const wrong of ['orders', 'orders{a b} gauge', 'orders timer', '1st counter', 'a histogram fast'])
    expect(metricOf(wrong), wrong).toBeUndefined();
});

test('Grafana’s variables are put in, groups of regular expressions are left', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own
  const query = 'sum(rate(a{n="$namespace",p=~"${pod:regex}|[[x]]"}[$__rate_interval])) + $__range_s';
  expect(withVariables(query)).toBe('sum(rate(a{n="__variable__",p=~"__variable__|__variable__"}[5m])) + 300');
  const replace = 'label_replace(a, "x", "$1", "y", "(.*)$")';
  expect(withVariables(replace)).toBe(replace);
  expect(readExpr(withVariables(query)).faults).toEqual([]);
});
