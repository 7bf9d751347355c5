import type { Rendered } from '../../render/manifest.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { viewOf } from './view.ts';

const VPA = 'autoscaling.k8s.io/v1/VerticalPodAutoscaler';

/** The parts of it that this law reads. */
interface VerticalPodAutoscalerSpec {
  readonly targetRef?: { readonly kind?: string; readonly name?: string };
  readonly updatePolicy?: { readonly updateMode?: string };
}

export const verticalAutoscaler: UnitRule = {
  name: 'vertical-autoscaler',
  demands:
    'A VerticalPodAutoscaler only recommends (updateMode Off), so that what runs is what stands here; it finds its workload, which has no other.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    const first = new Map<string, Rendered>();
    for (const object of view.of(VPA)) {
      const { namespace = '' } = object.manifest.metadata;
      const { targetRef = {}, updatePolicy } = (object.manifest.spec ?? {}) as VerticalPodAutoscalerSpec;
      const { kind = '', name = '' } = targetRef;
      if (updatePolicy?.updateMode !== 'Off')
        yield {
          object,
          given: `spec.updatePolicy.updateMode is ${updatePolicy?.updateMode ?? 'not given'}`,
          remedy: 'write Off: what runs is what stands in the repository',
        };
      if (!view.workloadsIn(namespace).some(workload => workload.kind === kind && workload.name === name))
        yield {
          object,
          given: `spec.targetRef is ${kind} ${name}, which namespace ${namespace} has not`,
          remedy: 'name the workload to watch',
        };
      const target = `${kind} ${namespace}/${name}`;
      const other = first.get(target);
      if (other === undefined) first.set(target, object);
      else
        yield {
          object,
          given: `${kind} ${name} is the target of ${other.manifest.metadata.name} too`,
          remedy: 'keep one of them',
        };
    }
  },
};
