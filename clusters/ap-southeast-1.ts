import type { Cluster } from '../charts/cluster.ts';
import { aws } from './aws.ts';

/** Production, Asia and the Pacific. */
export const apSoutheast1: Cluster = {
  name: 'ap-southeast-1',
  ...aws({ tier: 'production', region: 'ap-southeast-1' }),
  ring: 'ring-2',
  kubernetes: '1.35',
};
