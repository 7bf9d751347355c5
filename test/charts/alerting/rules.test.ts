import { Duration } from 'cdk8s';
import { expect, test } from 'vitest';
import { silence, tune } from '../../../charts/alerting/agreed.ts';
import type { Alert } from '../../../charts/alerting/alert.ts';
import { prometheusTime } from '../../../charts/alerting/rules.ts';
import { unknownAlerts } from '../../../charts/alerting/unknown.ts';
import type { PrometheusRule } from '../../../imports/custom.ts';
import { rendered, service, system } from '../fixture.ts';

const busy: Alert = {
  name: 'ShopBusy',
  severity: 'P2',
  threshold: 0.8,
  expr: limit => `shop_use{namespace="shop"} > ${limit}`,
  for: Duration.minutes(90),
  summary: 'The shop is full',
  description: 'It is.',
  why: 'A fifth is room for the morning.',
  runbook: 'shop/busy',
};
const agreed = { reason: 'The sale of the year.', owner: 'retail', expires: '2027-01-31' };

function rulesOf(of: ReturnType<typeof system>, name = 'web') {
  const rule = rendered(of).objects[`PrometheusRule ${name}`] as unknown as PrometheusRule | undefined;
  return rule?.spec?.groups?.flatMap(({ rules = [] }) => rules) ?? [];
}

const own = (of: ReturnType<typeof system>) => rulesOf(of).find(({ alert }) => alert === 'ShopBusy');

