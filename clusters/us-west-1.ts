import type { Cluster } from '../charts/cluster.ts';
import { aws } from './aws.ts';

/** Production, reads near its users. */
export const usWest1: Cluster = {
  name: 'us-west-1',
  ...aws({ tier: 'production', region: 'us-west-1' }),
  ring: 'ring-1',
  kubernetes: '1.35',
};
