import { type Cluster, PUSH_GATEWAY } from '../../../charts/index.ts';
import { CRITICAL, resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

/** Keeps what a job that runs once a week has to say until Prometheus, or the next run, comes by. */
export function prometheusPushgateway({ storage }: Cluster): PlacedAddon {
  return {
    name: PUSH_GATEWAY.name,
    namespace: PUSH_GATEWAY.namespace,
    // Its volume waits for a storage class, its ServiceMonitor for the operator's definitions.
    starts: 'after platform',
    // Prometheus' own namespace, and so as open as that is.
    podSecurity: 'privileged',
    source: {
      repository: 'https://prometheus-community.github.io/helm-charts',
      chart: PUSH_GATEWAY.name,
      version: '3.2.0',
    },
    values: {
      automountServiceAccountToken: false,
      // A restart must not look like a week without a proof.
      extraArgs: ['--persistence.file=/data/metrics', '--persistence.interval=1m'],
      persistentVolume: { enabled: true, size: '1Gi', storageClass: storage.block.name },
      priorityClassName: CRITICAL,
      resources: resources('10m', '32Mi', '128Mi'),
      // The job's own labels are the series', not the gateway's.
      serviceMonitor: { enabled: true, honorLabels: true, namespace: PUSH_GATEWAY.namespace },
    },
  };
}
