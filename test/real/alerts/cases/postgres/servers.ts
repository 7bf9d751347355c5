import type { Cases, RenderedAlert } from '../../case.ts';
import { absent, labelled, of, steady } from './members.ts';

export const servers: Cases = {
  PostgresDown: steady(
    alert => of(alert, 'pg_up', 0, 0),
    alert => of(alert, 'pg_up', 0, 1),
  ),
  PostgresMetricsAbsent: absent('pg_up'),
  PostgresServerDown: steady(
    alert => of(alert, 'pg_up', 1, 0),
    alert => of(alert, 'pg_up', 1, 1),
  ),
  PostgresUnsafeSettings: steady(
    alert => ({ ...of(alert, 'pg_settings_fsync', 1), ...of(alert, 'pg_settings_full_page_writes', 0) }),
    alert => ({ ...of(alert, 'pg_settings_fsync', 1), ...of(alert, 'pg_settings_full_page_writes', 1) }),
  ),
  PostgresExporterErrors: steady(
    alert => labelled(alert, 'pg_scrape_collector_success', 'collector="wal"', 0),
    alert => labelled(alert, 'pg_scrape_collector_success', 'collector="wal"', '0x8 1x60'),
  ),
  PostgresConnectionsHigh: steady(
    (alert, limit) => ({
      ...labelled(alert, 'pg_stat_activity_count', 'state="idle"', limit),
      ...labelled(alert, 'pg_stat_activity_count', 'state="active"', 1),
    }),
    (alert, limit) => ({
      ...labelled(alert, 'pg_stat_activity_count', 'state="active"', limit),
      ...labelled(alert, 'pg_stat_activity_count', 'state="active"', 1, 1),
    }),
  ),
  PostgresIdleInTransaction: steady(
    (alert, limit) => labelled(alert, 'pg_stat_activity_max_tx_duration', idle('idle in transaction'), limit + 1),
    (alert, limit) => ({
      ...labelled(alert, 'pg_stat_activity_max_tx_duration', idle('idle in transaction (aborted)'), limit),
      ...labelled(alert, 'pg_stat_activity_max_tx_duration', idle('active'), limit + 1),
    }),
  ),
  PostgresLongTransaction: steady(
    (alert, limit) => of(alert, 'pg_long_running_transactions_oldest_timestamp_seconds', limit + 1),
    (alert, limit) => of(alert, 'pg_long_running_transactions_oldest_timestamp_seconds', limit),
  ),
  PostgresDeadlocks: alert => {
    const rising = (share: number) =>
      labelled(alert, 'pg_stat_database_deadlocks', 'datname="shop"', `0+${(share * alert.threshold!) / 15}x60`);
    return { fires: { series: rising(1.2), at: '40m' }, quiet: { series: rising(0.8), at: '40m' } };
  },
  PostgresXidWraparound: wraparound('datfrozenxid'),
  PostgresMultixactWraparound: wraparound('datminmxid'),
};

const idle = (state: string) => `state="${state}",datname="shop",usename="shop_app_1"`;

function wraparound(kind: string): Cases[string] {
  const series = (alert: RenderedAlert, age: number) =>
    labelled(alert, `pg_database_wraparound_age_${kind}_seconds`, 'datname="shop"', age);
  return steady(
    (alert, limit) => series(alert, limit + 1),
    (alert, limit) => series(alert, limit),
  );
}
