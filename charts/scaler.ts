import type { ScaledObject } from '../imports/custom.ts';
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerBehavior } from '../imports/kubernetes.ts';
import { autoscalerAlerts } from './alerting/autoscaler.ts';
import type { WorkingHours } from './cluster.ts';
import { PROMETHEUS } from './conventions.ts';
import { KubeObject, type Patch } from './kube-object.ts';
import { type Metrics, RATE_WINDOW, seriesOf } from './metrics.ts';
import { boundsOf, type Cooldown, isScaled, type Range, type Replicas } from './replicas.ts';
import type { Workload } from './workload.ts';

type ScaledObjectSpec = NonNullable<ScaledObject['spec']>;
type Trigger = ScaledObjectSpec['triggers'][number];

export interface ScalerPatches {
  /** Where CPU and memory decide, and nobody goes home. */
  readonly autoscaler?: Patch<HorizontalPodAutoscaler>;
  /** Where KEDA decides. */
  readonly scaledObject?: Patch<ScaledObject>;
}

interface ScalerProps {
  readonly replicas: Replicas;
  readonly metrics?: Metrics;
  readonly kind: 'autoscaler' | 'KEDA';
  /** Whether it is held at no pods. */
  readonly off: boolean;
  readonly patch: ScalerPatches;
}

/**
 * What moves the number of pods, and the only thing that does: Kubernetes' own autoscaler where CPU and memory decide, KEDA
 * where requests, a queue or the clock do (KEDA then makes the autoscaler, so there are never two).
 */
export function scale(workload: Workload, { replicas, metrics, kind, off, patch }: ScalerProps): void {
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: workload.name };
  const { workingHours } = workload.system.site;
  const { min, max } = boundsOf(replicas);
  const range = isScaled(replicas) ? replicas : undefined;
  const keda = kind === 'KEDA';
  const series = keda ? seriesTriggers(workload, range, metrics, workingHours !== undefined) : [];
  // What is held at no pods reads nothing.
  const rules = off ? [] : autoscalerAlerts(workload, { min, max, keda, asksPrometheus: series.length > 0 });
  workload.rules.add({ name: 'autoscaler', rules });
  if (kind === 'autoscaler') {
    new KubeObject<HorizontalPodAutoscaler>(
      workload,
      'autoscaler',
      { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: workload.metadata() },
      {
        spec: {
          ...(range?.cooldown && { behavior: behavior(range.cooldown) }),
          maxReplicas: max,
          metrics: usage(range).map(({ name, percent }) => ({
            type: 'Resource',
            resource: { name, target: { type: 'Utilization', averageUtilization: percent } },
          })),
          minReplicas: min,
          scaleTargetRef: target,
        },
      },
      patch.autoscaler,
    );
    return;
  }
  const given = workload.metadata();
  // An autoscaler that stands there already, from a render in which CPU and memory decided, becomes KEDA's; its webhook
  // refuses a second one, and Argo CD removes the first only after all else is applied.
  const metadata = {
    ...given,
    annotations: {
      ...given.annotations,
      ...(off && { 'autoscaling.keda.sh/paused-replicas': '0' }),
      'scaledobject.keda.sh/transfer-hpa-ownership': 'true',
    },
  };
  new KubeObject<ScaledObject>(
    workload,
    'scaled-object',
    { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata },
    {
      spec: {
        advanced: {
          horizontalPodAutoscalerConfig: {
            ...(range?.cooldown && { behavior: behavior(range.cooldown) }),
            name: workload.name,
          },
        },
        // KEDA's default, from one pod to none; between more of them the autoscaler's own behaviour holds.
        cooldownPeriod: 300,
        // Without an answer from Prometheus nothing is taken away.
        ...(series.length > 0 && {
          fallback: { behavior: 'currentReplicasIfHigher', failureThreshold: 3, replicas: min },
        }),
        maxReplicaCount: max,
        minReplicaCount: workingHours === undefined ? min : 0,
        // KEDA's default, and as often as Prometheus asks the pods.
        pollingInterval: 30,
        scaleTargetRef: target,
        triggers: [...usageTriggers(range), ...series, ...(workingHours ? [atWork(workingHours, min)] : [])],
      },
    },
    patch.scaledObject,
  );
}

