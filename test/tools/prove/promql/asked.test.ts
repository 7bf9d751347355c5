import { expect, test } from 'vitest';
import { told } from '../asked.ts';

test('a query that is no PromQL', () => {
  const broken = (text: string) => text.replace('sum(rate(', 'sum(rat(');
  expect(told(it => (it.dashboard.data['shop.json'] = broken(it.dashboard.data['shop.json'])))).toEqual([
    expect.stringMatching(/^promql: shop.json: "Requests": .* in sum\(rat\(.*; write what promtool takes$/),
  ]);
});

test.each(['', '{"panels":[', '[]', 'null', '"shop"'])('a dashboard that is no JSON object: %s', text => {
  expect(told(it => (it.dashboard.data['shop.json'] = text))).toEqual([
    'promql: data["shop.json"] is a dashboard that is no JSON object; write it as Grafana exports it',
  ]);
});

test('what is no dashboard may be any text', () => {
  const free = (it: Parameters<Parameters<typeof told>[0]>[0]) => {
    delete it.dashboard.metadata.labels.grafana_dashboard;
    it.dashboard.data['shop.json'] = 'orders, and no JSON';
  };
  expect(told(free)).toEqual([]);
});
