import type { Cluster } from '../charts/cluster.ts';
import { aws } from './aws.ts';

/** Where teams try things: the newest minor first, secrets from the company's Vault. */
export const development: Cluster = {
  name: 'development',
  ...aws({ tier: 'development', region: 'us-east-1' }),
  ring: 'main',
  kubernetes: '1.36',
  secrets: { driver: 'vault', server: 'https://vault.example.com', mount: 'kv', role: 'external-secrets' },
};
