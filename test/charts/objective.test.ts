import { describe, expect, test } from 'vitest';
import {
  Cpu,
  counter,
  Duration,
  expressPromBundle,
  fastApi,
  gauge,
  type Metrics,
  Objective,
  type ObjectiveProps,
  type Site,
  Size,
  source,
  tune,
  Worker,
} from '../../charts/index.ts';
import type { PrometheusRule } from '../../imports/custom.ts';
import { judged, rendered, service, system } from './fixture.ts';

const METRICS: Metrics = { port: 9464, source: fastApi() };

function made(
  props: Omit<ObjectiveProps, 'of'>,
  { metrics = METRICS, site = {} }: { metrics?: Metrics | undefined; site?: Partial<Site> } = {},
) {
  const shop = system(site);
  const objective = new Objective(shop, 'good', { of: service(shop, 'api', { metrics }), ...props });
  return { shop, objective, ...rules(shop) };
}

function rules(shop: ReturnType<typeof system>, name = 'api-good') {
  const { objects } = rendered(shop);
  const rule = objects[`PrometheusRule ${name}`] as unknown as PrometheusRule;
  const all = rule.spec!.groups!.flatMap(group => group.rules ?? []);
  return {
    rule,
    all,
    alerts: Object.fromEntries(all.filter(({ alert }) => alert).map(each => [each.alert!, each])),
    records: Object.fromEntries(all.filter(({ record }) => record).map(each => [each.record!, String(each.expr)])),
  };
}

describe('an objective', () => {
  test('has an alert for each speed, which says where its number is from', () => {
    const { alerts } = made({ percent: 99.9 });
    expect(Object.keys(alerts)).toEqual([
      'ErrorBudgetBurnFast',
      'ErrorBudgetBurnMid',
      'ErrorBudgetBurnSlow',
      'ErrorBudgetBurnTrickle',
      'SliNoData',
    ]);
    expect(alerts.ErrorBudgetBurnFast).toMatchObject({
      expr: 'slo:sli_bad:ratio_rate1h{slo="api-good",namespace="shop"} > 0.0144 and slo:sli_bad:ratio_rate5m{slo="api-good",namespace="shop"} > 0.0144 and sum_over_time(slo:sli_bad:rate5m{slo="api-good",namespace="shop"}[1h]) * 60 >= 5',
      for: '2m',
      keep_firing_for: '5m',
      labels: { severity: 'P1', slo: 'api-good', burn: 'fast', long: '1h', short: '5m', service: 'api' },
    });
    const { why } = alerts.ErrorBudgetBurnFast!.annotations!;
    expect(why).toContain('2 % of the budget of 30 days within 1h');
    expect(why).toContain('fires after 2.86 min');
    expect(why).toContain('Below 70 requests in 1h');
  });

  test('is rounded, labelled and told apart from that of another namespace in every rule', () => {
    const { all, records } = made({ percent: 99.9 });
    expect(records['slo:error_budget:ratio']).toBe('vector(0.001)');
    expect(records['slo:objective:ratio']).toBe('vector(0.999)');
    for (const { labels, expr } of all) {
      expect(labels).toMatchObject({ slo: 'api-good', service: 'api', namespace: 'shop' });
      expect(String(expr)).not.toMatch(/slo:\w+\{(?!slo="api-good",namespace="shop"\})/);
    }
  });

  test('of latency reads the bucket, fills nothing, and tells when the bucket is missing', () => {
    const { alerts, records } = made({ percent: 99, within: Duration.seconds(1) });
    expect(records['slo:sli_bad:rate5m']).toBe(
      'sum(rate(http_request_duration_highr_seconds_count{namespace="shop",job="api"}[5m])) - sum(rate(http_request_duration_highr_seconds_bucket{namespace="shop",job="api",le=~"1|1\\\\.0"}[5m]))',
    );
    expect(alerts).toHaveProperty('SliBadSeriesMissing');
  });

  test('leaves out what cannot fire, and says so', () => {
    const { rule, alerts } = made({ percent: 90 });
    expect(alerts).not.toHaveProperty('ErrorBudgetBurnFast');
    expect(alerts).toHaveProperty('ErrorBudgetBurnMid');
    expect(rule.metadata!.annotations).toMatchObject({
      'drydock/objective':
        '90 % of requests without an error over 30 days; Fast has no alert: 14.4 times 10 % is more than everything',
    });
  });

  test('over a week needs no other windows, and says what share of the week’s budget is gone', () => {
    const { alerts, records } = made({ percent: 99.9, over: Duration.days(7) });
    expect(records).toHaveProperty('slo:sli_bad:ratio_rate7d');
    expect(alerts.ErrorBudgetBurnFast!.annotations!.why).toContain('8.57 % of the budget of 7 days');
  });

  test('its limits can be tuned like any other', () => {
    const shop = system();
    const objective = new Objective(shop, 'good', { of: service(shop, 'api', { metrics: METRICS }), percent: 99.9 });
    tune(objective, { alert: 'ErrorBudgetBurnFast', threshold: 0.05, reason: 'r', owner: 'o', expires: '2099-01-01' });
    expect(rules(shop).alerts.ErrorBudgetBurnFast!.expr).toContain('> 0.05 and');
  });

  test('its own word goes before its service’s, and that before the system’s', () => {
    const limit = (...scopes: readonly ('objective' | 'api' | 'shop')[]) => {
      const shop = system();
      const api = service(shop, 'api', { metrics: METRICS });
      const objective = new Objective(shop, 'good', { of: api, percent: 99.9 });
      const agreed = { alert: 'ErrorBudgetBurnFast', reason: 'r', owner: 'o', expires: '2099-01-01' };
      const all = { objective, api, shop };
      for (const scope of scopes)
        tune(all[scope], { ...agreed, threshold: { objective: 0.1, api: 0.2, shop: 0.3 }[scope] });
      return rules(shop).alerts.ErrorBudgetBurnFast!.annotations!.threshold;
    };
    expect(limit('shop', 'api', 'objective')).toBe('0.1');
    expect(limit('shop', 'api')).toBe('0.2');
    expect(limit('shop')).toBe('0.3');
  });

  test('breaks no law', () => {
    expect(judged(made({ percent: 99.9 }).shop)).toEqual([]);
  });
});

