import { kindOf, type Manifest } from '../../render/manifest.ts';

export const PROMETHEUS_RULE = 'monitoring.coreos.com/v1/PrometheusRule';
export const SCALED_OBJECT = 'keda.sh/v1alpha1/ScaledObject';
/** Where PromQL stands. */
export const ASKING_KINDS = [PROMETHEUS_RULE, SCALED_OBJECT, 'v1/ConfigMap'] as const;

/** A rule of a PrometheusRule. */
export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr?: string | number;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Something that Prometheus is asked. */
export interface Asked {
  /** As findings call it: `the alert PostgresDown`. */
  readonly by: string;
  readonly text: string;
}

export function rulesOf(manifest: Manifest): readonly Rule[] {
  const { groups = [] } = (manifest.spec ?? {}) as { groups?: readonly { readonly rules?: readonly Rule[] }[] };
  return groups.flatMap(({ rules = [] }) => rules);
}

export function alertsOf(manifest: Manifest): readonly (Rule & { readonly alert: string })[] {
  return rulesOf(manifest).filter((rule): rule is Rule & { alert: string } => rule.alert !== undefined);
}

const known = new WeakMap<Manifest, readonly Asked[]>();

/** All PromQL of an object, with Grafana's variables put in. */
export function askedBy(manifest: Manifest): readonly Asked[] {
  let asked = known.get(manifest);
  if (asked === undefined) {
    asked = [...find(manifest)];
    known.set(manifest, asked);
  }
  return asked;
}

function* find(manifest: Manifest): Iterable<Asked> {
  const kind = kindOf(manifest);
  if (kind === PROMETHEUS_RULE) {
    for (const { alert, record, expr } of rulesOf(manifest))
      yield { by: alert === undefined ? `the series ${record}` : `the alert ${alert}`, text: String(expr ?? '') };
  } else if (kind === SCALED_OBJECT) {
    const { triggers = [] } = (manifest.spec ?? {}) as { triggers?: readonly Trigger[] };
    for (const [index, { type, metadata }] of triggers.entries())
      if (type === 'prometheus' && metadata?.query) yield { by: `spec.triggers[${index}]`, text: metadata.query };
  } else {
    for (const [file, dashboard] of dashboardsOf(manifest))
      for (const panel of panelsOf(dashboard ?? {})) yield* askedByPanel(panel, file);
  }
}

/** The dashboards of an object by their file, each as Grafana reads it; nothing where it is no JSON object. */
export function dashboardsOf({ metadata, data = {} }: Manifest): [file: string, dashboard: Dashboard | undefined][] {
  if (metadata.labels?.grafana_dashboard !== '1') return [];
  return Object.entries(data as Record<string, unknown>).map(([file, text]) => [file, parsed(String(text))]);
}

interface Trigger {
  readonly type?: string;
  readonly metadata?: { readonly query?: string };
}

interface Panel {
  readonly title?: string;
  readonly datasource?: { readonly type?: string };
  readonly targets?: readonly { readonly expr?: string; readonly datasource?: { readonly type?: string } }[];
  readonly panels?: readonly Panel[];
}

interface Dashboard {
  readonly panels?: readonly Panel[];
}

function parsed(text: string): Dashboard | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A folded row holds its panels itself. */
function panelsOf({ panels }: Dashboard): Panel[] {
  return Array.isArray(panels) ? panels.flatMap((panel: Panel) => [panel, ...panelsOf(panel)]) : [];
}

function* askedByPanel({ title = '', datasource, targets = [] }: Panel, file: string): Iterable<Asked> {
  for (const target of targets) {
    const { type = 'prometheus' } = target.datasource ?? datasource ?? {};
    if (type === 'prometheus' && target.expr) yield { by: `${file}: "${title}"`, text: withVariables(target.expr) };
  }
}

/** A variable of the dashboard's own stands for any text. */
export const VARIABLE = '__variable__';

/** A query as Grafana sends it: its own times put in, and one word for each variable (grafana.com/docs/grafana, "Variables"). */
export function withVariables(expr: string): string {
  return expr
    .replace(/\$\{?__(?:rate_interval|interval|range)\b\}?/g, '5m')
    .replace(/\$\{?__(?:range|interval|rate_interval)_m?s\b\}?/g, '300')
    .replace(/\$\{[A-Za-z_][\w.]*(?::\w+)?\}|\$[A-Za-z_]\w*|\[\[\w+(?::\w+)?\]\]/g, VARIABLE);
}
