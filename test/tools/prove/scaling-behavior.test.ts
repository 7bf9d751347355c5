import { expect, test } from 'vitest';
import { broken } from './broken.ts';

const AT = 'scaling-behavior: HorizontalPodAutoscaler.api: spec.behavior.scaleDown';

test.each<[string, object, string[]]>([
  ['an hour of looking back', { stabilizationWindowSeconds: 3600 }, []],
  [
    'more than an hour of looking back',
    { stabilizationWindowSeconds: 3601 },
    [`${AT}.stabilizationWindowSeconds is 3601; give 0 to 3600 seconds`],
  ],
  ['half an hour for a step', { policies: [{ type: 'Pods', value: 1, periodSeconds: 1800 }] }, []],
  [
    'more than half an hour for a step',
    { policies: [{ type: 'Pods', value: 1, periodSeconds: 1801 }] },
    [`${AT}.policies[0].periodSeconds is 1801; give 1 to 1800 seconds`],
  ],
  [
    'no time for a step, and no step',
    { policies: [{ type: 'Pods', value: 0, periodSeconds: 0 }] },
    [`${AT}.policies[0].periodSeconds is 0; give 1 to 1800 seconds`, `${AT}.policies[0].value is 0; give at least 1`],
  ],
])('%s', (_, scaleDown, findings) => {
  expect(
    broken(it => {
      it['HorizontalPodAutoscaler api'].spec.behavior = { scaleDown };
    }),
  ).toEqual(findings);
});

test('what KEDA writes into its HPA is judged too, each way', () => {
  const findings = broken(it => {
    const { behavior } = it['ScaledObject worker'].spec.advanced.horizontalPodAutoscalerConfig;
    behavior.scaleUp = { policies: [{ type: 'Percent', value: 100, periodSeconds: 3600 }] };
  });
  expect(findings).toEqual([
    'scaling-behavior: ScaledObject.worker: spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.policies[0].periodSeconds is 3600; give 1 to 1800 seconds',
  ]);
});