describe('where nothing is asked, no data is no news', () => {
  test('out of DNS', () => {
    expect(made({ percent: 99.9 }, { site: { role: 'standby' } }).alerts).not.toHaveProperty('SliNoData');
  });

  test('at night, where services rest', () => {
    const workingHours = { timeZone: 'Europe/Berlin', days: '1-5', from: 7, to: 20 };
    expect(made({ percent: 99.9 }, { site: { workingHours } }).alerts.SliNoData!.expr).toBe(
      'absent(slo:sli_total:rate5m{slo="api-good",namespace="shop"}) and on () kube_deployment_spec_replicas{namespace="shop",deployment="api"} > 0',
    );
  });

  test('of a worker that waits for its database to be the primary', () => {
    const shop = system({ role: 'replica' });
    const jobs = source({ requests: counter('jobs_total', 'Jobs', ['result']), errors: 'result="failed"' });
    const worker = new Worker(shop, 'mailer', {
      image: 'ghcr.io/shop/mailer:1.0.0',
      port: 8080,
      replicas: 2,
      cpu: Cpu.millis(100),
      memory: Size.mebibytes(128),
      metrics: { port: 9464, source: jobs },
      needsPrimary: true,
    });
    new Objective(shop, 'good', { of: worker, percent: 99 });
    expect(rules(shop, 'mailer-good').alerts).not.toHaveProperty('SliNoData');
  });
});

const express: Metrics = { port: 9464, source: expressPromBundle() };
const uncounted: Metrics = { port: 9464 };
const untimed: Metrics = {
  port: 9464,
  source: source({ requests: counter('jobs_total', 'Jobs', ['result']), errors: 'result="failed"' }),
};

test.each<[Omit<ObjectiveProps, 'of'>, Metrics, string]>([
  [{ percent: 100 }, METRICS, 'percent is 100; give a number above 0 and below 100'],
  [{ percent: '99' as never }, METRICS, 'percent is "99"'],
  [{ percent: 99.99999 }, METRICS, 'give 99.9999 at most'],
  [{ percent: 80 }, METRICS, 'can never page: 6 times 20 % is more than everything; give at least 84 percent'],
  [{ percent: 99, over: Duration.days(90) }, METRICS, 'over is 90 days; give whole days from 7 to 30'],
  [{ percent: 99, over: Duration.days(1) }, METRICS, 'over is 1 days'],
  [{ percent: 99, within: 200 as never }, METRICS, 'within is 200; give a time'],
  [
    { percent: 95, within: Duration.millis(200) },
    express,
    'within is 0.2 s, and http_request_duration_seconds has the bounds 0.003, 0.03, 0.1, 0.3, 1.5, 10; take one of these, or in the service give promBundle buckets',
  ],
  [{ percent: 99 }, uncounted, 'nothing counts the requests of api; give it metrics'],
  [{ percent: 99, within: Duration.seconds(1) }, untimed, 'nothing measures how long api takes'],
  [{ percnt: 99 } as never, METRICS, 'percnt is no option'],
])('refuses %j', (props, metrics, reason) => {
  expect(() => made(props, { metrics })).toThrow(reason);
});

describe('what is unusual for the hour', () => {
  const groups = (site: Partial<Site>) => {
    const shop = system(site);
    const declares = [counter('shop_sales_total', 'Sales'), gauge('shop_users', 'People')];
    service(shop, 'api', { metrics: { ...METRICS, declares } });
    const rule = rendered(shop).objects['PrometheusRule api'] as unknown as PrometheusRule | undefined;
    return rule?.spec?.groups?.filter(({ name }) => name === 'api.anomalies') ?? [];
  };

  test('is told in production, of requests and of each counter', () => {
    const [group] = groups({ tier: 'production' });
    const series = (group?.rules ?? []).flatMap(({ record, labels }) => (record ? [labels!.series] : []));
    expect([...new Set(series)]).toEqual(['http_requests_total', 'shop_sales_total']);
  });

  test.each<Partial<Site>>([{ tier: 'staging' }, { tier: 'production', role: 'standby' }])('is not with %j', site => {
    expect(groups(site)).toEqual([]);
  });
});
