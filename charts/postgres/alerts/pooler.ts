import { Duration } from 'cdk8s';
import type { Alert } from '../../alerting/alert.ts';
import { seriesOf } from '../../metrics.ts';
import type { Workload } from '../../workload.ts';

export interface Pool extends Pick<Workload, 'name' | 'namespace'> {
  /** Server connections of one pod for one entry. */
  readonly pool: number;
  /** Clients of one pod. */
  readonly clients: number;
  /** How long a migration may hold clients back; asked at render, when all migrations are known. */
  readonly longestPause: Duration;
}

export function poolerAlerts(pooler: Pool): Alert[] {
  const { clients, name, pool } = pooler;
  const series = seriesOf(pooler);
  return [
    {
      name: 'PgbouncerDown',
      severity: 'P1',
      expr: `max by (namespace, job) (pgbouncer_up{${series}}) == 0`,
      for: Duration.minutes(1),
      summary: `No pod of ${name} answers`,
      description: 'PgBouncer does not answer its exporter in any pod: no service reaches the database.',
      why: 'One minute: two scrapes in a row. One pod alone is PgbouncerPodDown; its clients go to another.',
      runbook: 'postgres/pooler',
    },
    {
      name: 'PgbouncerMetricsAbsent',
      severity: 'P1',
      expr: `absent(pgbouncer_up{${series}})`,
      for: Duration.minutes(5),
      summary: `Nobody hears anything of ${name}`,
      description: 'No exporter of the pooler is scraped: all pods are gone, or Prometheus cannot reach them.',
      why: 'An exporter goes with its pod. Five minutes outlast a roll of all pods.',
      runbook: 'postgres/pooler',
    },
    {
      name: 'PgbouncerPodDown',
      severity: 'P2',
      expr: `pgbouncer_up{${series}} == 0`,
      for: Duration.minutes(5),
      summary: 'PgBouncer in {{ $labels.pod }} does not answer',
      description: 'Its clients have errors until their connections are closed; new ones go to the other pods.',
      why: 'Five minutes: the liveness probe restarts it after thirty seconds.',
      runbook: 'postgres/pooler',
    },
    {
      name: 'PgbouncerClientsWaiting',
      severity: 'P2',
      threshold: 5,
      expr: limit => `max by (namespace, pod, database) (pgbouncer_pools_client_maxwait_seconds{${series}}) > ${limit}`,
      for: Duration.minutes(2),
      summary: 'Clients wait {{ $value | humanizeDuration }} for a connection to {{ $labels.database }}',
      description:
        'All server connections of this pod are taken, or none can be opened. After 60 seconds of waiting clients get errors.',
      why: 'A change of primary is over in four seconds, and clients are given up after 60 (query_wait_timeout).',
      runbook: 'postgres/pooler',
    },
    {
      name: 'PgbouncerPoolSaturated',
      severity: 'P2',
      threshold: 0.9,
      expr: share =>
        `sum by (namespace, pod, database) (pgbouncer_pools_server_active_connections{${series}}) / ${pool} > ${share}`,
      for: Duration.minutes(5),
      summary: `{{ $labels.database }} uses {{ $value | humanizePercentage }} of its connections in {{ $labels.pod }}`,
      description:
        'The next transactions wait for one another. Something is slower than it was, or there are more clients.',
      why: `One pod holds ${pool} server connections for each entry, computed from max_connections and the number of pods.`,
      runbook: 'postgres/pooler',
    },
    {
      name: 'PgbouncerClientLimitNear',
      severity: 'P2',
      threshold: 0.8,
      expr: share => `pgbouncer_used_clients{${series}} / ${clients} > ${share}`,
      for: Duration.minutes(5),
      summary: '{{ $labels.pod }} has {{ $value | humanizePercentage }} of the clients that it takes',
      description: 'Above the limit new clients are refused with "no more connections allowed".',
      why: `One pod takes ${clients} clients (pooler.clients); a fifth is left for a pod that goes, and whose clients come.`,
      runbook: 'postgres/pooler',
    },
    {
      name: 'PgbouncerPaused',
      severity: 'P2',
      expr: `pgbouncer_databases_paused{${series}} + pgbouncer_databases_disabled{${series}} > 0`,
      get for() {
        return pooler.longestPause;
      },
      summary: '{{ $labels.name }} is held back in {{ $labels.pod }}',
      description:
        'Clients of this entry wait, and after 60 seconds get errors. A migration that stops writes does so on purpose, and ends it.',
      get why() {
        return `Nothing may hold clients back for longer than ${pooler.longestPause.toMinutes()} minutes: the longest deadline of a migration that stops writes, five where there is none.`;
      },
      runbook: 'postgres/pooler',
    },
  ];
}
