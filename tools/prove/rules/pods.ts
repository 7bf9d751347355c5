import type { Container, PodSpec } from '../../../imports/kubernetes.ts';
import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { Labels } from './selector.ts';
import { WORKLOAD_KINDS } from './workload-kinds.ts';

/** The pod that an object makes, and where it stands in the object. */
export interface Pod {
  /** Path of the template: `spec.template`; '' in a bare Pod. */
  readonly at: string;
  /** Path of the pod's spec. */
  readonly specAt: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: PodSpec;
  /** Init, ordinary and ephemeral containers, in this order. */
  readonly containers: readonly PodContainer[];
}

export interface PodContainer {
  readonly at: string;
  readonly is: 'init' | 'container' | 'ephemeral';
  readonly container: Container;
}

let last: { readonly manifest: Manifest; readonly pod: Pod | undefined } | undefined;

/** The pod that an object makes; none for kinds that make no pods. The laws ask for the same one in turn, so the last is kept. */
export function podOf(manifest: Manifest): Pod | undefined {
  if (last?.manifest !== manifest) {
    const steps = WORKLOAD_KINDS[kindOf(manifest)]?.template;
    last = { manifest, pod: steps && read(manifest, steps) };
  }
  return last.pod;
}

interface Template {
  readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels };
  readonly spec: PodSpec;
}

function read(manifest: Manifest, steps: readonly string[]): Pod {
  let value: unknown = manifest;
  for (const step of steps) value = (value as Record<string, unknown> | undefined)?.[step];
  const { metadata, spec = { containers: [] } } = (value ?? {}) as Partial<Template>;
  const at = steps.join('.');
  const specAt = at === '' ? 'spec' : `${at}.spec`;
  const placed = (list: readonly unknown[] | undefined, name: string, is: PodContainer['is']) =>
    (list ?? []).map((container, index) => ({
      at: `${specAt}.${name}[${index}]`,
      is,
      container: container as Container,
    }));
  return {
    at,
    specAt,
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
    spec,
    containers: [
      ...placed(spec.initContainers, 'initContainers', 'init'),
      ...placed(spec.containers, 'containers', 'container'),
      ...placed(spec.ephemeralContainers, 'ephemeralContainers', 'ephemeral'),
    ],
  };
}

/** An init container that stays for the life of the pod (KEP-753). */
export function isSidecar({ is, container }: PodContainer): boolean {
  return is === 'init' && container.restartPolicy === 'Always';
}
