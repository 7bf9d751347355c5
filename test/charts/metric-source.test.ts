import { describe, expect, test } from 'vitest';
import {
  counter,
  expressPromBundle,
  fastApi,
  gauge,
  histogram,
  type Metrics,
  openTelemetry,
  source,
} from '../../charts/index.ts';
import { rendered, service, system } from './fixture.ts';

function declared(metrics: Omit<Metrics, 'port'>): string[] {
  const shop = system();
  service(shop, 'api', { metrics: { port: 9464, ...metrics } });
  const { annotations } = rendered(shop).objects['PodMonitor api']!.metadata;
  return (annotations?.['drydock/metrics'] ?? '').split('\n');
}

describe('a scraped service says which series it has', () => {
  test('those of its framework, its trade and its queue, a line each', () => {
    const paid = histogram('shop_payment_seconds', 'Payments', { labels: ['bank'], bounds: [0.5, 2] });
    const declares = [counter('shop_sales_total', 'Sales', ['store']), paid];
    expect(
      declared({ source: expressPromBundle({ bounds: [0.1, 0.2] }), declares, queueGauge: 'shop_waiting' }),
    ).toEqual([
      'http_request_duration_seconds{status_code,method} histogram 0.1 0.2',
      'shop_sales_total{store} counter',
      'shop_payment_seconds{bank} histogram 0.5 2',
      'shop_waiting gauge',
    ]);
  });

  test('a queue that is declared already is not told twice', () => {
    const waiting = gauge('shop_waiting', 'Mails that wait', ['kind']);
    expect(declared({ declares: [waiting], queueGauge: 'shop_waiting' })).toEqual(['shop_waiting{kind} gauge']);
  });

  test('nothing where it says nothing', () => {
    expect(declared({})).toEqual(['']);
  });

  test.each([
    ['FastAPI', fastApi(), 'http_requests_total', 'status=~"5.."'],
    ['express-prom-bundle', expressPromBundle(), 'http_request_duration_seconds_count', 'status_code=~"5.."'],
    [
      'OpenTelemetry',
      openTelemetry(),
      'http_server_request_duration_seconds_count',
      'http_response_status_code=~"5.."',
    ],
  ])('%s', (_, framework, requests, errors) => {
    expect(framework).toMatchObject({ requests, errors });
    expect(declared({ source: framework })).toHaveLength(framework.metrics.length);
  });
});

const jobs = counter('jobs_total', 'Jobs', ['result']);

test.each<[string, Omit<Metrics, 'port'>, string]>([
  ['a matcher of no label', { source: source({ requests: jobs, errors: 'status=~"5.."' }) }, 'has the labels result'],
  ['half a matcher', { source: source({ requests: jobs, errors: 'result=failed' }) }, 'write result="…"'],
  ['a counter without _total', { declares: [counter('sales', 'Sales')] }, 'let its name end in _total'],
  ['a name', { declares: [gauge('sales per hour', 'Sales')] }, 'has no name that Prometheus takes'],
  ['a label of Prometheus’ own', { declares: [gauge('waiting', 'Mails', ['pod'])] }, 'has the label "pod"'],
  ['no words', { declares: [gauge('waiting', '')] }, 'say it in a few words'],
  ['two of one name', { source: fastApi(), declares: [counter('http_requests_total', 'R')] }, 'is declared twice'],
  ['bounds that fall', { source: fastApi({ bounds: [1, 0.5] }) }, 'has the bounds 1, 0.5; give numbers above 0'],
])('refuses %s', (_, metrics, reason) => {
  expect(() => declared(metrics)).toThrow(reason);
});
