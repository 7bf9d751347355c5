import type { PodMonitor } from '../imports/custom.ts';
import type { ContainerPort } from '../imports/kubernetes.ts';
import { closed } from './closed.ts';
import { INSTANCE, METRICS, PROMETHEUS } from './conventions.ts';
import { KubeObject } from './kube-object.ts';
import { checkPort } from './port.ts';
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

/** How often pods are asked, in seconds. */
const INTERVAL = 30;

/** Over what rates are taken: four answers, so that one may be missed. */
export const RATE_WINDOW = `${(4 * INTERVAL) / 60}m`;

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
        podMetricsEndpoints: [{ interval: `${INTERVAL}s`, path, port: METRICS }],
        selector: { matchLabels: workload.selector },
      },
    },
  );
}

/** @throws where the port or a name is none */
export function checkMetrics(path: string, metrics: Metrics | undefined): void {
  if (metrics === undefined) return;
  closed(path, metrics, { port: true, path: true, requestCounter: true, queueGauge: true }, 'metrics.');
  checkPort(path, 'metrics.port', metrics.port);
  if (metrics.path !== undefined && !metrics.path.startsWith('/'))
    throw new Error(`${path}: metrics.path is "${metrics.path}"; begin it with /`);
  for (const name of ['requestCounter', 'queueGauge'] as const) {
    // The grammar of prometheus.io/docs/concepts/data_model.
    if (metrics[name] !== undefined && !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(metrics[name]))
      throw new Error(`${path}: metrics.${name} is "${metrics[name]}"; give a metric's name alone`);
  }
}

/** The container port that is asked. */
export function metricsPort(metrics: Metrics | undefined): ContainerPort[] {
  return metrics === undefined ? [] : [{ name: METRICS, containerPort: metrics.port, protocol: 'TCP' }];
}

/** The matchers of one workload's series. */
export function seriesOf({ namespace, name }: Pick<Workload, 'namespace' | 'name'>): string {
  return `namespace="${namespace}",job="${name}"`;
}
