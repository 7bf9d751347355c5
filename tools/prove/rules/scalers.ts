import type { HorizontalPodAutoscalerSpec } from '../../../imports/kubernetes.ts';
import type { Rendered } from '../../render/manifest.ts';
import { kindOf } from './kind.ts';

/** What moves the replicas of a workload, of whichever kind. */
export interface Scaler {
  readonly object: Rendered;
  readonly namespace: string;
  /** Kind and name of what it scales. */
  readonly target: { readonly kind: string; readonly name: string };
  /** Path of the target's name, for findings. */
  readonly targetAt: string;
  readonly min: number;
  readonly max: number;
  /** Path of `min`. */
  readonly minAt: string;
}

export const HPA = 'autoscaling/v2/HorizontalPodAutoscaler';
export const SCALED_OBJECT = 'keda.sh/v1alpha1/ScaledObject';

/** The part of KEDA's ScaledObject that says what it scales, and KEDA's defaults (keda.sh, reference of ScaledObject). */
interface ScaledObjectSpec {
  readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
  readonly minReplicaCount?: number;
  readonly maxReplicaCount?: number;
}

export function scalerOf(object: Rendered): Scaler | undefined {
  const { manifest } = object;
  const namespace = manifest.metadata.namespace ?? '';
  switch (kindOf(manifest)) {
    case HPA: {
      const { minReplicas = 1, maxReplicas, scaleTargetRef } = manifest.spec as HorizontalPodAutoscalerSpec;
      const { kind, name } = scaleTargetRef;
      return {
        object,
        namespace,
        target: { kind, name },
        targetAt: 'spec.scaleTargetRef.name',
        min: minReplicas,
        max: maxReplicas,
        minAt: 'spec.minReplicas',
      };
    }
    case SCALED_OBJECT: {
      const { minReplicaCount = 0, maxReplicaCount = 100, scaleTargetRef = {} } = manifest.spec as ScaledObjectSpec;
      const { kind = 'Deployment', name = '' } = scaleTargetRef;
      return {
        object,
        namespace,
        target: { kind, name },
        targetAt: 'spec.scaleTargetRef.name',
        min: minReplicaCount,
        max: maxReplicaCount,
        minAt: 'spec.minReplicaCount',
      };
    }
    default:
      return undefined;
  }
}
