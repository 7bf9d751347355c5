import type { Cluster, Tier, WorkingHours } from '../charts/cluster.ts';

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

/** Cloudflare's endpoint of our account. */
const R2 = 'https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com';

/** Cloudflare's identifier of the production zone. */
const CDN_ZONE = '023e105f4ecef8ad9ca31a8372d0c353';

/** The private addresses of our VPCs, where EKS puts the API server's network interfaces. */
const VPC = '10.0.0.0/8';

/** Where the second and the third copy of a region's backups go: to other clouds, and never out of its legal area. */
const ABROAD: Readonly<Record<string, { area: string; azure: string; google: string }>> = {
  us: { area: 'us', azure: 'eastus2', google: 'us-central1' },
  eu: { area: 'eu', azure: 'westeurope', google: 'europe-west3' },
  ap: { area: 'ap', azure: 'southeastasia', google: 'asia-southeast1' },
};

/** Environments without customers rest at night and at the weekend. */
const OFFICE: WorkingHours = { timeZone: 'America/New_York', days: '1-5', from: 7, to: 20 };

type Shared = Omit<Cluster, 'name' | 'ring' | 'kubernetes'>;

/** What every EKS cluster of ours has in common; a cluster's own file says what is its own. */
export function aws({ tier, region }: { readonly tier: Tier; readonly region: string }): Shared {
  const { account, domain, hostedZone, operators } = ACCOUNTS[tier];
  const production = tier === 'production';
  const abroad = ABROAD[region.slice(0, 2)];
  if (abroad === undefined)
    throw new Error(`clusters/aws.ts: nobody said where copies of ${region}'s backups go; add its area to ABROAD`);
  const { area, azure, google } = abroad;
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
      scratch: { name: 'gp3-scratch', provisioner: 'ebs.csi.aws.com', parameters: { encrypted: 'true', type: 'gp3' } },
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
    objectStores: {
      backups: { provider: 's3', bucket: `${account}-${region}-backups`, region },
      ...(tier !== 'development' && {
        warm: { provider: 'azure', account: `warm${account}${area}`, bucket: `${region}-backups`, region: azure },
        cold: { provider: 'gcs', bucket: `${account}-${region}-archive`, region: google },
      }),
      images: { provider: 's3', bucket: `${account}-${region}-images`, region },
      // Cloudflare R2 has one region, and speaks S3.
      receipts: { provider: 's3', bucket: `${tier}-receipts`, region: 'auto', endpoint: R2 },
    },
    telemetry: { elastic: `https://otlp.elastic.${domain}`, jaeger: `https://otlp.jaeger.${domain}` },
    // Cilium beside the VPC's own CNI: the one matches names, the other gives addresses.
    network: { plugin: 'cilium', apiServer: { addresses: [VPC], port: 443 } },
    ...(production ? { cdn: { driver: 'cloudflare', zone: CDN_ZONE } } : { workingHours: OFFICE }),
    nodePools: [
      { name: 'general', maxNodes: production ? 24 : 6, cores: 7.5, memoryGibibytes: 29, spot: false },
      { name: 'spot', maxNodes: production ? 24 : 6, cores: 7.5, memoryGibibytes: 29, spot: true },
    ],
  };
}
