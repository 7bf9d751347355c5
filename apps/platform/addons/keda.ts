import type { Cluster } from '../../../charts/index.ts';
import { CRITICAL, replicas, resources } from './pieces.ts';
import { type PlacedAddon, SYSTEM_NAMESPACE } from './placed.ts';

const NAME = 'keda';

/** Scaling by events: queue lengths, rates, the clock. No scaler asks AWS for anything yet, so it has no role there. */
export function keda(cluster: Cluster): PlacedAddon {
  const replicaCount = replicas(cluster);
  const one = replicaCount > 1 ? { maxUnavailable: 1 } : {};
  return {
    name: NAME,
    namespace: NAME,
    starts: 'before platform',
    podSecurity: 'restricted',
    // It reads the cluster's own ConfigMap about who may ask for metrics.
    alsoIn: [SYSTEM_NAMESPACE],
    source: { repository: 'https://kedacore.github.io/charts', chart: NAME, version: '2.20.2' },
    values: {
      clusterName: cluster.name,
      operator: { replicaCount },
      metricsServer: { replicaCount },
      webhooks: { replicaCount },
      // Off by default; the platform unit's monitor asks it.
      prometheus: { operator: { enabled: true } },
      // The chart says metricsServer for the pods and metricServer for their budget.
      podDisruptionBudget: { metricServer: one, operator: one, webhooks: one },
      priorityClassName: CRITICAL,
      resources: {
        metricServer: resources('50m', '100Mi', '500Mi'),
        operator: resources('100m', '200Mi', '1000Mi'),
        webhooks: resources('10m', '64Mi', '256Mi'),
      },
    },
  };
}
