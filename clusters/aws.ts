import type { Cluster, Tier } from '../charts/cluster.ts';

/** What differs between the accounts of the tiers. Every value is yours to change: see docs/make-it-yours.md. */
const ACCOUNTS: Record<Tier, { account: string; domain: string; hostedZone: string; operators: readonly string[] }> = {
  development: {
    account: '111111111111',
    domain: 'dev.example.com',
    hostedZone: 'Z0DEVELOPMENT',
    operators: ['10.8.0.0/16'],
  },
  staging: {
    account: '222222222222',
    domain: 'staging.example.com',
    hostedZone: 'Z0STAGING',
    operators: ['10.8.0.0/16'],
  },
  production: {
    account: '333333333333',
    domain: 'example.com',
    hostedZone: 'Z0PRODUCTION',
    operators: ['10.9.0.0/16'],
  },
};

type Shared = Pick<
  Cluster,
  | 'account'
  | 'tier'
  | 'region'
  | 'domain'
  | 'storage'
  | 'edge'
  | 'certificates'
  | 'secrets'
  | 'objectStores'
  | 'nodePools'
>;

/** What every EKS cluster of ours has in common; a cluster's own file says what is its own. */
export function aws({ tier, region }: { readonly tier: Tier; readonly region: string }): Shared {
  const { account, domain, hostedZone, operators } = ACCOUNTS[tier];
  const production = tier === 'production';
  return {
    account,
    tier,
    region,
    domain,
    storage: {
      block: { name: 'gp3', provisioner: 'ebs.csi.aws.com', parameters: { encrypted: 'true', type: 'gp3' } },
      shared: {
        name: 'efs',
        provisioner: 'efs.csi.aws.com',
        parameters: { fileSystemId: `fs-${region}`, provisioningMode: 'efs-ap' },
      },
    },
    edge: { driver: 'nginx', ingressClass: 'nginx', namespace: 'nginx-ingress', operators },
    certificates: {
      issuer: 'letsencrypt',
      // Let's Encrypt's staging environment has no rate limit that a busy development cluster could use up.
      environment: production ? 'production' : 'staging',
      email: 'platform@example.com',
      hostedZone,
    },
    secrets: { driver: 'aws', region },
    objectStores: { backups: { provider: 's3', bucket: `${account}-${region}-backups`, region } },
    nodePools: [
      { name: 'general', maxNodes: production ? 24 : 6, cores: 7.5, memoryGibibytes: 29, spot: false },
      { name: 'spot', maxNodes: production ? 24 : 6, cores: 7.5, memoryGibibytes: 29, spot: true },
    ],
  };
}
