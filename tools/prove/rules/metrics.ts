import { createHash } from 'node:crypto';
import type { Manifest } from '../../render/manifest.ts';
import { catalogue } from '../promql/catalogue/index.ts';
import { type Metric, metricOf } from '../promql/metric.ts';
import { Metrics, recordedIn } from '../promql/metrics.ts';
import type { Unit } from '../rule.ts';
import { viewOf } from './view.ts';

/** What the platform's constructs write on scrape objects: a line for each series of the service's own. */
export const DECLARED = 'drydock/metrics';

const MONITORING = 'monitoring.coreos.com/v1';
/** What Prometheus is told to ask. */
export const MONITOR_KINDS = [
  `${MONITORING}/PodMonitor`,
  `${MONITORING}/ServiceMonitor`,
  `${MONITORING}/Probe`,
] as const;

let last: { readonly unit: Unit; readonly metrics: Metrics } | undefined;
/** A system's series are the same in most clusters, and what was found out about them is, too. */
const known = new Map<string, Metrics>();

/** What a unit's questions may name. The laws ask in turn, so the last is kept. */
export function metricsOf(unit: Unit): Metrics {
  if (last?.unit !== unit) {
    const declared = declaredIn(unit);
    const recorded = [...recordedIn(unit), ...(unit.recorded ?? [])];
    const key = createHash('sha256')
      .update(JSON.stringify([declared, recorded]))
      .digest('base64');
    const metrics = known.get(key) ?? new Metrics([...catalogue(), ...declared], recorded);
    known.set(key, metrics);
    last = { unit, metrics };
  }
  return last!.metrics;
}

function declaredIn(unit: Unit): Metric[] {
  return MONITOR_KINDS.flatMap(kind =>
    viewOf(unit)
      .of(kind)
      .flatMap(({ manifest }) => {
        const lines = declarationsOf(manifest).flatMap(line => metricOf(line) ?? []);
        if (lines.length === 0) return [];
        const job = jobOf(unit, manifest);
        const more = labelsOf(manifest);
        return lines.map(metric => ({ ...metric, ...(job && { job }), labels: [...metric.labels, ...more] }));
      }),
  );
}

/** The lines of a scrape object that declare a series each. */
export function declarationsOf({ metadata }: Manifest): string[] {
  return (metadata.annotations?.[DECLARED] ?? '').split('\n').filter(line => line.trim() !== '');
}

interface MonitorSpec {
  readonly jobLabel?: string;
  readonly jobName?: string;
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly podTargetLabels?: readonly string[];
  readonly targetLabels?: readonly string[];
  readonly targets?: { readonly staticConfig?: { readonly labels?: Readonly<Record<string, string>> } };
  readonly endpoints?: readonly Endpoint[];
  readonly podMetricsEndpoints?: readonly Endpoint[];
  readonly metricRelabelings?: readonly Relabeling[];
}
interface Endpoint {
  readonly relabelings?: readonly Relabeling[];
  readonly metricRelabelings?: readonly Relabeling[];
}
interface Relabeling {
  readonly targetLabel?: string;
}

/** Labels that a scrape object adds to whatever it finds. */
function labelsOf({ spec = {} }: Manifest): string[] {
  const {
    podTargetLabels = [],
    targetLabels = [],
    targets,
    endpoints,
    podMetricsEndpoints,
    metricRelabelings = [],
  } = spec as MonitorSpec;
  const relabelings = [...(endpoints ?? []), ...(podMetricsEndpoints ?? [])].flatMap(each => [
    ...(each.relabelings ?? []),
    ...(each.metricRelabelings ?? []),
  ]);
  return [
    ...[...podTargetLabels, ...targetLabels].map(label => label.replace(/\W/g, '_')),
    ...Object.keys(targets?.staticConfig?.labels ?? {}),
    ...[...relabelings, ...metricRelabelings].flatMap(({ targetLabel }) => targetLabel ?? []),
  ];
}

/** The series' `job`, where the objects say it (prometheus-operator.dev/docs/api-reference, jobLabel). */
function jobOf(unit: Unit, { kind, metadata, spec = {} }: Manifest): string | undefined {
  const { jobLabel, jobName, selector } = spec as MonitorSpec;
  if (kind === 'Probe') return jobName;
  if (jobLabel === undefined || selector === undefined) return undefined;
  const [workload] = viewOf(unit).select(metadata.namespace ?? '', selector);
  return kind === 'PodMonitor' ? workload?.pod.labels[jobLabel] : selector.matchLabels?.[jobLabel];
}
