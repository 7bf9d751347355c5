import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a Secret with data',
    it => {
      it.secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { ...it['Service api'].metadata, name: 'plain' },
        stringData: { password: 'hunter2' },
      };
    },
    [
      "no-secret-data: Secret.plain: stringData.password holds a value; put it into the store and refer to it with secret('…')",
    ],
  ],
  [
    'a private key in a ConfigMap',
    it => {
      it['ConfigMap api'].data['server.pem'] = '-----BEGIN RSA PRIVATE KEY-----\n…';
    },
    [
      'no-secret-data: ConfigMap.api: data["server.pem"] holds a private key; put it into the store and refer to it with secret(\'…\')',
    ],
  ],
  [
    'made-up values in production',
    it => {
      it.store = {
        apiVersion: 'external-secrets.io/v1',
        kind: 'SecretStore',
        metadata: { ...it['Service api'].metadata, name: 'default' },
        spec: { provider: { fake: { data: [] } } },
      };
    },
    ['no-secret-data: SecretStore.default: spec.provider.fake in tier production; use the cluster’s real store'],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
