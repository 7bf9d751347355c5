import { Duration } from 'cdk8s';
import type { Alert } from './alert.ts';
import { mayRest, type Of, whileOn } from './rollout.ts';

/** Whether a workload can go on following its load. The autoscaler has the workload's name, whoever makes it. */
export function autoscalerAlerts(
  of: Of,
  {
    min,
    max,
    keda,
    asksPrometheus,
  }: { readonly min: number; readonly max: number; readonly keda: boolean; readonly asksPrometheus: boolean },
): Alert[] {
  const its = `namespace="${of.namespace}",horizontalpodautoscaler="${of.name}"`;
  // At none it reads nothing, and says so.
  const on = keda && mayRest(of) ? ` and on () ${whileOn(of)}` : '';
  const common = { severity: 'P2', for: Duration.minutes(15), runbook: 'kubernetes/autoscaler' } as const;
  const grown = (metric: string, matchers: string) => (limit: number) =>
    `sum by (namespace) (increase(${metric}{namespace="${of.namespace}",${matchers}}[15m])) > ${limit}`;
  return [
    ...(min === max
      ? []
      : [
          {
            ...common,
            name: 'AutoscalerAtMaximum',
            threshold: max,
            expr: (limit: number) => `kube_horizontalpodautoscaler_status_current_replicas{${its}} >= ${limit}`,
            summary: `${of.name} has as many pods as it may`,
            description: '{{ $value }} pods, and no more come: a little more load, and it answers late.',
            why: `${max} is its maximum; a peak that passes within a quarter of an hour needs nobody.`,
          } satisfies Alert,
        ]),
    {
      ...common,
      name: 'AutoscalerCannotRead',
      expr: `kube_horizontalpodautoscaler_status_condition{${its},condition="ScalingActive",status="false"} == 1${on}`,
      for: Duration.minutes(10),
      summary: `The autoscaler of ${of.name} cannot read what it goes by`,
      description: 'The number of pods stays as it is, whatever the load.',
      why: 'It reads every 15 s; ten minutes leave out a restart of the metrics server.',
    },
    ...(keda
      ? [
          {
            ...common,
            name: 'ScalerFailing',
            threshold: 3,
            expr: grown('keda_scaled_object_errors_total', `scaledObject="${of.name}"`),
            summary: `KEDA cannot compute how many pods ${of.name} needs`,
            description: '{{ $value | humanize }} errors within a quarter of an hour. Pods that are there stay.',
            why: 'It looks every 30 s; more than three failures of thirty in a quarter of an hour, for as long, are no accident.',
          } satisfies Alert,
        ]
      : []),
    ...(asksPrometheus
      ? [
          {
            ...common,
            name: 'ScalerHearsNothing',
            threshold: 3,
            expr: grown('keda_scaler_empty_upstream_responses_total', `scaledResource="${of.name}"`),
            summary: `Prometheus has no answer for the scaler of ${of.name}`,
            description:
              '{{ $value | humanize }} empty answers within a quarter of an hour. Pods that are there stay, and none are added for requests or a queue.',
            why: 'It asks every 30 s; more than three empty answers of thirty, for a quarter of an hour, and the series is gone.',
          } satisfies Alert,
        ]
      : []),
  ];
}
