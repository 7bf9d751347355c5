import type { Cluster } from '../charts/cluster.ts';
import { aws } from './aws.ts';

/** Production, beside us-east-1a: changes a step earlier. */
export const usEast1b: Cluster = {
  name: 'us-east-1b',
  ...aws({ tier: 'production', region: 'us-east-1' }),
  ring: 'ring-1',
  kubernetes: '1.35',
};
