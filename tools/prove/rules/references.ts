import type { Rendered } from '../../render/manifest.ts';

/** One object naming another. */
export interface Reference {
  /** Where it says so. */
  readonly at: string;
  /** What it names, as `v1/ConfigMap`. */
  readonly kind: string;
  readonly name: string;
  /** Left out for what belongs to the whole cluster. */
  readonly namespace: string | undefined;
  /** The key within a ConfigMap or Secret, where one is named. */
  readonly key: string | undefined;
}

/** What one object names. */
export class Found {
  readonly references: Reference[] = [];
  readonly #namespace: string | undefined;

  constructor({ manifest }: Rendered) {
    this.#namespace = manifest.metadata.namespace;
  }

  /** Something of the object's own namespace. */
  here(at: string, kind: string, name: string, key?: string): void {
    this.references.push({ at, kind, name, namespace: this.#namespace, key });
  }

  /** Something of the whole cluster. */
  wide(at: string, kind: string, name: string): void {
    this.references.push({ at, kind, name, namespace: undefined, key: undefined });
  }

  in(namespace: string, at: string, kind: string, name: string): void {
    this.references.push({ at, kind, name, namespace, key: undefined });
  }
}

export const CONFIG_MAP = 'v1/ConfigMap';
export const SECRET = 'v1/Secret';
export const SERVICE_ACCOUNT = 'v1/ServiceAccount';
export const STORAGE_CLASS = 'storage.k8s.io/v1/StorageClass';
