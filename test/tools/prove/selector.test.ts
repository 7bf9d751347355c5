import { expect, test } from 'vitest';
import type { LabelSelector } from '../../../imports/kubernetes.ts';
import { matches } from '../../../tools/prove/rules/selector.ts';

const labels = { app: 'shop', tier: 'web' };

test.each<[LabelSelector, boolean]>([
  [{}, true],
  [{ matchLabels: { app: 'shop' } }, true],
  [{ matchLabels: { app: 'shop', tier: 'data' } }, false],
  [{ matchExpressions: [{ key: 'tier', operator: 'In', values: ['web', 'api'] }] }, true],
  [{ matchExpressions: [{ key: 'tier', operator: 'In', values: ['api'] }] }, false],
  [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['web'] }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  [{ matchLabels: { role: 'replica' } }, false],
])('%j', (selector, expected) => {
  expect(matches(selector, labels)).toBe(expected);
});

test.each<[LabelSelector, boolean]>([
  [{ matchLabels: { role: 'replica' } }, true],
  [{ matchLabels: { role: 'leader' } }, false],
  [{ matchLabels: { 'statefulset.kubernetes.io/pod-name': 'database-0' } }, true],
])('set on a StatefulSet’s running pods, so no template carries it: %j', (selector, expected) => {
  expect(matches(selector, labels, true)).toBe(expected);
});

test('a label that a template does carry is no longer anybody’s to set', () => {
  expect(matches({ matchLabels: { role: 'primary' } }, { role: 'replica' }, true)).toBe(false);
});
