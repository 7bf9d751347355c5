import type { Cluster } from '../charts/index.ts';

/**
 * Clusters of the tests' own: what is tested on them is the vocabulary and the machinery, and holds whatever clusters the
 * fleet has.
 */
const EKS = {
  account: '444444444444',
  region: 'eu-north-1',
  kubernetes: '1.36',
  storage: {
    block: { name: 'gp3', provisioner: 'ebs.csi.aws.com', parameters: { encrypted: 'true', type: 'gp3' } },
    shared: {
      name: 'efs',
      provisioner: 'efs.csi.aws.com',
      parameters: { fileSystemId: 'fs-1', provisioningMode: 'efs-ap' },
    },
  },
  edge: { driver: 'nginx', ingressClass: 'nginx', namespace: 'nginx-ingress', operators: ['10.8.0.0/16'] },
  certificates: { issuer: 'letsencrypt', environment: 'staging', email: 'sre@example.org', hostedZone: 'Z0TEST' },
  secrets: { driver: 'aws', region: 'eu-north-1' },
  objectStores: { backups: { provider: 's3', bucket: 'test-backups', region: 'eu-north-1' } },
  network: { plugin: 'standard', apiServer: { addresses: ['10.20.0.0/16'], port: 443 } },
  nodePools: [{ name: 'general', maxNodes: 6, cores: 7.5, memoryGibibytes: 29, spot: false }],
} as const satisfies Partial<Cluster>;

export const staging: Cluster = {
  ...EKS,
  name: 'staging',
  tier: 'staging',
  ring: 'main',
  domain: 'staging.example.org',
};

/** Its secrets come from a Vault. */
export const development: Cluster = {
  ...EKS,
  name: 'development',
  tier: 'development',
  ring: 'main',
  domain: 'dev.example.org',
  secrets: { driver: 'vault', server: 'https://vault.example.org', mount: 'kv', role: 'external-secrets' },
};

/** Its account and minor are its own. */
export const production: Cluster = {
  ...EKS,
  name: 'production',
  tier: 'production',
  ring: 'ring-2',
  account: '555555555555',
  kubernetes: '1.35',
  domain: 'example.org',
};

/** Outside AWS, without a store or a public name. */
export const local: Cluster = {
  name: 'local',
  runsArgoCd: true,
  tier: 'development',
  region: 'local',
  ring: 'main',
  kubernetes: '1.36',
  domain: 'localhost',
  storage: { block: { name: 'standard' } },
  edge: { driver: 'nginx', ingressClass: 'nginx', namespace: 'nginx-ingress', operators: ['127.0.0.0/8'] },
  certificates: { issuer: 'self-signed' },
  secrets: { driver: 'fake' },
  objectStores: {},
  network: { plugin: 'standard', apiServer: { addresses: ['172.18.0.0/16'], port: 6443 } },
  nodePools: [{ name: 'kind', maxNodes: 1, cores: 4, memoryGibibytes: 8, spot: false }],
};
