import type { ConfigMap, Secret, Service } from '../../../imports/kubernetes.ts';

/** What pods refer to, as the API server would hold it: ConfigMaps, Secrets and Services by namespace and name. */
export interface Objects {
  configMap(namespace: string, name: string): ConfigMap | undefined;
  secret(namespace: string, name: string): Secret | undefined;
  services(): readonly Service[];
  apply(object: Stored): void;
  remove(object: Stored): void;
}

export type Stored = ConfigMap | Secret | Service;

/** @param changed is called after each change */
export function createObjects(changed: (object: Stored) => void): Objects {
  const stored = new Map<string, Stored>();
  const key = (kind: string, namespace: string | undefined, name: string | undefined) => `${kind} ${namespace}/${name}`;
  const keyOf = ({ kind, metadata }: Stored) => key(kind, metadata.namespace, metadata.name);
  return {
    configMap: (namespace, name) => stored.get(key('ConfigMap', namespace, name)) as ConfigMap | undefined,
    secret: (namespace, name) => stored.get(key('Secret', namespace, name)) as Secret | undefined,
    services: () => [...stored.values()].filter(({ kind }) => kind === 'Service') as Service[],
    apply(object) {
      stored.set(keyOf(object), object);
      changed(object);
    },
    remove(object) {
      stored.delete(keyOf(object));
      changed(object);
    },
  };
}

/** The files of a ConfigMap or a Secret. */
export function dataOf(object: ConfigMap | Secret): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const encoded = object.kind === 'Secret' ? object.data : object.binaryData;
  const plain = object.kind === 'Secret' ? object.stringData : object.data;
  for (const [name, value] of Object.entries(encoded ?? {})) files.set(name, Buffer.from(String(value), 'base64'));
  for (const [name, value] of Object.entries(plain ?? {})) files.set(name, Buffer.from(value));
  return files;
}
