import { createHash } from 'node:crypto';
import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { Problem, Unit } from '../rule.ts';
import { push } from '../rules/groups.ts';
import { viewOf } from '../rules/view.ts';
import { PROMETHEUS_RULE, type Rule, rulesOf } from './asked.ts';
import { catalogue } from './catalogue/index.ts';
import { type Metric, metricOf } from './metric.ts';

/** What the platform's constructs write on scrape objects: a line for each series of the service's own. */
export const DECLARED = 'drydock/metrics';

const MONITORING = 'monitoring.coreos.com/v1';
/** What Prometheus is told to ask. */
export const MONITOR_KINDS = [
  `${MONITORING}/PodMonitor`,
  `${MONITORING}/ServiceMonitor`,
  `${MONITORING}/Probe`,
] as const;

/** A series that Prometheus computes. */
export interface Recorded {
  readonly text: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Every series that somebody tells, by name: programs, the unit's own services, and rules of the unit's and the platform's. */
export class Metrics {
  /** What was found wrong with a question, by its text. */
  readonly verdicts = new Map<string, readonly Problem[]>();
  /** Labels of series, once they were looked for. */
  readonly labels = new Map<string, ReadonlySet<string> | undefined>();
  readonly #told = new Map<string, Metric[]>();
  readonly #recorded = new Map<string, Recorded[]>();
  readonly #families: Metric[] = [];

  constructor(told: Iterable<Metric>, recorded: Iterable<readonly [string, Recorded]>) {
    for (const metric of told) {
      if (metric.name.endsWith('*')) this.#families.push(metric);
      else push(this.#told, metric.name, metric);
    }
    for (const [name, each] of recorded) push(this.#recorded, name, each);
  }

  recorded(name: string): readonly Recorded[] {
    return this.#recorded.get(name) ?? [];
  }

  /** Who tells a series, by its name in PromQL: a histogram's has `_bucket`, `_count` or `_sum`. */
  told(name: string): readonly Metric[] {
    const [, base, suffix] = /^(.+)_(bucket|count|sum)$/.exec(name) ?? [];
    const parts = base === undefined ? [] : (this.#told.get(base) ?? []).filter(({ type }) => hasPart(type, suffix!));
    const whole = (this.#told.get(name) ?? []).filter(({ type }) => type !== 'histogram');
    const found = [...whole, ...parts];
    return found.length > 0 ? found : this.#families.filter(family => name.startsWith(family.name.slice(0, -1)));
  }

  /** The name is a histogram's own, which no series has. */
  isBare(name: string): boolean {
    return this.#told.get(name)?.some(({ type }) => type === 'histogram') ?? false;
  }

  *names(): Iterable<string> {
    yield* this.#recorded.keys();
    for (const [name, [first]] of this.#told) {
      if (first!.type !== 'histogram') yield name;
      if (first!.type === 'histogram') yield `${name}_bucket`;
      if (first!.type === 'histogram' || first!.type === 'summary') yield* [`${name}_count`, `${name}_sum`];
    }
  }
}

function hasPart(type: Metric['type'], suffix: string): boolean {
  return type === 'histogram' || (type === 'summary' && suffix !== 'bucket');
}

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

/** What the rules of a unit compute, by name: the platform's are every unit's. */
export function recordedIn({ objects }: Pick<Unit, 'objects'>): [string, Recorded][] {
  return objects
    .filter(({ manifest }) => kindOf(manifest) === PROMETHEUS_RULE)
    .flatMap(({ manifest }) => rulesOf(manifest).filter(({ record }) => record !== undefined))
    .map(({ record, expr, labels = {} }: Rule) => [record!, { text: String(expr ?? ''), labels }]);
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
