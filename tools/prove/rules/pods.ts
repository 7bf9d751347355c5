import type { Container, PodSpec } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import { kindOf } from './kind.ts';
import type { Labels } from './selector.ts';

/** Where each kind that makes pods keeps the pod. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  'apps/v1/DaemonSet': ['spec', 'template'],
  'apps/v1/Deployment': ['spec', 'template'],
  'apps/v1/ReplicaSet': ['spec', 'template'],
  'apps/v1/StatefulSet': ['spec', 'template'],
  'batch/v1/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
  'batch/v1/Job': ['spec', 'template'],
  'v1/Pod': [],
  'v1/ReplicationController': ['spec', 'template'],
};

/** Every kind that makes pods. */
export const POD_KINDS: readonly string[] = Object.keys(TEMPLATES);

/** The kinds whose pods are to run for ever. */
export const LONG_RUNNING: readonly string[] = ['apps/v1/DaemonSet', 'apps/v1/Deployment', 'apps/v1/StatefulSet'];

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
    const steps = TEMPLATES[kindOf(manifest)];
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
