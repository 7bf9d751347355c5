import type { LabelSelector } from '../../../imports/kubernetes.ts';
import { kindOf, type Rendered } from '../../render/manifest.ts';
import { push } from '../groups.ts';
import type { Unit } from '../rule.ts';
import { type Pod, podOf } from './pods.ts';
import { SCALERS, type Scaler } from './scalers.ts';
import { matches } from './selector.ts';
import { WORKLOAD_KINDS, type WorkloadKind } from './workload-kinds.ts';

/** An object that makes pods. */
export interface Workload {
  readonly object: Rendered;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly pod: Pod;
  /** What all workloads of its kind have in common. */
  readonly traits: WorkloadKind;
}

/** A unit's objects by what the laws ask for, sorted once for all of them. */
export class View {
  readonly workloads: Workload[] = [];
  readonly scalers: Scaler[] = [];
  /** Names of the unit's own namespaces. */
  readonly namespaces = new Set<string>();
  readonly #byKind = new Map<string, Rendered[]>();
  readonly #workloadsIn = new Map<string, Workload[]>();
  readonly #scalersOf = new Map<string, Scaler[]>();

  constructor(readonly unit: Unit) {
    for (const object of unit.objects) push(this.#byKind, kindOf(object.manifest), object);
    for (const { manifest } of this.of('v1/Namespace')) this.namespaces.add(manifest.metadata.name);
    for (const kind in WORKLOAD_KINDS)
      for (const object of this.of(kind)) this.#addWorkload(object, WORKLOAD_KINDS[kind]!);
    for (const kind in SCALERS) for (const object of this.of(kind)) this.#addScaler(SCALERS[kind]!(object));
  }

  #addWorkload(object: Rendered, traits: WorkloadKind): void {
    const { kind, metadata } = object.manifest;
    const { namespace = '', name } = metadata;
    const workload = { object, kind, namespace, name, pod: podOf(object.manifest)!, traits };
    this.workloads.push(workload);
    push(this.#workloadsIn, namespace, workload);
  }

  #addScaler(scaler: Scaler): void {
    const { target, namespace } = scaler;
    this.scalers.push(scaler);
    push(this.#scalersOf, `${target.kind} ${namespace}/${target.name}`, scaler);
  }

  /** All objects of a kind such as `v1/Service`. */
  of(kind: string): readonly Rendered[] {
    return this.#byKind.get(kind) ?? [];
  }

  find(kind: string, namespace: string | undefined, name: string): Rendered | undefined {
    return this.of(kind).find(
      ({ manifest: { metadata } }) => metadata.name === name && metadata.namespace === namespace,
    );
  }

  /** Whether a cluster-wide name is the unit's own or the platform's. */
  knows(kind: string, name: string): boolean {
    return (
      this.unit.platform.has(`${kind.slice(kind.lastIndexOf('/') + 1)} ${name}`) ||
      this.find(kind, undefined, name) !== undefined
    );
  }

  workloadsIn(namespace: string): readonly Workload[] {
    return this.#workloadsIn.get(namespace) ?? [];
  }

  /** The workloads of a namespace whose pods a selector matches. */
  select(namespace: string, selector: LabelSelector): readonly Workload[] {
    return this.workloadsIn(namespace).filter(({ kind, pod }) => matches(selector, pod.labels, kind === 'StatefulSet'));
  }

  scalersOf({ kind, namespace, name }: Workload): readonly Scaler[] {
    return this.#scalersOf.get(`${kind} ${namespace}/${name}`) ?? [];
  }

  /** The least and the most pods that a workload is asked to keep. */
  replicas(workload: Workload): { readonly min: number; readonly max: number } {
    const [scaler] = this.scalersOf(workload);
    if (scaler) return scaler;
    const { replicas = 1 } = (workload.object.manifest.spec ?? {}) as { readonly replicas?: number };
    return { min: replicas, max: replicas };
  }
}

let last: View | undefined;

/** The view of a unit. The laws ask for the same one in turn, so the last is kept, and no unit longer than that. */
export function viewOf(unit: Unit): View {
  if (last?.unit !== unit) last = new View(unit);
  return last;
}
