import type { Cluster, ObjectStore } from '../charts/cluster.ts';

/** Docker's private networks. */
const DOCKER = '172.16.0.0/12';

function laptop(bucket: string): ObjectStore {
  return {
    provider: 's3',
    bucket,
    region: 'us-east-1',
    endpoint: 'http://host.docker.internal:9000',
    addresses: [DOCKER],
  };
}

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
  runsArgoCd: true,
  secrets: { driver: 'fake' },
  // MinIO on the laptop, by the name that Docker gives the laptop.
  objectStores: {
    backups: laptop('backups'),
    images: laptop('images'),
    receipts: laptop('receipts'),
  },
  nodePools: [{ name: 'kind', maxNodes: 1, cores: 6, memoryGibibytes: 12, spot: false }],
  // kind's own plugin, and the address range of Docker's network.
  network: { plugin: 'standard', apiServer: { addresses: [DOCKER], port: 6443 } },
};
