import { expect, test } from 'vitest';
import { api, broken, type Objects } from './broken.ts';

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
    'a password in an argument',
    it => {
      api(it).args = ['serve', '--db-password=hunter2', '--token', 'abc'];
    },
    [
      "no-secret-data: Deployment.api: spec.template.spec.containers[0].args[1] holds a literal db-password; write $(NAME) in its place and give that variable secret('…')",
      "no-secret-data: Deployment.api: spec.template.spec.containers[0].args[2] holds a literal token; write $(NAME) in its place and give that variable secret('…')",
    ],
  ],
  [
    'a password in a line for a shell',
    it => {
      api(it).command = ['sh', '-c', 'export PGPASSWORD=hunter2; exec psql postgres://shop:hunter2@db.example.net'];
    },
    [
      "no-secret-data: Deployment.api: spec.template.spec.containers[0].command[2] holds an address with a password; write $(NAME) in its place and give that variable secret('…')",
      "no-secret-data: Deployment.api: spec.template.spec.containers[0].command[2] holds a literal PGPASSWORD; write $(NAME) in its place and give that variable secret('…')",
    ],
  ],
  [
    'a password in a ConfigMap’s text',
    it => {
      it['ConfigMap api'].data['redis.conf'] = 'maxmemory 1gb\nrequirepass hunter2\n';
    },
    [
      'no-secret-data: ConfigMap.api: data["redis.conf"] holds a literal requirepass; let the program read it from a variable or a file of its own, and fill that with secret(\'…\')',
    ],
  ],
  [
    'a password under a short name in a ConfigMap’s text',
    it => {
      it['ConfigMap api'].data['mail.yaml'] = 'user: shop\npass: hunter2\n';
    },
    [
      'no-secret-data: ConfigMap.api: data["mail.yaml"] holds a literal pass; let the program read it from a variable or a file of its own, and fill that with secret(\'…\')',
    ],
  ],
  [
    'two makers of one Secret',
    it => {
      const { metadata } = it['ExternalSecret api'];
      it.second = structuredClone(it['ExternalSecret api']);
      it.second.metadata = { ...metadata, name: 'second' };
      it.certificate = {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { ...metadata, name: 'api-tls' },
        spec: {
          secretName: 'api-tls',
          dnsNames: ['a.example.com'],
          issuerRef: { kind: 'ClusterIssuer', name: 'default' },
        },
      };
    },
    [
      'one-secret-maker: ExternalSecret.second: Secret shop/api is also made by ExternalSecret api; give each a Secret of its own, or keep one of them',
      'one-secret-maker: Ingress.api: Secret shop/api-tls is also made by Certificate api-tls; give each a Secret of its own, or keep one of them',
    ],
  ],
  [
    'a Secret that one makes and another adds to',
    it => {
      it.second = structuredClone(it['ExternalSecret api']);
      it.second.metadata.name = 'second';
      it.second.spec.target.creationPolicy = 'Merge';
      it.second.spec.data[0].secretKey = 'TOKEN';
      api(it).env.push({ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'api', key: 'TOKEN' } } });
    },
    [],
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
