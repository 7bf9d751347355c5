import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { SCALED_OBJECT, type ScaledObjectSpec } from './scalers.ts';
import { isUsage, triggerFaults } from './triggers.ts';

const FALLBACK = '{ failureThreshold: 3, replicas: …, behavior: currentReplicasIfHigher }';

/** What KEDA takes and does otherwise than its author thinks (keda.sh, "ScaledObject specification" and "Admission Webhooks"). */
export const scaledObject: ObjectRule = {
  name: 'scaled-object',
  demands:
    "A ScaledObject states its least and its most pods; it keeps them when Prometheus is silent (ignoreNullValues 'false', a fallback that never takes pods away); a cron trigger has a timezone that exists, two schedules that come and pods to add; cpu and memory count as Utilization.",
  kinds: [SCALED_OBJECT],
  *check(manifest: Manifest): Iterable<Problem> {
    const spec = manifest.spec as ScaledObjectSpec;
    const { triggers = [], minReplicaCount: min, maxReplicaCount: max } = spec;
    if (min === undefined) yield { given: 'spec.minReplicaCount is not given', remedy: 'state it: the default is 0' };
    if (max === undefined) yield { given: 'spec.maxReplicaCount is not given', remedy: 'state it: the default is 100' };
    if (min === 0 && triggers.every(isUsage)) {
      yield {
        given: 'spec.minReplicaCount is 0 with triggers of cpu and memory only',
        remedy: 'give at least 1: where no pod runs nothing is measured, and none is ever started',
      };
    }
    for (const [index, trigger] of triggers.entries())
      yield* triggerFaults(trigger, `spec.triggers[${index}]`, max ?? Number.POSITIVE_INFINITY);
    if (triggers.some(({ type }) => type === 'prometheus')) yield* fallbackFaults(spec.fallback);
  },
};

function* fallbackFaults(fallback: ScaledObjectSpec['fallback']): Iterable<Problem> {
  if (fallback === undefined) {
    yield {
      given: 'spec.fallback is not given, and a trigger asks prometheus',
      remedy: `write ${FALLBACK}: what cannot be asked must not scale`,
    };
    return;
  }
  const { replicas, failureThreshold, behavior } = fallback;
  for (const [name, value] of Object.entries({ replicas, failureThreshold })) {
    if (value < 1) yield { given: `spec.fallback.${name} is ${value}`, remedy: 'give at least 1' };
  }
  if (behavior !== 'currentReplicasIfHigher')
    yield {
      given: `spec.fallback.behavior is ${behavior ?? 'not given'}`,
      remedy: 'write currentReplicasIfHigher: static would take pods away at the peak',
    };
}
