import type { ObjectMeta, PodSpec } from '../../../imports/kubernetes.ts';

/** A Pod as it can be run: it has a name, a namespace and a specification. */
export interface PodManifest {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: ObjectMeta & { readonly name: string; readonly namespace: string };
  readonly spec: PodSpec;
}
