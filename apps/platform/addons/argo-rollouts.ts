import type { Cluster } from '../../../charts/index.ts';
import { budget, CRITICAL, replicas, resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

const NAME = 'argo-rollouts';

/** Canary and blue-green releases. */
export function argoRollouts(cluster: Cluster): PlacedAddon {
  const pods = replicas(cluster);
  return {
    name: NAME,
    namespace: NAME,
    starts: 'before platform',
    podSecurity: 'restricted',
    source: { repository: 'https://argoproj.github.io/argo-helm', chart: NAME, version: '2.41.1' },
    values: {
      installCRDs: true,
      keepCRDs: true,
      controller: {
        replicas: pods,
        pdb: budget(pods),
        priorityClassName: CRITICAL,
        resources: resources('50m', '128Mi', '512Mi'),
        metrics: { enabled: true, serviceMonitor: { enabled: false } },
      },
      // It can promote and abort, and asks nobody who they are.
      dashboard: { enabled: false },
    },
  };
}
