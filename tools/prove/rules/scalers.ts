import type { HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec } from '../../../imports/kubernetes.ts';
import type { Rendered } from '../../render/manifest.ts';

/** What moves the replicas of a workload, of whichever kind. */
export interface Scaler {
  readonly object: Rendered;
  readonly namespace: string;
  /** Kind and name of what it scales. */
  readonly target: { readonly kind: string; readonly name: string };
  readonly min: number;
  readonly max: number;
  /** Path of `min`. */
  readonly minAt: string;
}

/** Where every scaler names what it scales. */
export const TARGET = 'spec.scaleTargetRef.name';

export const HPA = 'autoscaling/v2/HorizontalPodAutoscaler';
export const SCALED_OBJECT = 'keda.sh/v1alpha1/ScaledObject';

/** The parts of KEDA's ScaledObject that the laws read, and KEDA's defaults (keda.sh, reference of ScaledObject). */
export interface ScaledObjectSpec {
  readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
  /** @default 0 */
  readonly minReplicaCount?: number;
  /** @default 100 */
  readonly maxReplicaCount?: number;
  readonly triggers?: readonly Trigger[];
  readonly fallback?: { readonly failureThreshold: number; readonly replicas: number; readonly behavior?: string };
  readonly advanced?: {
    readonly horizontalPodAutoscalerConfig?: { readonly behavior?: HorizontalPodAutoscalerBehavior };
  };
}

/** What a ScaledObject scales on. */
export interface Trigger {
  readonly type: string;
  readonly metricType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** How each kind of scaler says it. */
export const SCALERS: Readonly<Record<string, (object: Rendered) => Scaler>> = {
  [HPA]: object => {
    const { minReplicas = 1, maxReplicas, scaleTargetRef } = object.manifest.spec as HorizontalPodAutoscalerSpec;
    return scaler(object, scaleTargetRef, { min: minReplicas, max: maxReplicas, minAt: 'spec.minReplicas' });
  },
  [SCALED_OBJECT]: object => {
    const { minReplicaCount = 0, maxReplicaCount = 100, scaleTargetRef } = object.manifest.spec as ScaledObjectSpec;
    return scaler(object, scaleTargetRef, {
      min: minReplicaCount,
      max: maxReplicaCount,
      minAt: 'spec.minReplicaCount',
    });
  },
};

function scaler(
  object: Rendered,
  target: { kind?: string; name?: string } = {},
  range: Pick<Scaler, 'min' | 'max' | 'minAt'>,
): Scaler {
  const { kind = 'Deployment', name = '' } = target;
  return { object, namespace: object.manifest.metadata.namespace ?? '', target: { kind, name }, ...range };
}
