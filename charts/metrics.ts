import type { PodMonitor } from '../imports/custom.ts';
import type { ContainerPort } from '../imports/kubernetes.ts';
import { INSTANCE, METRICS, PROMETHEUS } from './conventions.ts';
import { KubeObject } from './kube-object.ts';
import type { Workload } from './workload.ts';

/** Where a workload says how it fares, in Prometheus' text format. */
export interface Metrics {
  /** The TCP port it is scraped at: not the service's own, which the edge shows to everybody. */
  readonly port: number;
  /** @default /metrics */
  readonly path?: string;
  /** The counter of answered requests, for `targetRequestsPerMinute`. @default http_requests_total */
  readonly requestCounter?: string;
  /** The gauge of what waits, for `targetQueueLength`; every pod tells the same number. */
  readonly queueGauge?: string;
}

/** How often pods are asked; what a rate over two minutes needs four times. */
const INTERVAL = '30s';

/** Lets Prometheus ask each pod of a workload, and opens the way there. */
export function scrape(workload: Workload, { port, path = '/metrics' }: Metrics): void {
  const { called, namespace, labels } = PROMETHEUS;
  workload.network.allowFrom({ called, namespace, labels }, port);
  new KubeObject<PodMonitor>(
    workload,
    'pod-monitor',
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'PodMonitor', metadata: workload.metadata() },
    {
      spec: {
        // The series' `job` is the workload's name.
        jobLabel: INSTANCE,
        podMetricsEndpoints: [{ interval: INTERVAL, path, port: METRICS }],
        selector: { matchLabels: workload.selector },
      },
    },
  );
}

/** The container port that is asked. */
export function metricsPort(metrics: Metrics | undefined): ContainerPort[] {
  return metrics === undefined ? [] : [{ name: METRICS, containerPort: metrics.port, protocol: 'TCP' }];
}

/** The matchers of one workload's series. */
export function seriesOf({ namespace, name }: Pick<Workload, 'namespace' | 'name'>): string {
  return `namespace="${namespace}",job="${name}"`;
}
