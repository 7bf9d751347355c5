import type { Secret } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import type { Cluster, ObjectRule, Problem } from '../rule.ts';
import { field } from './field.ts';
import { kindOf } from './kind.ts';

const STORES = ['external-secrets.io/v1/SecretStore', 'external-secrets.io/v1/ClusterSecretStore'];

/** How every PEM private key ends its first line, whatever its algorithm (RFC 7468). */
const PRIVATE_KEY = 'PRIVATE KEY-----';

export const noSecretData: ObjectRule = {
  name: 'no-secret-data',
  demands:
    'No secret stands in the repository: no Secret with data, no private key in a ConfigMap, no store of made-up values.',
  except: 'Made-up values are fine in tier development, where nothing is worth keeping.',
  kinds: ['v1/Secret', 'v1/ConfigMap', ...STORES],
  *check(manifest: Manifest, { tier }: Cluster): Iterable<Problem> {
    const kind = kindOf(manifest);
    if (kind === 'v1/Secret') {
      const { data, stringData } = manifest as unknown as Secret;
      for (const [name, list] of Object.entries({ data, stringData })) {
        for (const key in list)
          yield {
            given: `${field(name, key)} holds a value`,
            remedy: "put it into the store and refer to it with secret('…')",
          };
      }
    } else if (kind === 'v1/ConfigMap') {
      const data = manifest.data as Readonly<Record<string, string>> | undefined;
      for (const key in data) {
        if (data[key]!.includes(PRIVATE_KEY))
          yield {
            given: `${field('data', key)} holds a private key`,
            remedy: "put it into the store and refer to it with secret('…')",
          };
      }
    } else if (tier !== 'development') {
      const { provider } = manifest.spec as { provider?: { fake?: object } };
      if (provider?.fake) yield { given: `spec.provider.fake in tier ${tier}`, remedy: 'use the cluster’s real store' };
    }
  },
};
