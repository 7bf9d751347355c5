import type { PodMonitor } from '../imports/custom.ts';
import type { ContainerPort } from '../imports/kubernetes.ts';
import { closed } from './closed.ts';
import { DECLARED_METRICS, INSTANCE, METRICS, PROMETHEUS } from './conventions.ts';
import { KubeObject } from './kube-object.ts';
import { checkMetric, gauge, lineOf, type Metric, NAME_OF_METRIC } from './metric.ts';
import { checkSource, type MetricSource } from './metric-source.ts';
import { checkPort } from './port.ts';
import type { Workload } from './workload.ts';

/** Where a workload says how it fares, in Prometheus' text format. */
export interface Metrics {
  /** The TCP port it is scraped at: not the service's own, which the edge shows to everybody. */
  readonly port: number;
  /** @default /metrics */
  readonly path?: string;
  /**
   * From what it is told how it answers: `fastApi()`, `expressPromBundle()`, `openTelemetry()`, `source({ … })`. Objectives, alerts
   * of errors and latency, and `targetRequestsPerMinute` need one.
   */
  readonly source?: MetricSource;
  /** What it tells of its own trade: `counter('shop_sales_total', 'Sales', ['store'])`. @default nothing */
  readonly declares?: readonly Metric[];
  /** The gauge of what waits, for `targetQueueLength`; every pod tells the same number. */
  readonly queueGauge?: string;
}

/** How often pods and hosts are asked, in seconds. */
export const SCRAPE_SECONDS = 30;

/** Over what rates are taken: four answers, so that one may be missed. */
export const RATE_WINDOW = `${(4 * SCRAPE_SECONDS) / 60}m`;

/** Lets Prometheus ask each pod of a workload, and opens the way there. */
export function scrape(workload: Workload, metrics: Metrics): void {
  const { port, path = '/metrics' } = metrics;
  const { called, namespace, labels } = PROMETHEUS;
  workload.network.allowFrom({ called, namespace, labels }, port);
  const metadata = workload.metadata();
  const lines = declaredBy(metrics).map(lineOf);
  const annotations = { ...metadata.annotations, ...(lines.length > 0 && { [DECLARED_METRICS]: lines.join('\n') }) };
  new KubeObject<PodMonitor>(
    workload,
    'pod-monitor',
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'PodMonitor', metadata: { ...metadata, annotations } },
    {
      spec: {
        // The series' `job` is the workload's name.
        jobLabel: INSTANCE,
        podMetricsEndpoints: [{ interval: `${SCRAPE_SECONDS}s`, path, port: METRICS }],
        selector: { matchLabels: workload.selector },
      },
    },
  );
}

/** Every series of its own that a service tells. */
export function declaredBy({ source, declares = [], queueGauge }: Metrics): readonly Metric[] {
  const named = [...(source?.metrics ?? []), ...declares];
  const known = named.some(({ name }) => name === queueGauge);
  return [...named, ...(queueGauge && !known ? [gauge(queueGauge, 'What waits')] : [])];
}

/** @throws where the port, a name or a metric is none */
export function checkMetrics(path: string, metrics: Metrics | undefined): void {
  if (metrics === undefined) return;
  closed(path, metrics, { port: true, path: true, source: true, declares: true, queueGauge: true }, 'metrics.');
  checkPort(path, 'metrics.port', metrics.port);
  if (metrics.path !== undefined && !metrics.path.startsWith('/'))
    throw new Error(`${path}: metrics.path is "${metrics.path}"; begin it with /`);
  const { source, queueGauge } = metrics;
  if (queueGauge !== undefined && !NAME_OF_METRIC.test(queueGauge))
    throw new Error(`${path}: metrics.queueGauge is "${queueGauge}"; give a metric's name alone`);
  if (source) checkSource(path, source);
  const names = new Set<string>();
  for (const metric of declaredBy(metrics)) {
    checkMetric(path, metric);
    if (names.has(metric.name))
      throw new Error(`${path}: the metric ${metric.name} is declared twice; give one of them another name`);
    names.add(metric.name);
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