test('an alert says whom it concerns, how fast somebody must come, and where it is written what to do', () => {
  const shop = system();
  service(shop, 'web').alert(busy);
  expect(own(shop)).toMatchObject({
    expr: 'shop_use{namespace="shop"} > 0.8',
    for: '1h30m',
    labels: { namespace: 'shop', service: 'web', severity: 'P2', system: 'shop', team: 'team' },
    annotations: {
      runbook_url: expect.stringMatching(/\/runbooks\/shop\/busy\.md#shopbusy$/),
      threshold: '0.8',
      why: 'A fifth is room for the morning.',
    },
  });
});

test('it is tuned by name, and says so', () => {
  const shop = system();
  service(shop, 'web').alert(busy);
  tune(shop, { alert: 'ShopBusy', threshold: 0.95, for: Duration.hours(3), severity: 'P3', ...agreed });
  expect(own(shop)).toMatchObject({
    expr: 'shop_use{namespace="shop"} > 0.95',
    for: '3h',
    labels: { severity: 'P3' },
    annotations: { why: expect.stringContaining('The sale of the year. (retail, until 2027-01-31)') },
  });
});

test('the word of the workload itself goes before that of its system', () => {
  const shop = system();
  const web = service(shop, 'web');
  web.alert(busy);
  tune(shop, { alert: 'ShopBusy', threshold: 0.95, ...agreed });
  tune(web, { alert: 'ShopBusy', threshold: 0.5, ...agreed });
  expect(own(shop)?.expr).toBe('shop_use{namespace="shop"} > 0.5');
});

test('it is silenced by name, for one workload and not for another', () => {
  const shop = system();
  const web = service(shop, 'web');
  web.alert(busy);
  service(shop, 'admin').alert(busy);
  silence(web, { alert: 'ShopBusy', ...agreed });
  expect(own(shop)).toBeUndefined();
  expect(rulesOf(shop, 'admin').map(({ alert }) => alert)).toContain('ShopBusy');
});

test.each([
  ['without a reason', { alert: 'ShopBusy', ...agreed, reason: ' ' }, 'without reason'],
  ['without a day', { alert: 'ShopBusy', ...agreed, expires: 'soon' }, 'write a day as YYYY-MM-DD'],
])('refuses a silence %s', (_, given, message) => {
  expect(() => silence(system(), given)).toThrow(message);
});

test('refuses a tuning that tunes nothing, and a threshold where there is none', () => {
  const shop = system();
  expect(() => tune(shop, { alert: 'ShopBusy', ...agreed })).toThrow('changes nothing');
  const web = service(shop, 'web');
  web.alert({ ...busy, threshold: undefined as never, expr: 'up{namespace="shop"} == 0' });
  tune(web, { alert: 'ShopBusy', threshold: 1, ...agreed });
  expect(unknownAlerts(shop)).toEqual([
    expect.objectContaining({ given: 'ShopBusy is tuned to another threshold, and has none' }),
  ]);
});

test.each<[object, string]>([
  [{ for: '10m' }, 'shop: tune.for is "10m"; write Duration.minutes(10)'],
  [{ for: Duration.millis(1500) }, 'shop: tune.for is 1500 ms; give whole seconds'],
  [{ threshold: '3' }, 'shop: tune.threshold is "3"; give a number'],
  [{ threshold: Number.NaN }, 'shop: tune.threshold is NaN; give a number'],
  [{ severity: 'p1' }, 'shop: tune.severity is "p1"; give one of P1, P2, P3, none'],
  [{ treshold: 3 }, 'shop: tune.treshold is no option'],
])('refuses a tuning with %j', (given, message) => {
  expect(() => tune(system(), { alert: 'ShopBusy', ...agreed, ...given })).toThrow(message);
});

test('refuses a second word about one alert at one construct', () => {
  const shop = system();
  const web = service(shop, 'web');
  tune(shop, { alert: 'ShopBusy', threshold: 1, ...agreed });
  tune(web, { alert: 'ShopBusy', threshold: 1, ...agreed });
  tune(web, { alert: 'ShopEmpty', threshold: 1, ...agreed });
  expect(() => tune(web, { alert: 'ShopBusy', severity: 'P3', ...agreed })).toThrow(
    'shop/web: ShopBusy is tuned here already; leave one of the two',
  );
  expect(() => silence(shop, { alert: 'ShopBusy', ...agreed })).toThrow('shop: ShopBusy is tuned here already');
  silence(shop, { alert: 'ShopEmpty', ...agreed });
  expect(() => silence(shop, { alert: 'ShopEmpty', ...agreed })).toThrow('shop: ShopEmpty is silenced here already');
});

test.each<[object, string]>([
  [{ summary: undefined, why: ' ' }, 'shop/web: the alert ShopBusy without summary, why; state each of them'],
  [{ expr: undefined }, 'the alert ShopBusy without expr'],
  [{ name: undefined }, 'shop/web: an alert without name'],
  [{ severity: undefined, severty: 'P1' }, 'shop/web: the alert ShopBusy: severty is no option'],
  [{ severity: undefined }, 'the alert ShopBusy without severity'],
  [{ severity: 'critical' }, 'the alert ShopBusy: severity is "critical"; give one of P1, P2, P3, none'],
  [{ name: 'shop_busy' }, 'shop/web: "shop_busy" cannot name an alert; write it in CamelCase'],
  [{ for: '10m' }, 'the alert ShopBusy: for is "10m"; write Duration.minutes(10)'],
  [{ keepFiringFor: 300 }, 'the alert ShopBusy: keepFiringFor is 300; write Duration.minutes(10)'],
  [{ threshold: '3' }, 'the alert ShopBusy: threshold is "3"; give a number'],
  [{ threshold: undefined }, 'the alert ShopBusy computes its expr from a threshold, and has none; give threshold'],
])('refuses an alert with %j', (given, message) => {
  expect(() => service(system(), 'web').alert({ ...busy, ...given } as Alert)).toThrow(message);
});

test('a silence of what nobody has is told, with what there is', () => {
  const shop = system();
  service(shop, 'web').alert(busy);
  silence(shop, { alert: 'ShopBsy', ...agreed });
  expect(unknownAlerts(shop)).toEqual([
    {
      construct: 'shop',
      alert: 'ShopBsy',
      given: 'ShopBsy is silenced, and no alert here is called so',
      remedy: expect.stringContaining('ShopBusy'),
    },
  ]);
});

test('refuses two alerts of one name', () => {
  const shop = system();
  service(shop, 'web').alert(busy, { ...busy, severity: 'P1' });
  expect(rendered(shop).findings).toEqual([expect.stringContaining('ShopBusy stands twice')]);
});

test('alerts that are added one by one stand in one group: Prometheus refuses two of one name', () => {
  const shop = system();
  const web = service(shop, 'web');
  web.alert(busy);
  web.alert({ ...busy, name: 'ShopEmpty' });
  const { spec } = rendered(shop).objects['PrometheusRule web'] as unknown as PrometheusRule;
  const own = spec!.groups!.filter(({ name }) => name === 'web.own');
  expect(own.map(({ rules = [] }) => rules.map(({ alert }) => alert))).toEqual([['ShopBusy', 'ShopEmpty']]);
});

test('writes times as Prometheus does', () => {
  expect(
    [Duration.seconds(0), Duration.seconds(90), Duration.minutes(90), Duration.days(3)].map(prometheusTime),
  ).toEqual(['0s', '1m30s', '1h30m', '3d']);
});
