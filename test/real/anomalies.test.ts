import { expect, test } from 'vitest';
import { fastApi } from '../../charts/index.ts';
import type { PrometheusRule } from '../../imports/custom.ts';
import { rendered, service, system } from '../charts/fixture.ts';
import { production } from '../site.ts';
import { answered, type Expected } from './alerts/answered.ts';
import { promtoolMissing } from './alerts/promtool.ts';

/** What is told of a service that is not as usual, judged by Prometheus' own tool. */
const why = promtoolMissing();
if (why) console.warn(`anomalies.test.ts: ${why}; nothing here is tested`);

const answers = 'http_requests_total{namespace="shop",job="api",status="2xx"}';

test.skipIf(why)('what is usual is the median of three weeks, and nothing before there are three', async () => {
  const shop = system({ ...production });
  service(shop, 'api', { metrics: { port: 9464, source: fastApi() } });
  const { objects } = rendered(shop);
  const anomalies = (objects['PrometheusRule api'] as unknown as PrometheusRule).spec!.groups!.filter(({ name }) =>
    name.endsWith('.anomalies'),
  );
  // 600 an hour in two weeks, 6000 in the holidays between, then 100.
  const perWeek = 7 * 24 * 4;
  const counted = [600, 6000, 600, 100].reduce(
    ({ from, text }, hourly) => ({
      from: from + (hourly / 4) * perWeek,
      text: `${text} ${from}+${hourly / 4}x${perWeek - 1}`,
    }),
    { from: 0, text: '' },
  );
  const unusual = 'count(ALERTS{alertname=~"(Fewer|More)ThanUsual",alertstate="firing"})';
  const expected: Expected[] = [
    ['13d12h', 'anomaly:events:increase1h_usual'],
    // Ten times as many, and nothing to hold it against yet.
    ['13d12h', unusual],
    ['22d', 'sum(round(anomaly:events:increase1h_usual))', 600],
    ['22d', 'sum(round(anomaly:events:increase1h))', 100],
    ['22d', unusual, 1],
  ];
  expect(await answered(anomalies, { [answers]: counted.text }, expected, '15m')).toBe('');
});
