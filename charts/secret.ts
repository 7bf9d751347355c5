import { Construct } from 'constructs';
import type { ExternalSecret, SecretStore } from '../imports/custom.ts';
import type { EnvVar } from '../imports/kubernetes.ts';
import type { SecretStore as Driver } from './cluster.ts';
import { PLATFORM, WAVES } from './conventions.ts';
import { type EnvSource, reference } from './env.ts';
import { KubeObject } from './kube-object.ts';
import type { Layer } from './layer.ts';
import type { Workload } from './workload.ts';

/**
 * A secret of the system, by its path below the system in the cluster's store: `secret('jwt/hs256')` of zapora is
 * `zapora/jwt/hs256`. The value never passes through the repository.
 *
 * @throws where the path holds anything but letters, digits, `-`, `_`, `.` and `/`
 */
export function secret(path: string): SecretSource {
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(path) || /(^|\/)\.{1,2}(\/|$)/.test(path)) {
    throw new Error(`secret("${path}") is no path in a store; write it as in secret('jwt/hs256')`);
  }
  const request = (workload: Workload, key: string) =>
    WorkloadSecrets.of(workload).add(key, `${workload.system.name}/${path}`);
  const source = reference(`secret ${path}`, (workload: Workload, variable: string): Pick<EnvVar, 'valueFrom'> => {
    request(workload, variable);
    return { valueFrom: { secretKeyRef: { name: workload.name, key: variable } } };
  });
  return Object.assign(source, { request });
}

/** A secret as a variable (`env`) or as a file (`files`). */
export interface SecretSource extends EnvSource {
  /** Puts it into the workload's Secret under a key. */
  request(workload: Workload, key: string): void;
}

/** The one ExternalSecret of a workload: all secrets it reads, and no other. */
class WorkloadSecrets extends Construct {
  readonly #keys = new Map<string, string>();

  static of(workload: Workload): WorkloadSecrets {
    return (workload.node.tryFindChild('secrets') as WorkloadSecrets | undefined) ?? new WorkloadSecrets(workload);
  }

  private constructor(private readonly workload: Workload) {
    super(workload, 'secrets');
    const { secrets } = workload.system.site;
    new KubeObject<ExternalSecret>(
      this,
      'external-secret',
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: workload.metadata(),
      },
      () => ({
        spec: {
          data: [...this.#keys].sort().map(([secretKey, key]) => ({
            secretKey,
            // Defaults are written out: the API server adds them, and Argo CD would show what it added.
            remoteRef: {
              conversionStrategy: 'Default',
              decodingStrategy: 'None',
              ...remoteRef(secrets, key),
              metadataPolicy: 'None',
            },
          })),
          refreshInterval: '1h0m0s',
          refreshPolicy: 'Periodic',
          secretStoreRef: storeRef(secrets),
          // Deleting the ExternalSecret takes its Secret along; a key gone from the store leaves the last value: pods keep starting.
          target: {
            creationPolicy: 'Owner',
            deletionPolicy: 'Retain',
            name: workload.name,
            // Without it the Secret gets this object's annotations, Argo CD's own among them.
            template: {
              engineVersion: 'v2',
              mergePolicy: 'Replace',
              metadata: { labels: { ...workload.system.labels, ...workload.labels } },
              type: 'Opaque',
            },
          },
        },
      }),
    );
  }

  add(variable: string, key: string): void {
    const other = this.#keys.get(variable) ?? key;
    if (other !== key)
      throw new Error(
        `${this.workload.node.path}: ${variable} is the secret ${other} to one container and ${key} to another; give one of them another name`,
      );
    this.#keys.set(variable, key);
    if (this.workload.system.site.secrets.driver === 'fake') FakeStore.of(this.workload.layer).add(key);
  }
}

/** Vault keeps maps, so the last part of the path names the field; AWS keeps single values. */
export function remoteRef(store: Driver, key: string): { key: string; property?: string } {
  if (store.driver !== 'vault') return { key };
  const slash = key.lastIndexOf('/');
  return { key: key.slice(0, slash), property: key.slice(slash + 1) };
}

function storeRef(store: Driver): NonNullable<ExternalSecret['spec']>['secretStoreRef'] {
  return { kind: store.driver === 'fake' ? 'SecretStore' : 'ClusterSecretStore', name: PLATFORM.secretStore };
}

/** Where a cluster has no store: one of made-up values in the layer's namespace, with just the keys that are asked for. */
class FakeStore extends Construct {
  readonly #keys = new Set<string>();

  static of(layer: Layer): FakeStore {
    return (layer.node.tryFindChild('secret-store') as FakeStore | undefined) ?? new FakeStore(layer);
  }

  private constructor(layer: Layer) {
    super(layer, 'secret-store');
    new KubeObject<SecretStore>(
      this,
      'store',
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'SecretStore',
        metadata: { name: PLATFORM.secretStore, namespace: layer.namespace, annotations: WAVES.guards },
      },
      () => ({
        spec: {
          provider: {
            fake: { data: [...this.#keys].sort().map(key => ({ key, value: madeUp(key) })) },
          },
        },
      }),
    );
  }

  add(key: string): void {
    this.#keys.add(key);
  }
}

/** 26 bytes before the key, since some libraries refuse a short signing key; and nothing that an address with a password could not carry. */
function madeUp(key: string): string {
  return `made-up-for-local-use-only-${key.replaceAll(/[^A-Za-z0-9]/g, '-')}`;
}
