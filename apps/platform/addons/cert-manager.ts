import { type Cluster, PLATFORM } from '../../../charts/index.ts';
import { awsRole, budget, CRITICAL, replicas, resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

const NAME = 'cert-manager';

/** Certificates, from the issuers that the platform unit names. */
export function certManager(cluster: Cluster): PlacedAddon {
  const pods = replicas(cluster);
  const podDisruptionBudget = budget(pods);
  return {
    name: NAME,
    namespace: NAME,
    starts: 'first',
    podSecurity: 'restricted',
    source: { repository: 'https://charts.jetstack.io', chart: NAME, version: 'v1.21.1' },
    values: {
      crds: { enabled: true, keep: true },
      // Where a ClusterIssuer's Secrets live: the platform unit writes its own there, and an account key belongs beside them.
      clusterResourceNamespace: PLATFORM.namespace,
      // By default the lease stands in kube-system, which is not ours.
      global: { leaderElection: { namespace: NAME }, priorityClassName: CRITICAL },
      replicaCount: pods,
      podDisruptionBudget,
      resources: resources('20m', '128Mi', '256Mi'),
      // It proves a domain by a record in Route 53.
      serviceAccount: { annotations: cluster.certificates.issuer === 'letsencrypt' ? awsRole(cluster, NAME) : {} },
      webhook: { replicaCount: pods, podDisruptionBudget, resources: resources('10m', '64Mi', '128Mi') },
      cainjector: { replicaCount: pods, podDisruptionBudget, resources: resources('10m', '128Mi', '256Mi') },
      // A hook that only waits; Argo CD waits itself.
      startupapicheck: { enabled: false },
      prometheus: { enabled: true, servicemonitor: { enabled: false } },
    },
  };
}
