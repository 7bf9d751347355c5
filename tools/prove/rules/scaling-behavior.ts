import type { HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec } from '../../../imports/kubernetes.ts';
import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { HPA, SCALED_OBJECT, type ScaledObjectSpec } from './scalers.ts';

/** Seconds that the API server takes (`validateScalingRules` of k8s.io/kubernetes); the schemas say the half of it. */
const LONGEST_WINDOW = 3600;
const LONGEST_PERIOD = 1800;

export const scalingBehavior: ObjectRule = {
  name: 'scaling-behavior',
  demands: `How a scaler moves is what an HPA takes: stabilizationWindowSeconds from 0 to ${LONGEST_WINDOW}, periodSeconds from 1 to ${LONGEST_PERIOD}, a step of 1 at least. KEDA writes the HPA later, and its refusal is told to nobody.`,
  kinds: [HPA, SCALED_OBJECT],
  *check(manifest: Manifest): Iterable<Problem> {
    const keda = kindOf(manifest) === SCALED_OBJECT;
    const behavior = keda
      ? (manifest.spec as ScaledObjectSpec).advanced?.horizontalPodAutoscalerConfig?.behavior
      : (manifest.spec as HorizontalPodAutoscalerSpec).behavior;
    yield* limits(behavior ?? {}, keda ? 'spec.advanced.horizontalPodAutoscalerConfig.behavior' : 'spec.behavior');
  },
};

function* limits(behavior: HorizontalPodAutoscalerBehavior, at: string): Iterable<Problem> {
  for (const way of ['scaleUp', 'scaleDown'] as const) {
    const { stabilizationWindowSeconds: window = 0, policies = [] } = behavior[way] ?? {};
    yield* within(window, 0, LONGEST_WINDOW, `${at}.${way}.stabilizationWindowSeconds`);
    for (const [index, { periodSeconds, value }] of policies.entries()) {
      const policy = `${at}.${way}.policies[${index}]`;
      yield* within(periodSeconds, 1, LONGEST_PERIOD, `${policy}.periodSeconds`);
      if (value < 1) yield { given: `${policy}.value is ${value}`, remedy: 'give at least 1' };
    }
  }
}

function* within(seconds: number, least: number, most: number, at: string): Iterable<Problem> {
  if (seconds < least || seconds > most)
    yield { given: `${at} is ${seconds}`, remedy: `give ${least} to ${most} seconds` };
}
