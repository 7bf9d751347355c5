/** A Kubernetes object as plain data: what a render ends with and everything after it reads. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** One rendered object with its origin and its place. */
export interface Rendered {
  /** Path of the construct that made it, e.g. `zapora/api/deployment`. */
  readonly construct: string;
  /** Path of its file below `dist/`, e.g. `staging/zapora/services/zapora/Deployment.api.yaml`. */
  readonly file: string;
  /** The layer of its unit that carries it, e.g. `services`. */
  readonly layer: string;
  readonly manifest: Manifest;
}

/** `apps/v1/Deployment`, `v1/Service`: the key of a kind in `imports/`. */
export function kindOf(manifest: { apiVersion: string; kind: string }): string {
  return `${manifest.apiVersion}/${manifest.kind}`;
}

/** The API group, '' for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** What the API server takes for identity: one cluster holds one object of a group, kind, namespace and name. */
export function identityOf(manifest: Manifest): string {
  const { namespace, name } = manifest.metadata;
  return `${groupOf(manifest.apiVersion)}/${manifest.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
