import type { Cluster } from '../charts/cluster.ts';
import { aws } from './aws.ts';

/** Production, Europe. */
export const euWest1: Cluster = {
  name: 'eu-west-1',
  ...aws({ tier: 'production', region: 'eu-west-1' }),
  ring: 'ring-2',
  kubernetes: '1.35',
};
