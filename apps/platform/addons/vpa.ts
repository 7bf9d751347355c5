import type { Cluster } from '../../../charts/index.ts';
import { CRITICAL, replicas, resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

/** Recommendations for requests. Only the recommender: nothing changes a pod, since what runs is what `dist/` says. */
export function vpa(cluster: Cluster): PlacedAddon {
  const pods = replicas(cluster);
  return {
    name: 'vpa',
    namespace: 'vpa',
    starts: 'before platform',
    podSecurity: 'restricted',
    source: {
      repository: 'https://github.com/kubernetes/autoscaler.git',
      path: 'vertical-pod-autoscaler/charts/vertical-pod-autoscaler',
      tag: 'vertical-pod-autoscaler/v1.7.1',
    },
    values: {
      admissionController: { enabled: false },
      updater: { enabled: false },
      containerSecurityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      recommender: {
        // The chart of this tag still names 1.7.0.
        image: { tag: '1.7.1' },
        replicas: pods,
        // The chart's default is minAvailable, and an API server refuses both.
        podDisruptionBudget: { enabled: pods > 1, minAvailable: 1 },
        priorityClassName: CRITICAL,
        resources: resources('50m', '256Mi', '512Mi'),
      },
    },
  };
}
