import { byTier, type Cluster } from '../../../charts/index.ts';
import { awsRole, CRITICAL, resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

const NAME = 'tempo';

/** Where it takes OTLP; the collector adds /v1/traces. */
export const TEMPO_URL = 'http://tempo.tempo.svc:4318';

/** Traces of what names no other backend: one process, in a bucket of the cluster's own where it has an account. */
export function tempo(cluster: Cluster): PlacedAddon {
  const { gibibytes, keep } = byTier(cluster, {
    development: { gibibytes: 5, keep: '24h' },
    staging: { gibibytes: 10, keep: '72h' },
    production: { gibibytes: 20, keep: '336h' },
  });
  return {
    name: NAME,
    namespace: NAME,
    // Its volume waits for a storage class that the platform unit makes.
    starts: 'after platform',
    podSecurity: 'restricted',
    source: { repository: 'https://grafana-community.github.io/helm-charts', chart: NAME, version: '1.25.1' },
    values: {
      tempo: {
        reportingEnabled: false,
        retention: keep,
        resources: byTier(cluster, {
          development: resources('100m', '256Mi', '1Gi'),
          staging: resources('250m', '512Mi', '2Gi'),
          production: resources('500m', '1Gi', '4Gi'),
        }),
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
        },
        storage: { trace: storage(cluster) },
      },
      securityContext: {
        fsGroup: 10001,
        runAsGroup: 10001,
        runAsNonRoot: true,
        runAsUser: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      serviceAccount: {
        annotations: awsRole(cluster, NAME),
        automountServiceAccountToken: cluster.account !== undefined,
      },
      persistence: { enabled: true, size: `${gibibytes}Gi`, storageClassName: cluster.storage.block.name },
      priorityClassName: CRITICAL,
    },
  };
}

function storage({ account, name, region }: Cluster) {
  const wal = { path: '/var/tempo/wal' };
  if (account === undefined) return { backend: 'local', local: { path: '/var/tempo/traces' }, wal };
  const s3 = { bucket: `${account}-${name}-traces`, endpoint: `s3.${region}.amazonaws.com`, region };
  return { backend: 's3', s3, wal };
}
