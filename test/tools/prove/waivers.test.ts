import { expect, test } from 'vitest';
import { applyWaivers, expired } from '../../../tools/prove/index.ts';
import type { PlacedWaiver } from '../../../tools/prove/waiver.ts';
import { asText, type Finding } from '../../../tools/render/finding.ts';

const finding: Finding = {
  cluster: 'local',
  construct: 'shop/api/deployment',
  rule: 'probes',
  given: 'no probe',
  remedy: 'give one',
  file: 'f.yaml',
};
const waiver: PlacedWaiver = {
  cluster: 'local',
  construct: 'shop/api',
  rule: 'probes',
  reason: 'a batch worker',
  owner: 'ordering',
  expires: '2027-01-31',
};

test('a waiver excuses its construct and all below', () => {
  expect(applyWaivers([finding], [waiver])).toEqual({ findings: [], waived: [{ finding, waiver }] });
  expect(applyWaivers([{ ...finding, construct: 'shop/api' }], [waiver]).findings).toEqual([]);
});

test.each<[string, Partial<PlacedWaiver>]>([
  ['another construct, however alike', { construct: 'shop/ap' }],
  ['another cluster', { cluster: 'staging' }],
  ['another rule', { rule: 'ports' }],
])('a waiver of %s excuses nothing', (_, other) => {
  expect(applyWaivers([finding], [{ ...waiver, ...other }])).toEqual({ findings: [finding], waived: [] });
});

test('a waiver without a cause', () => {
  expect(applyWaivers([], [waiver]).findings.map(asText)).toEqual([
    'local: shop/api: a waiver of probes that excuses nothing; remove it [waiver]',
  ]);
});

test('while another finding is left, nobody knows what a waiver would excuse', () => {
  expect(applyWaivers([{ ...finding, rule: 'schema' }], [waiver]).findings.map(({ rule }) => rule)).toEqual(['schema']);
});

test('a waiver that excuses something in one cluster is due in all', () => {
  const elsewhere = { ...waiver, cluster: 'us-east-1a' };
  expect(applyWaivers([finding], [elsewhere, waiver])).toEqual({ findings: [], waived: [{ finding, waiver }] });
  expect(applyWaivers([], [elsewhere, waiver]).findings).toHaveLength(1);
  expect(applyWaivers([finding], [waiver, { ...elsewhere, reason: 'another' }]).findings).toHaveLength(1);
});

test.each<[string, string, string]>([
  ['a waiver of a rule misspelt', 'probe', 'a waiver of "probe", which is no rule; write probes'],
  [
    'a waiver of nothing we know',
    'something',
    'a waiver of "something", which is no rule; name one that `npm run rules` prints',
  ],
  ['a waiver of the schema', 'schema', 'a waiver of schema, which nobody can excuse; mend what it finds'],
  [
    'a waiver of the render',
    'vanished-field',
    'a waiver of vanished-field, which nobody can excuse; mend what it finds',
  ],
  ['a waiver of waivers', 'waiver', 'a waiver of waiver, which nobody can excuse; mend what it finds'],
])('%s', (_, rule, text) => {
  const { findings } = applyWaivers([{ ...finding, rule: 'schema' }], [{ ...waiver, rule }]);
  expect(findings.map(asText)).toContain(`local: shop/api: ${text} [waiver]`);
});

test('a waiver holds through its last day', () => {
  const { waived } = applyWaivers([finding], [waiver]);
  expect(expired(waived, '2027-01-31')).toEqual([]);
  expect(expired(waived, '2027-02-01').map(asText)).toEqual([
    'local: shop/api/deployment: the waiver of probes ran out on 2027-01-31 (ordering: a batch worker), and still no probe; give one [waiver]',
  ]);
  expect(expired(waived, '2027-02-01')[0]?.file).toBe('f.yaml');
});
