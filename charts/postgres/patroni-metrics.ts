import type { PodMonitor } from '../../imports/custom.ts';
import { INSTANCE, PROMETHEUS } from '../conventions.ts';
import { KubeObject } from '../kube-object.ts';
import type { Workload } from '../workload.ts';
import { REST_PORT } from './patroni.ts';

/**
 * Lets Prometheus ask Patroni itself who leads: by TLS and without a certificate of its own, which Patroni wants of those alone who
 * change something (`verify_client: optional`).
 *
 * @param host one of the names in the servers' certificate; pods are asked by their address, which stands in none
 */
export function scrapePatroni(postgres: Workload, host: string): void {
  const { called, namespace, labels } = PROMETHEUS;
  const { name } = postgres;
  postgres.network.allowFrom({ called, namespace, labels }, REST_PORT);
  new KubeObject<PodMonitor>(
    postgres,
    'patroni-monitor',
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: { ...postgres.metadata(), name: `${name}-patroni` },
    },
    {
      spec: {
        // The series' `job` is the database's name, as that of its exporters.
        jobLabel: INSTANCE,
        podMetricsEndpoints: [
          {
            interval: '30s',
            path: '/metrics',
            port: 'patroni',
            scheme: 'https',
            tlsConfig: { ca: { secret: { name: `${name}-internal-tls`, key: 'ca.crt' } }, serverName: host },
          },
        ],
        selector: { matchLabels: postgres.selector },
      },
    },
  );
}
