import { beforeAll, describe, expect, test } from 'vitest';
import type { PrometheusRule } from '../../imports/custom.ts';
import type { Cases } from './alerts/case.ts';
import { allCases } from './alerts/cases/all.ts';
import { rulesOfConstructs } from './alerts/constructs.ts';
import { EXAMPLE, EXAMPLE_CASES } from './alerts/example.ts';
import { caseOf, checked, faultsOfCase, judged, told, type Verdict } from './alerts/judge.ts';
import { mutantsOf } from './alerts/mutants.ts';
import { promtoolMissing } from './alerts/promtool.ts';
import { committedRules, ruleFile, testedAlerts } from './alerts/rules.ts';

/** What `dist/` tells Prometheus, judged by Prometheus' own tool; and that this judge finds what is wrong. */
const why = promtoolMissing();
if (why) console.warn(`alerts.test.ts: ${why}; nothing here is tested`);

const files = [...committedRules(), ...rulesOfConstructs()];
const clusters = [...new Set(files.map(({ cluster }) => cluster))];
const alerts = testedAlerts(files);
const names = [...new Set(alerts.map(({ alert }) => alert.name))].sort();

describe.skipIf(why)('the rules of dist/', () => {
  let cases: Cases;
  let verdicts: Verdict[] = [];

  beforeAll(async () => {
    cases = await allCases();
    const began = Date.now();
    verdicts = await judged(
      alerts.filter(({ alert }) => Object.hasOwn(cases, alert.name)),
      cases,
    );
    console.info(`${verdicts.length} tests of ${alerts.length} alerts in ${(Date.now() - began) / 1000} s`);
  });

  test.each(clusters)('promtool has nothing to say against those of %s', async cluster => {
    expect(await checked(files.filter(file => file.cluster === cluster))).toBe('');
  });

  test('each alert has a case, and each case an alert', () => {
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter(name => !Object.hasOwn(cases, name))).toEqual([]);
    expect(Object.keys(cases).filter(name => !names.includes(name))).toEqual([]);
  });

  test.each(names)('%s fires, is quiet, and survives missing series', name => {
    const own = alerts.filter(({ alert }) => alert.name === name);
    const unmeant = own.flatMap(tested => faultsOfCase(tested, caseOf(tested, cases)));
    const failed = verdicts.filter(({ tested, fault }) => own.includes(tested) && fault !== '');
    expect([...new Set(unmeant), ...failed.map(told)].join('\n\n')).toBe('');
  });

  test('another metric, a longer `for` and another limit are seen in every alert', async () => {
    const mutants = firstOfEachName().flatMap(mutantsOf);
    expect(await survivors(mutants, cases)).toEqual([]);
  });
});

describe.skipIf(why)('what judges them', () => {
  const example = (change: (rule: PrometheusRule) => void = () => {}) => {
    const rule = structuredClone(EXAMPLE);
    change(rule);
    return [ruleFile('staging/shop/PrometheusRule.api.yaml', rule)];
  };
  const faults = async (change?: (rule: PrometheusRule) => void) =>
    (await judged(testedAlerts(example(change)), EXAMPLE_CASES)).filter(({ fault }) => fault !== '').map(told);
  const alert = (rule: PrometheusRule, index: number) => rule.spec!.groups![1]!.rules![index]!;

  test('says nothing against what is right', async () => {
    expect(await checked(example())).toBe('');
    expect(await faults()).toEqual([]);
    expect(testedAlerts(example()).flatMap(tested => faultsOfCase(tested, caseOf(tested, EXAMPLE_CASES)))).toEqual([]);
  });

  test('takes equal rules of two clusters once, and only the recordings that an alert reads', () => {
    const twice = testedAlerts([...example(), ruleFile('production/shop/PrometheusRule.api.yaml', EXAMPLE)]);
    expect(twice.map(({ clusters }) => clusters)).toEqual([
      ['staging', 'production'],
      ['staging', 'production'],
    ]);
    expect(twice[0]!.groups.map(({ rules }) => rules!.map(({ record, labels }) => [record, labels?.service]))).toEqual([
      [['api:errors:ratio', 'api']],
      [[undefined, 'api']],
    ]);
  });

  test('finds each thing that is broken', async () => {
    const mutants = testedAlerts(example()).flatMap(mutantsOf);
    expect(mutants.map(({ what }) => what)).toEqual([
      'reads api:errors:ratio_renamed',
      'a tenfold for',
      'limits × 10: api:errors:ratio{service="api"} > 0.5',
      'limits × 0.1: api:errors:ratio{service="api"} > 0.005',
      'reads requests_total_renamed',
      'a tenfold for',
    ]);
    expect(await survivors(mutants, EXAMPLE_CASES)).toEqual([]);
  });

  test('says which alert fails, of whom, and what promtool found', async () => {
    const [fault] = await faults(rule => {
      alert(rule, 0).labels = { severity: 'P2', service: 'api', team: '{{ $labels.nobody }}' };
      alert(rule, 0).expr = 'api:errors:ratio{service="api"} > 5';
    });
    expect(fault).toMatch(/^ErrorsHigh of api \(P2\) must fire, and does not so; 1 clusters, staging\/shop/);
    expect(fault).toContain('got:');
  });

  test('finds words that name a label which is not there', async () => {
    const found = await faults(rule => {
      alert(rule, 0).annotations!.summary = '{{ $labels.service }} fails on {{ $labels.job }}';
      alert(rule, 0).expr = 'sum by (job) (api:errors:ratio{service="api"}) > 0.05';
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('group by (service)');
  });

  test('finds duplicates in two files of one cluster, and a name that Prometheus refuses', async () => {
    const [file] = example();
    const second = { ...file!, file: 'staging/shop/PrometheusRule.second.yaml' };
    expect(await checked([file!, second])).toContain('duplicate rule');
    expect(await checked(example(rule => Object.assign(alert(rule, 0), { expr: 'up{' })))).not.toBe('');
  });

  test('refuses a case whose series nobody reads', () => {
    const [tested] = testedAlerts(example());
    const misspelt = { 'request_total{job="api"}': '1' };
    const well = caseOf(tested!, EXAMPLE_CASES);
    expect(faultsOfCase(tested!, { ...well, fires: { series: misspelt, at: '1m' } })[0]).toContain(
      'is read by no part',
    );
    const other = { 'requests_total{job="web"}': '1' };
    expect(faultsOfCase(tested!, { ...well, quiet: { series: other, at: '1m' } })[0]).toContain('selects none');
  });
});

/** Those that no case sees. */
async function survivors(mutants: ReturnType<typeof mutantsOf>, cases: Cases): Promise<string[]> {
  const verdicts = await judged(
    mutants.map(({ tested }) => tested),
    cases,
    ['fires', 'quiet'],
  );
  return mutants
    .filter(({ tested }) => verdicts.every(verdict => verdict.tested !== tested || verdict.fault === ''))
    .map(
      ({ what, tested }) => `${tested.alert.name} ${what}, and no case sees it; give its case the arm that does (also)`,
    );
}

function firstOfEachName() {
  return names.map(name => alerts.find(({ alert }) => alert.name === name)!);
}
