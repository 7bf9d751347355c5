import type { Cluster } from '../charts/cluster.ts';
import { aws } from './aws.ts';

/** Production, recovery: changes first, since nobody is served from it until failover. */
export const usWest2: Cluster = {
  name: 'us-west-2',
  ...aws({ tier: 'production', region: 'us-west-2' }),
  ring: 'ring-1',
  kubernetes: '1.35',
};
