import type { Cluster } from '../charts/cluster.ts';
import { COST_CENTER, OWNER } from '../charts/conventions.ts';
import type { LayerName, System } from '../charts/system.ts';

/** One unit as Argo CD must know it: what was rendered, not what was meant. */
export interface Synced {
  readonly cluster: Cluster;
  readonly system: string;
  readonly owner: string;
  readonly costCenter: string;
  readonly layers: readonly SyncedLayer[];
  /** Every kind that the unit is made of. */
  readonly kinds: readonly SyncedKind[];
}

export interface SyncedLayer {
  readonly name: LayerName;
  /** From the repository's root, e.g. `dist/staging/zapora/services`. */
  readonly folder: string;
  /** All that its objects stand in, the layer's own first. */
  readonly namespaces: readonly string[];
  /** Workloads whose number of pods an autoscaler decides. */
  readonly scaled: readonly Scaled[];
}

export interface Kind {
  readonly group: string;
  readonly kind: string;
}

export interface SyncedKind extends Kind {
  readonly namespaced: boolean;
}

interface Scaled extends Kind {
  readonly namespace: string;
  readonly name: string;
}

/** What of a rendered object is read here. */
export interface RenderedObject {
  readonly layer: string;
  readonly manifest: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly [field: string]: unknown;
  };
}

/** The facts of one unit, from its system and the objects that it was rendered to. */
export function syncedFrom(cluster: Cluster, system: System, objects: readonly RenderedObject[]): Synced {
  const layers = system.layers
    .map(layer => ({
      layer,
      own: objects.filter(object => object.layer === layer.name).map(({ manifest }) => manifest),
    }))
    // A layer without an object has no folder: an Application on it would never become healthy.
    .filter(({ own }) => own.length > 0)
    .map(({ layer: { name, namespace }, own }) => ({
      name,
      folder: `dist/${cluster.name}/${system.name}/${name}`,
      namespaces: [...new Set([namespace, ...own.flatMap(namespaceOf).sort()])],
      scaled: own.flatMap(scaledBy).sort((a, b) => compare(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`)),
    }));
  return {
    cluster,
    system: system.name,
    owner: system.labels[OWNER] ?? '',
    costCenter: system.labels[COST_CENTER] ?? '',
    layers,
    kinds: kindsOf(objects),
  };
}

type Manifest = RenderedObject['manifest'];

function namespaceOf({ kind, metadata }: Manifest): string[] {
  if (metadata.namespace !== undefined) return [metadata.namespace];
  return kind === 'Namespace' ? [metadata.name] : [];
}

function kindsOf(objects: readonly RenderedObject[]): SyncedKind[] {
  const kinds = new Map<string, SyncedKind>();
  for (const { manifest } of objects) {
    const { kind, metadata } = manifest;
    const group = groupOf(manifest.apiVersion);
    kinds.set(`${group}/${kind}`, { group, kind, namespaced: metadata.namespace !== undefined });
  }
  return [...kinds].sort(([a], [b]) => compare(a, b)).map(([, kind]) => kind);
}

/** The target of a HorizontalPodAutoscaler, or of the one that KEDA makes of a ScaledObject. */
function scaledBy({ apiVersion, kind, metadata, spec }: Manifest): Scaled[] {
  const scaler = `${groupOf(apiVersion)}/${kind}`;
  if (scaler !== 'autoscaling/HorizontalPodAutoscaler' && scaler !== 'keda.sh/ScaledObject') return [];
  const { scaleTargetRef } = spec as { scaleTargetRef: { apiVersion?: string; kind?: string; name: string } };
  // KEDA scales a Deployment where nothing else is said.
  const { apiVersion: target = 'apps/v1', kind: of = 'Deployment', name } = scaleTargetRef;
  return [{ group: groupOf(target), kind: of, namespace: metadata.namespace ?? '', name }];
}

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
