import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'one that changes pods',
    it => {
      it['VerticalPodAutoscaler worker'].spec.updatePolicy.updateMode = 'Recreate';
    },
    [
      'vertical-autoscaler: VerticalPodAutoscaler.worker: spec.updatePolicy.updateMode is Recreate; write Off: what runs is what stands in the repository',
    ],
  ],
  [
    'one that is left to its default',
    it => {
      delete it['VerticalPodAutoscaler worker'].spec.updatePolicy;
    },
    [
      'vertical-autoscaler: VerticalPodAutoscaler.worker: spec.updatePolicy.updateMode is not given; write Off: what runs is what stands in the repository',
    ],
  ],
  [
    'one of nothing',
    it => {
      it['VerticalPodAutoscaler worker'].spec.targetRef.kind = 'StatefulSet';
    },
    [
      'vertical-autoscaler: VerticalPodAutoscaler.worker: spec.targetRef is StatefulSet worker, which namespace shop has not; name the workload to watch',
    ],
  ],
  [
    'two of one workload',
    it => {
      it.second = structuredClone(it['VerticalPodAutoscaler worker']);
      it.second.metadata.name = 'second';
    },
    [
      'vertical-autoscaler: VerticalPodAutoscaler.second: Deployment worker is the target of worker too; keep one of them',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});

test('it is no scaler: its workload still needs its number', () => {
  const findings = broken(it => {
    delete it['ScaledObject worker'];
  });
  expect(findings).toEqual([
    'autoscaler: Deployment.worker: spec.replicas is not given, and nothing scales it; give the number',
  ]);
});
