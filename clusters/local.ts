import type { Cluster } from '../charts/cluster.ts';

/** kind on a laptop: no cloud account, made-up secrets, a certificate authority of its own, one of everything. */
export const local: Cluster = {
  name: 'local',
  tier: 'development',
  region: 'local',
  ring: 'main',
  kubernetes: '1.36',
  // RFC 6761: every name below localhost is this machine, without DNS.
  domain: 'localhost',
  storage: { block: { name: 'standard' } },
  edge: {
    driver: 'nginx',
    ingressClass: 'nginx',
    namespace: 'nginx-ingress',
    operators: ['127.0.0.0/8', '172.16.0.0/12'],
  },
  certificates: { issuer: 'self-signed' },
  secrets: { driver: 'fake' },
  objectStores: {},
  nodePools: [{ name: 'kind', maxNodes: 1, cores: 4, memoryGibibytes: 8, spot: false }],
};
