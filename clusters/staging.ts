import type { Cluster } from '../charts/cluster.ts';
import { aws } from './aws.ts';

/** The last step before production, its size apart. */
export const staging: Cluster = {
  name: 'staging',
  ...aws({ tier: 'staging', region: 'us-east-1' }),
  ring: 'main',
  kubernetes: '1.36',
};
