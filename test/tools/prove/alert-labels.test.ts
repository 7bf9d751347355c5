import { expect, test } from 'vitest';
import { expiredAlerts } from '../../../tools/prove/agreed-alert.ts';
import { FleetLaws } from '../../../tools/prove/index.ts';
import { told } from './asked.ts';
import { rules } from './good/monitoring.ts';
import { unitOf } from './good-unit.ts';

test.each<[string, (alert: Record<string, never>) => void, string]>([
  ['name', it => Object.assign(it, { alert: 'error_rate' }), 'the alert "error_rate" is not in CamelCase; write words'],
  [
    'severity',
    it => Object.assign(it.labels!, { severity: 'page' }),
    'has the severity page; write one of P1, P2, P3, none',
  ],
  ['label', it => Reflect.deleteProperty(it.labels!, 'team'), 'the alert ErrorRate lacks labels.team; give it'],
  ['words', it => Object.assign(it.annotations!, { why: ' ' }), 'the alert ErrorRate lacks annotations.why; give it'],
  [
    'all',
    it => Reflect.deleteProperty(it, 'annotations'),
    'annotations.summary, annotations.description, annotations.runbook_url',
  ],
])('an alert without its %s', (_, change, given) => {
  const [finding, ...others] = told(it => change(it.rules[1]));
  expect(finding).toMatch(/^alert-labels: /);
  expect(finding).toContain(given);
  expect(others).toEqual([]);
});

test('two alerts of one name in a namespace, service and objective', () => {
  const second = () => {
    const rule = rules();
    rule.metadata.name = 'second';
    return rule;
  };
  const once = (change: (labels: Record<string, string>) => void) => {
    const other = second();
    for (const { labels } of other.spec.groups[0].rules) change(labels);
    const laws = new FleetLaws();
    laws.see(unitOf([rules()]));
    laws.see(unitOf([other], { system: 'till' }));
    return laws.findings().filter(({ rule }) => rule === 'alert-once');
  };
  expect(once(() => {}).map(({ construct, given }) => `${construct}: ${given}`)).toEqual([
    'till/PrometheusRule.second: the alert ErrorRate of worker in shop stands in shop/PrometheusRule.worker already',
    'till/PrometheusRule.second: the alert BudgetBurn of worker in shop stands in shop/PrometheusRule.worker already',
  ]);
  expect(once(labels => Object.assign(labels, { service: 'api' }))).toEqual([]);
  expect(once(labels => Object.assign(labels, { slo: 'other' }))).toEqual([]);
});

test('a silence that is over', () => {
  const silence = {
    cluster: 'us-east-1a',
    construct: 'shop/database',
    alert: 'PostgresDeadlocks',
    is: 'silenced',
    reason: 'the migration locks',
    owner: 'ordering',
    expires: '2026-01-31',
    files: ['us-east-1a/shop/data/PrometheusRule.database.yaml'],
  } as const;
  expect(expiredAlerts([silence], '2026-01-31')).toEqual([]);
  expect(expiredAlerts([silence], '2026-02-01')).toEqual([
    {
      cluster: 'us-east-1a',
      construct: 'shop/database',
      rule: 'alert-agreed',
      given: 'PostgresDeadlocks is silenced until 2026-01-31 (ordering: the migration locks), which is over',
      remedy: 'let it fire again, or agree on another day',
      file: 'us-east-1a/shop/data/PrometheusRule.database.yaml',
    },
  ]);
});
