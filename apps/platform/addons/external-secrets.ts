import type { Cluster } from '../../../charts/index.ts';
import { awsRole, budget, CRITICAL, replicas, resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

const NAME = 'external-secrets';

/** Secrets, from the store that the platform unit names. */
export function externalSecrets(cluster: Cluster): PlacedAddon {
  const pods = replicas(cluster);
  const pod = { podDisruptionBudget: budget(pods), priorityClassName: CRITICAL };
  return {
    name: NAME,
    namespace: NAME,
    starts: 'before platform',
    podSecurity: 'restricted',
    source: { repository: 'https://charts.external-secrets.io', chart: NAME, version: '2.9.0' },
    values: {
      installCRDs: true,
      ...pod,
      replicaCount: pods,
      // Off by default: two pods would write every Secret twice.
      leaderElect: true,
      resources: resources('20m', '128Mi', '256Mi'),
      // Vault knows it by its service account's token; only AWS asks for a role.
      serviceAccount: { annotations: cluster.secrets.driver === 'aws' ? awsRole(cluster, NAME) : {} },
      // It answers for every ExternalSecret that Argo CD applies, and refuses all while it is away.
      webhook: { ...pod, replicaCount: pods, resources: resources('10m', '64Mi', '128Mi') },
      certController: { priorityClassName: CRITICAL, replicaCount: 1, resources: resources('10m', '64Mi', '128Mi') },
      serviceMonitor: { enabled: false },
    },
  };
}
