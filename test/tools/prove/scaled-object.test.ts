import { expect, test } from 'vitest';
import { autoscaler } from '../../../tools/prove/rules/autoscaler.ts';
import type { Loose } from './good/parts.ts';
import { goodObjects, unitOf } from './good-unit.ts';

/** The good unit with KEDA's scaler in place of its own; judged by this law alone, since no cluster of ours has KEDA's schema yet. */
function judged(spec: object): string[] {
  const objects = goodObjects().filter(({ kind }: Loose) => kind !== 'HorizontalPodAutoscaler');
  const scaler = {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'api', namespace: 'shop' },
    spec,
  };
  return [...autoscaler.check(unitOf([...objects, scaler]))].map(({ given }) => given);
}

test('KEDA scales a Deployment, to zero if it likes', () => {
  expect(judged({ scaleTargetRef: { name: 'api' } })).toEqual([]);
});

test('one pod is an outage, whoever scales', () => {
  expect(judged({ scaleTargetRef: { name: 'api' }, minReplicaCount: 1 })).toEqual([
    'spec.minReplicaCount is 1 in tier production',
  ]);
  expect(judged({ scaleTargetRef: { name: 'api' }, minReplicaCount: 2 })).toEqual([]);
});

test('its range and its target are judged like any other', () => {
  expect(judged({ scaleTargetRef: { name: 'web' }, minReplicaCount: 5, maxReplicaCount: 4 })).toEqual([
    'spec.replicas is not given, and nothing scales it',
    'spec.scaleTargetRef.name is web, and namespace shop has no Deployment of that name',
    'spec.minReplicaCount is 5, the maximum 4',
  ]);
});
