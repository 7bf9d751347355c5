import { NAMESPACE_NAME, PROMETHEUS } from '../../charts/conventions.ts';
import { KubeObject, PLATFORM, type System } from '../../charts/index.ts';
import { remoteRef } from '../../charts/secret.ts';
import type { ClusterExternalSecret, ClusterSecretStore } from '../../imports/custom.ts';

interface MonitoringSecret {
  /** What of the store it holds: under which key, and the path there, below `platform/`. */
  readonly secrets: readonly { readonly key: string; readonly path: string }[];
  /** The value of each of them on a cluster of made-up secrets. */
  readonly madeUp: string;
  /** More keys, as templates of External Secrets. @default none */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * A Secret in the namespace of the monitoring add-ons, which need it and cannot bring it. That namespace is theirs and comes
 * after the platform unit, so nothing is rendered into it: the ClusterExternalSecret stands in none, is healthy without it,
 * and fills it once it is there.
 */
export function monitoringSecret(
  platform: System,
  name: string,
  { secrets, madeUp, files = {} }: MonitoringSecret,
): void {
  const store = platform.site.secrets;
  const labels = platform.labels;
  // The systems' made-up values stand in their own namespaces; these have a store of their own.
  const storeName = store.driver === 'fake' ? name : PLATFORM.secretStore;
  const keyOf = (path: string) => `${platform.name}/${path}`;
  if (store.driver === 'fake') {
    const data = secrets.map(({ path }) => ({ key: keyOf(path), value: madeUp }));
    new KubeObject<ClusterSecretStore>(
      platform,
      `${name}-store`,
      { apiVersion: 'external-secrets.io/v1', kind: 'ClusterSecretStore', metadata: { name: storeName } },
      { spec: { conditions: [{ namespaces: [PROMETHEUS.namespace] }], provider: { fake: { data } } } },
    );
  }
  new KubeObject<ClusterExternalSecret>(
    platform,
    name,
    { apiVersion: 'external-secrets.io/v1', kind: 'ClusterExternalSecret', metadata: { name } },
    {
      spec: {
        namespaceSelectors: [{ matchLabels: { [NAMESPACE_NAME]: PROMETHEUS.namespace } }],
        externalSecretMetadata: { labels },
        externalSecretSpec: {
          data: secrets.map(({ key, path }) => ({
            secretKey: key,
            // Defaults are written out: the API server adds them, and Argo CD would show what it added.
            remoteRef: {
              conversionStrategy: 'Default',
              decodingStrategy: 'None',
              ...remoteRef(store, keyOf(path)),
              metadataPolicy: 'None',
            },
          })),
          refreshInterval: '1h0m0s',
          refreshPolicy: 'Periodic',
          secretStoreRef: { kind: 'ClusterSecretStore', name: storeName },
          target: {
            creationPolicy: 'Owner',
            deletionPolicy: 'Retain',
            name,
            // `Replace` would leave out the secrets themselves, which are files too.
            template: { data: files, engineVersion: 'v2', mergePolicy: 'Merge', metadata: { labels }, type: 'Opaque' },
          },
        },
      },
    },
  );
}
