import type { Cluster } from '../charts/cluster.ts';
import { aws } from './aws.ts';

/** Production, primary: last to change. */
export const usEast1a: Cluster = {
  name: 'us-east-1a',
  ...aws({ tier: 'production', region: 'us-east-1' }),
  ring: 'ring-2',
  kubernetes: '1.35',
};
