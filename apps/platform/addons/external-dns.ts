import type { Cluster } from '../../../charts/index.ts';
import { awsRole, CRITICAL, resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

const NAME = 'external-dns';

/** Records in Route 53 for the hosts of Ingresses. */
export function externalDns(cluster: Cluster): PlacedAddon {
  return {
    name: NAME,
    namespace: NAME,
    starts: 'before platform',
    podSecurity: 'restricted',
    source: { repository: 'https://kubernetes-sigs.github.io/external-dns/', chart: NAME, version: '1.22.0' },
    // One pod: it elects no leader, and two would undo each other's records.
    values: {
      provider: { name: 'aws' },
      sources: ['ingress', 'service'],
      domainFilters: [cluster.domain],
      // Records of its own are removed too, so that a standby leaves DNS; its name in TXT records keeps it off the others'.
      policy: 'sync',
      registry: 'txt',
      txtOwnerId: cluster.name,
      // Pinned: 0.22 changed the default, and records of annotations it no longer reads would go.
      annotationPrefix: 'external-dns.kubernetes.io/',
      interval: '1m',
      priorityClassName: CRITICAL,
      resources: resources('10m', '64Mi', '128Mi'),
      serviceAccount: { annotations: awsRole(cluster, NAME) },
      serviceMonitor: { enabled: false },
    },
  };
}
