import { PROMETHEUS } from '../../charts/conventions.ts';
import { KubeObject, PLATFORM, READS_SECRETS, type System } from '../../charts/index.ts';
import type { ClusterSecretStore } from '../../imports/custom.ts';

/** The account that External Secrets runs as; the cloud or Vault grants it the right to read. */
const READER = { name: 'external-secrets', namespace: 'external-secrets' };

/** The store that the systems' secrets come from. A cluster of made-up secrets has none: each layer brings its own. */
export function secretStore(platform: System): void {
  const store = platform.site.secrets;
  if (store.driver === 'fake') return;
  new KubeObject<ClusterSecretStore>(
    platform,
    'secret-store',
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ClusterSecretStore',
      metadata: { name: PLATFORM.secretStore },
    },
    {
      spec: {
        // Monitoring by its name: its namespace is the add-ons', and carries no label of ours.
        conditions: [
          { namespaceSelector: { matchLabels: { [READS_SECRETS]: 'true' } } },
          { namespaces: [PROMETHEUS.namespace] },
        ],
        provider:
          store.driver === 'aws'
            ? { aws: { auth: { jwt: { serviceAccountRef: READER } }, region: store.region, service: 'SecretsManager' } }
            : {
                vault: {
                  auth: {
                    kubernetes: {
                      mountPath: 'kubernetes',
                      role: store.role,
                      serviceAccountRef: { ...READER, audiences: ['vault'] },
                    },
                  },
                  path: store.mount,
                  server: store.server,
                  version: 'v2',
                },
              },
      },
    },
  );
}
