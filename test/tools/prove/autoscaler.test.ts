import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'no number and no scaler',
    it => {
      delete it['HorizontalPodAutoscaler api'];
    },
    ['autoscaler: Deployment.api: spec.replicas is not given, and nothing scales it; give the number'],
  ],
  [
    'a number and a scaler',
    it => {
      it['Deployment api'].spec.replicas = 2;
    },
    [
      'autoscaler: Deployment.api: spec.replicas is 2, and HorizontalPodAutoscaler api scales it; leave it out: every sync would set the number back',
    ],
  ],
  [
    'two scalers',
    it => {
      it.second = structuredClone(it['HorizontalPodAutoscaler api']);
      it.second.metadata.name = 'second';
    },
    [
      'autoscaler: HorizontalPodAutoscaler.second: HorizontalPodAutoscaler api scales Deployment api too; keep one scaler: two pull in turn',
    ],
  ],
  [
    'a scaler of nothing',
    it => {
      it['HorizontalPodAutoscaler api'].spec.scaleTargetRef.name = 'web';
      it['Deployment api'].spec.replicas = 2;
    },
    [
      'autoscaler: HorizontalPodAutoscaler.api: spec.scaleTargetRef.name is web, and namespace shop has no Deployment of that name; name the workload to scale',
    ],
  ],
  [
    'a minimum above the maximum',
    it => {
      it['HorizontalPodAutoscaler api'].spec.minReplicas = 7;
    },
    ['autoscaler: HorizontalPodAutoscaler.api: spec.minReplicas is 7, the maximum 6; raise the maximum to at least 7'],
  ],
  [
    'a minimum that is the maximum',
    it => {
      it['HorizontalPodAutoscaler api'].spec.minReplicas = 6;
    },
    [],
  ],
  [
    'a minimum of one in production',
    it => {
      it['HorizontalPodAutoscaler api'].spec.minReplicas = 1;
    },
    [
      'autoscaler: HorizontalPodAutoscaler.api: spec.minReplicas is 1 in tier production; give at least 2: one pod is an outage at every node that drains',
    ],
  ],
  [
    'two scalers of two kinds',
    it => {
      it.second = structuredClone(it['ScaledObject worker']);
      it.second.metadata.name = 'second';
      it.second.spec.scaleTargetRef.name = 'api';
    },
    [
      'autoscaler: ScaledObject.second: HorizontalPodAutoscaler api scales Deployment api too; keep one scaler: two pull in turn',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});

test('only KEDA scales to zero, in any tier', () => {
  const resting = (it: Objects) => {
    it['HorizontalPodAutoscaler api'].spec.minReplicas = 0;
    it['ScaledObject worker'].spec.minReplicaCount = 0;
  };
  expect(broken(resting, { tier: 'staging' })).toEqual([
    'autoscaler: HorizontalPodAutoscaler.api: spec.minReplicas is 0; give at least 1: only KEDA scales to zero',
  ]);
});
