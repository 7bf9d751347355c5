import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { VolumeMount } from '../../imports/kubernetes.ts';
import { METRICS } from '../conventions.ts';
import type { Companion } from '../workload.ts';
import { MONITOR } from './patroni.ts';
import { SOCKETS } from './pgbackrest.ts';

/** The port that the exporters of PostgreSQL have everywhere (prometheus/prometheus wiki, "Default port allocations"). */
export const EXPORTER_PORT = 9187;

/** What alerts read is called the same from 0.17 to 0.20; 0.20 gave some of the slots' other series new names. */
const IMAGE = 'quay.io/prometheuscommunity/postgres-exporter:v0.20.1';

/** Tells Prometheus how a server fares, from beside it: by the socket and without a password, as a role that reads statistics only. */
export function exporter(sockets: VolumeMount): Companion {
  const often = { failureThreshold: 3, periodSeconds: 30, successThreshold: 1, timeoutSeconds: 10 };
  return {
    size: {
      cpu: Cpu.millis(20),
      cpuLimit: Cpu.millis(200),
      memory: Size.mebibytes(64),
      ephemeralStorage: Size.mebibytes(16),
    },
    container: {
      name: 'exporter',
      image: IMAGE,
      args: [
        `--web.listen-address=:${EXPORTER_PORT}`,
        // Off by default, and what alerts and operators ask for first: how long until transaction numbers run out, and who runs long.
        '--collector.database_wraparound',
        '--collector.long_running_transactions',
        '--collector.postmaster',
      ],
      env: [{ name: 'DATA_SOURCE_NAME', value: `host=${SOCKETS} user=${MONITOR} dbname=postgres sslmode=disable` }],
      ports: [{ name: METRICS, containerPort: EXPORTER_PORT, protocol: 'TCP' }],
      // Not /metrics: without a database it answers all the same, that there is none.
      livenessProbe: { ...often, httpGet: { path: '/', port: METRICS, scheme: 'HTTP' } },
      readinessProbe: { ...often, tcpSocket: { port: METRICS } },
      volumeMounts: [sockets],
    },
  };
}
