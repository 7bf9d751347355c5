import type { Ring } from '../charts/cluster.ts';
import { SOURCE } from '../charts/conventions.ts';

/** Where this repository lives, as Argo CD fetches it. */
export const REPOSITORY = `${SOURCE}.git`;

/** The Kubernetes minor of the cluster that Argo CD itself runs in. */
export const ARGO_KUBERNETES = '1.35';

/** Where Argo CD and all of its objects live. */
export const NAMESPACE = 'argocd';

/** In the order in which a change passes through them. */
export const RINGS: readonly Ring[] = ['main', 'ring-1', 'ring-2'];

/** Fully qualified: a tag of the same name would win otherwise, and Argo CD finds it without asking for every ref. */
export function refOf(ring: Ring): string {
  return `refs/heads/${ring}`;
}