/**
 * The kind of scaler that a number of pods needs. What may be held at none gets KEDA, which begins again from there: Kubernetes'
 * own autoscaler rests for good where it finds no pods (kubernetes.io, "implicit maintenance-mode deactivation").
 */
export function scalerFor(
  replicas: Replicas,
  { workingHours, mayBeOff }: { readonly workingHours: WorkingHours | undefined; readonly mayBeOff: boolean },
): 'none' | 'autoscaler' | 'KEDA' {
  if (workingHours !== undefined) return 'KEDA';
  if (!isScaled(replicas)) return 'none';
  if (mayBeOff) return 'KEDA';
  return replicas.targetRequestsPerMinute === undefined && replicas.targetQueueLength === undefined
    ? 'autoscaler'
    : 'KEDA';
}

/** A cooldown in the autoscaler's own words; it knows no other. */
function behavior({ up, down }: Cooldown): HorizontalPodAutoscalerBehavior {
  return {
    scaleDown: {
      policies: [{ periodSeconds: down.toSeconds(), type: 'Percent', value: 50 }],
      selectPolicy: 'Max',
      stabilizationWindowSeconds: down.toSeconds(),
    },
    scaleUp: {
      policies: [{ periodSeconds: up.toSeconds(), type: 'Percent', value: 100 }],
      selectPolicy: 'Max',
      stabilizationWindowSeconds: 0,
    },
  };
}

function usage({ targetCpuPercent: cpu, targetMemoryPercent: memory }: Partial<Range> = {}) {
  return [
    ...(cpu === undefined ? [] : [{ name: 'cpu' as const, percent: cpu }]),
    ...(memory === undefined ? [] : [{ name: 'memory' as const, percent: memory }]),
  ];
}

function usageTriggers(range: Range | undefined): Trigger[] {
  return usage(range).map(({ name, percent }) => ({
    type: name,
    metricType: 'Utilization',
    metadata: { value: String(percent) },
  }));
}

/** What Prometheus is asked, as one number that the pods share. */
function seriesTriggers(
  workload: Workload,
  range: Range | undefined,
  metrics: Metrics | undefined,
  rests: boolean,
): Trigger[] {
  const { source, queueGauge = '' } = metrics ?? {};
  const series = seriesOf(workload);
  // At rest nothing counts; there, and only there, no answer means nothing to do.
  const query = (text: string) => (rests ? `${text} or vector(0)` : text);
  const { targetRequestsPerMinute: rate, targetQueueLength: queue } = range ?? {};
  return [
    ...(rate === undefined
      ? []
      : // One pod's worth of requests keeps a resting service awake; probes alone are less.
        [prometheus(query(`60 * sum(rate(${source?.requests}{${series}}[${RATE_WINDOW}]))`), rate, rests ? rate : 0)]),
    ...(queue === undefined ? [] : [prometheus(query(`max(${queueGauge}{${series}})`), queue, 0)]),
  ];
}

function prometheus(query: string, threshold: number, activationThreshold: number): Trigger {
  return {
    type: 'prometheus',
    metricType: 'AverageValue',
    metadata: {
      activationThreshold: String(activationThreshold),
      // The default takes an empty answer for 0, and so scales in at the peak when Prometheus loses the pods (kedacore/keda#3065).
      ignoreNullValues: 'false',
      query,
      serverAddress: PROMETHEUS.url,
      threshold: String(threshold),
    },
  };
}

/** A minimum that holds while people work; KEDA calls it cron. */
function atWork({ timeZone, days, from, to }: WorkingHours, replicas: number): Trigger {
  return {
    type: 'cron',
    metadata: {
      desiredReplicas: String(replicas),
      end: `0 ${to} * * ${days}`,
      start: `0 ${from} * * ${days}`,
      timezone: timeZone,
    },
  };
}
