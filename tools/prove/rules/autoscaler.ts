import { kindOf } from '../../render/manifest.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { SCALED_OBJECT, type Scaler, TARGET } from './scalers.ts';
import { viewOf, type Workload } from './view.ts';
import { POD_KINDS, WORKLOAD_KINDS } from './workload-kinds.ts';

/** The kinds that we know, as a scaler names them. */
const SCALED = new Set(
  POD_KINDS.filter(kind => WORKLOAD_KINDS[kind]!.scalable).map(kind => kind.slice(kind.lastIndexOf('/') + 1)),
);

export const autoscaler: UnitRule = {
  name: 'autoscaler',
  demands:
    'A Deployment or StatefulSet either states its replicas or has exactly one scaler; a scaler finds its target, its minimum is not above its maximum, and in production not below two.',
  except:
    'KEDA may scale to zero, at night or while nothing waits. Targets of kinds we do not know are not looked for.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const workload of view.workloads) {
      if (!workload.traits.scalable) continue;
      const { object, kind, name } = workload;
      const scalers = view.scalersOf(workload);
      const { replicas } = object.manifest.spec as { replicas?: number };
      const [first] = scalers;
      if (first === undefined) {
        if (replicas === undefined)
          yield { object, given: 'spec.replicas is not given, and nothing scales it', remedy: 'give the number' };
        continue;
      }
      if (replicas !== undefined)
        yield {
          object,
          given: `spec.replicas is ${replicas}, and ${describe(first)} scales it`,
          remedy: 'leave it out: every sync would set the number back',
        };
      for (const { object: second } of scalers.slice(1)) {
        yield {
          object: second,
          given: `${describe(first)} scales ${kind} ${name} too`,
          remedy: 'keep one scaler: two pull in turn',
        };
      }
    }
    for (const scaler of view.scalers) {
      const { object, min, max, minAt, target, namespace } = scaler;
      if (SCALED.has(target.kind) && !has(view.workloadsIn(namespace), target)) {
        yield {
          object,
          given: `${TARGET} is ${target.name}, and namespace ${namespace} has no ${target.kind} of that name`,
          remedy: 'name the workload to scale',
        };
      }
      if (min > max)
        yield {
          object,
          given: `${minAt} is ${min}, the maximum ${max}`,
          remedy: `raise the maximum to at least ${min}`,
        };
      const toZero = kindOf(object.manifest) === SCALED_OBJECT;
      if (toZero && min === 0) continue;
      if (unit.cluster.tier === 'production' && min < 2) {
        yield {
          object,
          given: `${minAt} is ${min} in tier production`,
          remedy: `give at least 2${toZero ? ', or 0 for what may rest' : ''}: one pod is an outage at every node that drains`,
        };
      } else if (min < 1) {
        yield { object, given: `${minAt} is ${min}`, remedy: 'give at least 1: only KEDA scales to zero' };
      }
    }
  },
};

function has(workloads: readonly Workload[], { kind, name }: Scaler['target']): boolean {
  return workloads.some(workload => workload.kind === kind && workload.name === name);
}

function describe({ object: { manifest } }: Scaler): string {
  return `${manifest.kind} ${manifest.metadata.name}`;
}
