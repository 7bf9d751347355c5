import { describe, expect, test } from 'vitest';
import { Duration, fastApi, Objective } from '../../charts/index.ts';
import type { PrometheusRule } from '../../imports/custom.ts';
import { rendered, service, system } from '../charts/fixture.ts';
import { answered, type Expected } from './alerts/answered.ts';
import type { Series } from './alerts/case.ts';
import { promtool, promtoolMissing } from './alerts/promtool.ts';

/** What objectives render, judged by Prometheus' own tool: the numbers that a person would be called by. */
const why = promtoolMissing();
if (why) console.warn(`objectives.test.ts: ${why}; nothing here is tested`);

/** 99.9 % without an error, and 95 % within 0.2 s. */
const groups = (() => {
  const shop = system();
  const source = fastApi({ bounds: [0.1, 0.2, 0.5, 1] });
  const api = service(shop, 'api', { metrics: { port: 9464, source } });
  new Objective(shop, 'available', { of: api, percent: 99.9 });
  new Objective(shop, 'fast', { of: api, percent: 95, within: Duration.millis(200) });
  const { objects } = rendered(shop);
  return ['api-available', 'api-fast'].flatMap(
    name => (objects[`PrometheusRule ${name}`] as unknown as PrometheusRule).spec!.groups!,
  );
})();

const its = 'namespace="shop",job="api"';
const ok = `http_requests_total{${its},status="2xx"}`;
const failed = `http_requests_total{${its},status="5xx"}`;
const count = `http_request_duration_highr_seconds_count{${its}}`;
const within = (bound: string) => `http_request_duration_highr_seconds_bucket{${its},le="${bound}"}`;
const of = (slo: string) => `{slo="api-${slo}",namespace="shop"}`;
const burning = 'count by (slo, alertname) (ALERTS{alertname=~"ErrorBudgetBurn.*",alertstate="firing"})';
const missing = 'count by (slo, alertname) (ALERTS{alertname=~"Sli.*",alertstate="firing"})';

const judged = (series: Series, expected: readonly Expected[]) => answered(groups, series, expected);
const rounded = (series: string, slo: string, to = 0.0001) => `sum(round(${series}${of(slo)}, ${to}))`;

describe.skipIf(why)('objectives', () => {
  test('promtool has nothing to say against the rules', async () => {
    const { ok: passed, said } = await promtool(['check', 'rules', '--lint=all', '--lint-fatal', 'rules.yaml'], {
      'rules.yaml': { groups },
    });
    expect(passed ? '' : said).toBe('');
  });

  test('no errors is no error, though nobody ever counted one', async () => {
    const series = { [ok]: '0+600x240', [count]: '0+600x240', [within('0.2')]: '0+590x240' };
    expect(
      await judged(series, [
        ['120m', rounded('slo:sli_bad:ratio_rate5m', 'available'), 0],
        ['120m', rounded('slo:sli_bad:ratio_rate5m', 'fast'), 0.0167],
        ['240m', rounded('slo:error_budget_remaining:ratio', 'available'), 1],
        ['240m', rounded('slo:error_budget_remaining:ratio', 'fast', 0.001), 0.667],
        ['240m', `sum(slo:objective:ratio${of('available')})`, 0.999],
        ['240m', burning],
        ['240m', missing],
      ]),
    ).toBe('');
  });

  test('an hour without a request leaves no NaN behind', async () => {
    const series = { [ok]: '0+600x60 36000x10 36000+600x200', [failed]: '0+0x270' };
    expect(
      await judged(series, [
        ['69m', 'count(slo:sli_bad:ratio_rate5m != slo:sli_bad:ratio_rate5m)'],
        ['69m', rounded('slo:sli_total:rate5m', 'available'), 0],
        ['240m', rounded('slo:sli_bad:ratio_rate30d', 'available'), 0],
      ]),
    ).toBe('');
  });

  test('one error in a quiet hour calls nobody', async () => {
    const rising = Array.from({ length: 19 }, (_, i) => `${i + 1}x2`).join(' ');
    const series = { [ok]: `0x2 ${rising} 20x20`, [failed]: '0x57 1x40' };
    // Over every limit, all the same.
    const over = `sum(slo:sli_bad:ratio_rate1h${of('available')} > bool 0.0144)`;
    expect(
      await judged(series, [
        ['62m', over, 1],
        ['62m', burning],
        ['75m', burning],
      ]),
    ).toBe('');
  });

  test('5 % of errors: the fast alert within 22 minutes, and no other', async () => {
    const series = { [ok]: '0+6000x120 720000+5700x60', [failed]: '0x120 0+300x60' };
    expect(
      await judged(series, [
        ['135m', burning],
        ['142m', burning, ['available', 'ErrorBudgetBurnFast']],
        ['142m', rounded('slo:sli_bad:ratio_rate1h', 'available'), 0.0178],
        ['142m', `count(ALERTS{alertname="ErrorBudgetBurnFast",severity="P1",burn="fast",long="1h",short="5m"})`, 1],
      ]),
    ).toBe('');
  });

  test('everything fails: somebody is called within five minutes', async () => {
    const series = { [ok]: '0+6000x120 720000x60', [failed]: '0x120 0+6000x60' };
    expect(
      await judged(series, [
        ['122m', burning],
        ['125m', burning, ['available', 'ErrorBudgetBurnFast']],
        ['125m', rounded('slo:sli_bad:ratio_rate1h', 'available'), 0.0678],
      ]),
    ).toBe('');
  });

  test('a bound that the service does not have is missing, not perfect', async () => {
    const series = { [ok]: '0+600x240', [count]: '0+600x240', [within('0.25')]: '0+1x240' };
    expect(
      await judged(series, [
        ['60m', `slo:sli_bad:rate5m${of('fast')}`],
        ['60m', missing, ['fast', 'SliBadSeriesMissing']],
      ]),
    ).toBe('');
  });

  test('series that go away are told', async () => {
    const series = { [ok]: '0+600x30 _x90', [count]: '0+600x120', [within('0.2')]: '0+600x120' };
    expect(await judged(series, [['60m', missing, ['available', 'SliNoData']]])).toBe('');
  });

  test('the first of a new series is not seen: counters must begin at 0', async () => {
    const of = (status: string) => `http_requests_total{${its},pod="a",status="${status}"}`;
    const series = { [of('2xx')]: '0+1x120', [of('5xx')]: '_x60 1x60' };
    expect(await judged(series, [['90m', rounded('slo:sli_bad:rate1h', 'available'), 0]])).toBe('');
  });

  test('a busy hour weighs as much as it has requests', async () => {
    const series = { [ok]: '0+10x600 6000+9000x60', [failed]: '0x600 0+1000x60' };
    const truth = `sum(round(sum(increase(${failed}[11h])) / sum(increase(http_requests_total{${its}}[11h])), 0.001))`;
    expect(
      await judged(series, [
        ['660m', rounded('slo:sli_bad:ratio_rate1d', 'available'), 0.099],
        ['660m', rounded('slo:sli_bad:ratio_rate30d', 'available'), 0.099],
        ['660m', truth, 0.099],
        // What an average of shares would say.
        ['660m', `sum(round(avg_over_time(slo:sli_bad:ratio_rate5m${of('available')}[1d]), 0.001))`, 0.009],
      ]),
    ).toBe('');
  });
});
