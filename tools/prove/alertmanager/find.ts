import type { Manifest } from '../../render/manifest.ts';
import type { Labels } from './matcher.ts';

/** The key of Alertmanager's Secret under which the operator looks for its configuration. */
export const CONFIG_KEY = 'alertmanager.yaml';

const OF_A_NAMESPACE = 'ExternalSecret';
const OF_ALL = 'ClusterExternalSecret';

/** The text of Alertmanager's configuration, where an object makes the Secret of it; as External Secrets gets it. */
export function configIn({ apiVersion, kind, spec }: Manifest): string | undefined {
  if (!apiVersion.startsWith('external-secrets.io/') || (kind !== OF_A_NAMESPACE && kind !== OF_ALL)) return undefined;
  const secret = (kind === OF_ALL ? (spec as Wide).externalSecretSpec : spec) as Secret | undefined;
  return secret?.target?.template?.data?.[CONFIG_KEY];
}

interface Secret {
  readonly target?: { readonly template?: { readonly data?: Readonly<Record<string, string>> } };
}

interface Wide {
  readonly externalSecretSpec?: Secret;
}

export interface Alert {
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly expr: string;
  /** As Prometheus writes a time; none where it fires at once. */
  readonly for?: string;
}

/** The alerts of a PrometheusRule, each with the labels that it will have for certain. */
export function alertsIn({ kind, spec }: Manifest): Alert[] {
  if (kind !== 'PrometheusRule') return [];
  const { groups = [] } = (spec ?? {}) as { groups?: readonly { readonly rules?: readonly Rule[] }[] };
  return groups
    .flatMap(({ rules = [] }) => rules)
    .flatMap(({ alert, labels = {}, annotations = {}, ...rest }) =>
      alert === undefined ? [] : [{ ...rest, name: alert, labels: { ...labels, alertname: alert }, annotations }],
    );
}

interface Rule extends Partial<Pick<Alert, 'labels' | 'annotations' | 'for'>> {
  readonly alert?: string;
  readonly expr: string;
}
