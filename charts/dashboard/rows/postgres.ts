import { seriesOf } from '../../metrics.ts';
import type { Row } from '../panel.ts';

/** A PostgreSQL as its exporters, Patroni and its poolers tell of it. */
export interface Server {
  readonly namespace: string;
  readonly name: string;
  readonly maxConnections: number;
  readonly pooler: { readonly name: string };
}

/** What somebody looks at who asks whether a database is well. */
export function postgresRows({ namespace, name, maxConnections, pooler }: Server): readonly Row[] {
  const series = seriesOf({ namespace, name });
  const patroni = `namespace="${namespace}",scope="${name}"`;
  const pool = seriesOf({ namespace, name: pooler.name });
  const rate = (metric: string, by: string) => `sum by (${by}) (rate(${metric}{${series}}[$__rate_interval]))`;
  return [
    {
      title: 'Members',
      panels: [
        {
          title: 'Who leads',
          unit: 'short',
          queries: [
            { expr: `max by (name) (patroni_primary{${patroni}})`, legend: '{{name}} leads' },
            { expr: `max by (name) (patroni_standby_leader{${patroni}})`, legend: '{{name}} leads a follower' },
          ],
        },
        {
          title: 'Behind the leader',
          unit: 'bytes',
          queries: [
            {
              expr: `scalar(max(patroni_xlog_location{${patroni}})) - max by (name) (patroni_xlog_replayed_location{${patroni}} and on (name) patroni_replica{${patroni}} == 1)`,
              legend: '{{name}}',
            },
          ],
        },
        {
          title: 'Timeline',
          description: 'It goes up with each change of the leader.',
          unit: 'short',
          queries: [{ expr: `max by (name) (patroni_postgres_timeline{${patroni}})`, legend: '{{name}}' }],
        },
      ],
    },
    {
      title: 'Load',
      panels: [
        {
          title: 'Connections',
          unit: 'short',
          queries: [
            { expr: `sum by (pod, state) (pg_stat_activity_count{${series}}) > 0`, legend: '{{pod}} {{state}}' },
          ],
          limit: maxConnections,
        },
        {
          title: 'Transactions',
          unit: 'ops',
          queries: [
            { expr: rate('pg_stat_database_xact_commit', 'datname'), legend: '{{datname}} committed' },
            { expr: rate('pg_stat_database_xact_rollback', 'datname'), legend: '{{datname}} rolled back' },
          ],
        },
        {
          title: 'Found in memory',
          unit: 'percentunit',
          queries: [
            {
              expr: `${rate('pg_stat_database_blks_hit', 'datname')} / (${rate('pg_stat_database_blks_hit', 'datname')} + ${rate('pg_stat_database_blks_read', 'datname')} > 0)`,
              legend: '{{datname}}',
            },
          ],
        },
        {
          title: 'Longest transaction',
          unit: 's',
          queries: [
            {
              expr: `max by (pod, state) (pg_stat_activity_max_tx_duration{${series}})`,
              legend: '{{pod}} {{state}}',
            },
          ],
        },
        {
          title: 'Deadlocks, per hour',
          unit: 'short',
          queries: [
            { expr: `sum by (datname) (increase(pg_stat_database_deadlocks{${series}}[1h]))`, legend: '{{datname}}' },
          ],
        },
        {
          title: 'Size',
          unit: 'bytes',
          queries: [{ expr: `max by (datname) (pg_database_size_bytes{${series}})`, legend: '{{datname}}' }],
        },
      ],
    },
    {
      title: 'Pools',
      panels: [
        {
          title: 'Clients that wait for a connection',
          unit: 'short',
          queries: [
            {
              expr: `sum by (database) (pgbouncer_pools_client_waiting_connections{${pool}})`,
              legend: '{{database}}',
            },
          ],
        },
        {
          title: 'How long the first of them has waited',
          unit: 's',
          queries: [
            { expr: `max by (database) (pgbouncer_pools_client_maxwait_seconds{${pool}})`, legend: '{{database}}' },
          ],
        },
        {
          title: 'Connections in use',
          unit: 'short',
          queries: [
            {
              expr: `sum by (database) (pgbouncer_pools_server_active_connections{${pool}})`,
              legend: '{{database}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Archive',
      panels: [
        {
          title: 'Age of the newest archived WAL',
          unit: 's',
          queries: [{ expr: `min by (pod) (pg_stat_archiver_last_archive_age{${series}})`, legend: '{{pod}}' }],
        },
        {
          title: 'Failed attempts, per hour',
          unit: 'short',
          queries: [
            { expr: `sum by (pod) (increase(pg_stat_archiver_failed_count{${series}}[1h]))`, legend: '{{pod}}' },
          ],
        },
      ],
    },
  ];
}
