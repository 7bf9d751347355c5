import { byTier, type Cluster } from '../../../charts/index.ts';
import { awsRole, CRITICAL, replicas, resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

const NAME = 'loki';

/** Where it takes OTLP; the collector adds /v1/logs. */
export const LOKI_URL = 'http://loki.loki.svc:3100/otlp';

/** Logs of what names no other backend: one process with all of Loki's parts, in a bucket of the cluster's own where it has an account. */
export function loki(cluster: Cluster): PlacedAddon {
  const pods = cluster.account === undefined ? 1 : replicas(cluster);
  const { gibibytes, keep } = byTier(cluster, {
    development: { gibibytes: 10, keep: '72h' },
    staging: { gibibytes: 20, keep: '168h' },
    production: { gibibytes: 50, keep: '720h' },
  });
  return {
    name: NAME,
    namespace: NAME,
    // Its volume waits for a storage class that the platform unit makes.
    starts: 'after platform',
    podSecurity: 'restricted',
    source: { repository: 'https://grafana-community.github.io/helm-charts', chart: NAME, version: '8.2.0' },
    values: {
      deploymentMode: 'SingleBinary',
      loki: {
        auth_enabled: false,
        analytics: { reporting_enabled: false },
        commonConfig: { replication_factor: pods },
        compactor: {
          delete_request_store: cluster.account === undefined ? 'filesystem' : 's3',
          retention_enabled: true,
        },
        limits_config: {
          allow_structured_metadata: true,
          // A stack trace is cut, not refused: the collector would try it for ever.
          max_line_size_truncate: true,
          retention_period: keep,
        },
        podSecurityContext: { seccompProfile: { type: 'RuntimeDefault' } },
        schemaConfig: {
          configs: [
            {
              from: '2026-01-01',
              index: { period: '24h', prefix: 'loki_index_' },
              object_store: cluster.account === undefined ? 'filesystem' : 's3',
              schema: 'v13',
              store: 'tsdb',
            },
          ],
        },
        storage: storage(cluster),
      },
      serviceAccount: { annotations: awsRole(cluster, NAME) },
      singleBinary: {
        replicas: pods,
        persistence: { enabled: true, size: `${gibibytes}Gi`, storageClass: cluster.storage.block.name },
        priorityClassName: CRITICAL,
        resources: byTier(cluster, {
          development: resources('100m', '256Mi', '1Gi'),
          staging: resources('250m', '512Mi', '2Gi'),
          production: resources('1', '2Gi', '4Gi'),
        }),
      },
      backend: { replicas: 0 },
      read: { replicas: 0 },
      write: { replicas: 0 },
      // Nobody asks from outside; caches are for what is read all day.
      gateway: { enabled: false },
      chunksCache: { enabled: false },
      resultsCache: { enabled: false },
      lokiCanary: { enabled: false },
      test: { enabled: false },
      sidecar: { rules: { enabled: false } },
    },
  };
}

/** A bucket for each cluster: two that share a region would take each other's chunks for garbage. */
function storage({ account, name, region }: Cluster) {
  if (account === undefined) return { type: 'filesystem' };
  const bucket = `${account}-${name}-logs`;
  return { type: 's3', bucketNames: { admin: bucket, chunks: bucket, ruler: bucket }, s3: { region } };
}
