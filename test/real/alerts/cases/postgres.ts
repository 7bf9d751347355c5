import type { Cases, RenderedAlert, Series } from '../case.ts';

/** Of a database, its pooler or its proof: what its rule selects. */
const own = ({ labels }: RenderedAlert) => `namespace="${labels.namespace}",job="${labels.service}"`;
/** The one that leads is 0. */
const pod = (alert: RenderedAlert, ordinal: number) =>
  `${own(alert)},pod="member-${ordinal}",name="member-${ordinal}",scope="${alert.labels.service}"`;
const always = (value: number) => `${value}x400`;

/** Some minutes after it has held long enough. */
const after = ({ for: held }: RenderedAlert, minutes = 2) => `${Math.ceil(held / 60) + minutes}m`;

/** The same metric of several members. */
const of = (alert: RenderedAlert, metric: string, ...values: readonly number[]): Series =>
  Object.fromEntries(values.map((value, ordinal) => [`${metric}{${pod(alert, ordinal)}}`, always(value)]));

/** Series of members with more labels than the member's. */
const with_ = (alert: RenderedAlert, metric: string, labels: string, value: string | number, ordinal = 0): Series => ({
  [`${metric}{${pod(alert, ordinal)},${labels}}`]: typeof value === 'number' ? always(value) : value,
});

/** A case of series that stay as they are. */
function steady(
  fires: (alert: RenderedAlert, limit: number) => Series,
  quiet: (alert: RenderedAlert, limit: number) => Series,
): Cases[string] {
  return alert => {
    const at = after(alert);
    const { threshold = Number.NaN } = alert;
    return {
      fires: { series: fires(alert, threshold), at },
      quiet: { series: quiet(alert, threshold), at },
    };
  };
}

/** What there was goes, five minutes after which Prometheus forgets it. */
const absent =
  (metric: string): Cases[string] =>
  alert => ({
    fires: { series: { [`${metric}{${pod(alert, 0)}}`]: '1x5 _x60' }, at: after(alert, 12) },
    quiet: { series: of(alert, metric, 0), at: after(alert, 12) },
    missing: 'fires',
  });

/** Which of the members 0 and 1 leads, as the rule asks: the primary, or what others follow. */
const leads = (alert: RenderedAlert, ordinal: 0 | 1): Series =>
  alert.expr.includes('patroni_standby_leader')
    ? of(alert, 'patroni_standby_leader', ...(ordinal === 0 ? [1, 0] : [0, 1]))
    : of(alert, 'pg_replication_is_replica', ...(ordinal === 0 ? [0, 1] : [1, 0]));

const leader = (alert: RenderedAlert) =>
  alert.expr.includes('patroni_standby_leader') ? 'patroni_standby_leader' : 'patroni_primary';

/** What the members of a StatefulSet are called, as the rule knows them. */
const member = ({ expr }: RenderedAlert, ordinal: number) =>
  `${/application_name=~"([^"]+)-\[0-9\]\+"/.exec(expr)![1]}-${ordinal}`;
const streaming = (alert: RenderedAlert, name: string) =>
  with_(alert, 'pg_stat_replication_pg_wal_lsn_diff', `application_name="${name}",state="streaming"`, 0);

const database: Cases = {
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
    alert => with_(alert, 'pg_scrape_collector_success', 'collector="wal"', 0),
    alert => with_(alert, 'pg_scrape_collector_success', 'collector="wal"', '0x8 1x60'),
  ),
  PostgresConnectionsHigh: steady(
    (alert, limit) => ({
      ...with_(alert, 'pg_stat_activity_count', 'state="idle"', limit),
      ...with_(alert, 'pg_stat_activity_count', 'state="active"', 1),
    }),
    (alert, limit) => ({
      ...with_(alert, 'pg_stat_activity_count', 'state="active"', limit),
      ...with_(alert, 'pg_stat_activity_count', 'state="active"', 1, 1),
    }),
  ),
  PostgresIdleInTransaction: steady(
    (alert, limit) => with_(alert, 'pg_stat_activity_max_tx_duration', idle('idle in transaction'), limit + 1),
    (alert, limit) => ({
      ...with_(alert, 'pg_stat_activity_max_tx_duration', idle('idle in transaction (aborted)'), limit),
      ...with_(alert, 'pg_stat_activity_max_tx_duration', idle('active'), limit + 1),
    }),
  ),
  PostgresLongTransaction: steady(
    (alert, limit) => of(alert, 'pg_long_running_transactions_oldest_timestamp_seconds', limit + 1),
    (alert, limit) => of(alert, 'pg_long_running_transactions_oldest_timestamp_seconds', limit),
  ),
  PostgresDeadlocks: alert => {
    const rising = (share: number) =>
      with_(alert, 'pg_stat_database_deadlocks', 'datname="shop"', `0+${(share * alert.threshold!) / 15}x60`);
    return { fires: { series: rising(1.2), at: '40m' }, quiet: { series: rising(0.8), at: '40m' } };
  },
  PostgresXidWraparound: wraparound('datfrozenxid'),
  PostgresMultixactWraparound: wraparound('datminmxid'),
  PostgresReplicationLag: steady(
    (alert, limit) => ({
      ...of(alert, 'pg_replication_last_replay_seconds', 0, limit + 1),
      ...of(alert, 'pg_replication_is_replica', 0, 1),
    }),
    // One that was promoted since keeps the age of what it replayed last.
    (alert, limit) => ({
      ...of(alert, 'pg_replication_last_replay_seconds', limit + 1, limit),
      ...of(alert, 'pg_replication_is_replica', 0, 1),
    }),
  ),
  PostgresStandbyMissing: steady(
    alert => ({ ...of(alert, 'pg_up', 1, 1), ...streaming(alert, 'pg_basebackup') }),
    (alert, all) => ({
      ...of(alert, 'pg_up', 1),
      ...Object.assign({}, ...Array.from({ length: all }, (_, n) => streaming(alert, member(alert, n + 1)))),
    }),
  ),
  PostgresReplicationSlotBloat: steady(
    (alert, limit) => ({
      ...with_(alert, 'pg_replication_slots_pg_wal_lsn_diff', 'slot_name="member_1"', limit + 1),
      ...leads(alert, 0),
    }),
    (alert, limit) => ({
      ...with_(alert, 'pg_replication_slots_pg_wal_lsn_diff', 'slot_name="member_1"', limit + 1),
      ...leads(alert, 1),
    }),
  ),
  PostgresReplicationSlotInactive: steady(
    alert => ({ ...with_(alert, 'pg_replication_slots_active', 'slot_name="member_1"', 0), ...leads(alert, 0) }),
    alert => ({ ...with_(alert, 'pg_replication_slots_active', 'slot_name="member_1"', 0), ...leads(alert, 1) }),
  ),
  PostgresWalArchivingFailing: archiving('failed_count', '0+1x60', 'archived_count', ['7x60', '7+2x60']),
  PostgresWalArchiveStale: steady(
    (alert, limit) => ({ ...of(alert, 'pg_stat_archiver_last_archive_age', limit + 1, 0), ...leads(alert, 0) }),
    (alert, limit) => ({ ...of(alert, 'pg_stat_archiver_last_archive_age', limit, limit + 1), ...leads(alert, 0) }),
  ),
  PostgresWalNeverArchived: steady(
    alert => ({ ...of(alert, 'pg_stat_archiver_archived_count', 0, 5), ...leads(alert, 0) }),
    alert => ({ ...of(alert, 'pg_stat_archiver_archived_count', 5, 0), ...leads(alert, 0) }),
  ),
};

const idle = (state: string) => `state="${state}",datname="shop",usename="shop_app_1"`;

function wraparound(kind: string): Cases[string] {
  const series = (alert: RenderedAlert, age: number) =>
    with_(alert, `pg_database_wraparound_age_${kind}_seconds`, 'datname="shop"', age);
  return steady(
    (alert, limit) => series(alert, limit + 1),
    (alert, limit) => series(alert, limit),
  );
}

function archiving(
  bad: string,
  rising: string,
  good: string,
  [stands, goes]: readonly [string, string],
): Cases[string] {
  return alert => {
    const series = (values: string): Series => ({
      [`pg_stat_archiver_${bad}{${pod(alert, 0)}}`]: rising,
      [`pg_stat_archiver_${good}{${pod(alert, 0)}}`]: values,
      ...leads(alert, 0),
    });
    return { fires: { series: series(stands), at: '20m' }, quiet: { series: series(goes), at: '20m' } };
  };
}

const patroni: Cases = {
  PatroniNoLeader: steady(
    alert => of(alert, leader(alert), 0, 0),
    alert => of(alert, leader(alert), 0, 1),
  ),
  PatroniSplitBrain: alert => {
    // Where all of it follows, one is too many.
    const allowed = Number(/> (\d)$/.exec(alert.expr)![1]);
    const at = after(alert);
    return {
      fires: { series: of(alert, 'patroni_primary', 1, allowed, 0), at },
      quiet: { series: of(alert, 'patroni_primary', allowed, 0, 0), at },
    };
  },
  PatroniMetricsAbsent: absent('patroni_primary'),
  PatroniDcsUnreachable: alert => {
    const seen = (ago: number) => ({ [`patroni_dcs_last_seen{${pod(alert, 0)}}`]: `${-ago}+60x60` });
    return {
      fires: { series: seen(alert.threshold! + 1), at: '10m' },
      quiet: { series: seen(alert.threshold!), at: '10m' },
    };
  },
  PatroniFailsafeActive: steady(
    alert => of(alert, 'patroni_failsafe_mode_is_active', 0, 1),
    alert => of(alert, 'patroni_failsafe_mode_is_active', 0, 0),
  ),
  PatroniMemberNotRunning: steady(
    alert => of(alert, 'patroni_postgres_running', 0, 1),
    alert => of(alert, 'patroni_postgres_running', 1, 1),
  ),
  PatroniClusterDegraded: steady(
    (alert, all) => of(alert, 'patroni_postgres_running', ...Array<number>(all - 1).fill(1)),
    (alert, all) => of(alert, 'patroni_postgres_running', ...Array<number>(all).fill(1)),
  ),
  PatroniReplicaNotStreaming: steady(
    alert => ({ ...of(alert, 'patroni_postgres_streaming', 0, 0), ...of(alert, 'patroni_replica', 0, 1) }),
    alert => ({ ...of(alert, 'patroni_postgres_streaming', 0, 1), ...of(alert, 'patroni_replica', 0, 1) }),
  ),
  PatroniReplicationLagBytes: steady(
    (alert, limit) => behind(alert, limit + 1),
    (alert, limit) => behind(alert, limit),
  ),
  PatroniNoSyncStandby: steady(
    alert => ({ ...of(alert, 'patroni_sync_standby', 0, 0), ...of(alert, 'patroni_quorum_standby', 0, 0) }),
    alert => ({ ...of(alert, 'patroni_sync_standby', 0, 0), ...of(alert, 'patroni_quorum_standby', 0, 1) }),
  ),
  PatroniPaused: steady(
    alert => of(alert, 'patroni_is_paused', 1, 1),
    alert => of(alert, 'patroni_is_paused', 0, 0),
  ),
  PatroniPendingRestart: steady(
    alert => of(alert, 'patroni_pending_restart', 0, 1),
    alert => of(alert, 'patroni_pending_restart', 0, 0),
  ),
  PatroniFailoverHappened: alert => {
    const timeline = (values: string): Series => ({
      [`patroni_postgres_timeline{${pod(alert, 0)}}`]: values,
      [`patroni_postgres_timeline{${pod(alert, 1)}}`]: '1x60',
    });
    return {
      fires: { series: timeline('1x20 2x40'), at: '25m' },
      // A server that starts again has no timeline for a while.
      quiet: { series: timeline('1x20 0x3 1x40'), at: '25m' },
    };
  },
};

/** One that leads, and one that lacks so many bytes. */
function behind(alert: RenderedAlert, bytes: number): Series {
  const most = 2 ** 40;
  const follows = !alert.expr.includes('patroni_xlog_location');
  return {
    ...(follows ? {} : of(alert, 'patroni_xlog_location', most, 0)),
    ...of(alert, 'patroni_xlog_replayed_location', follows ? most : 0, most - bytes),
    ...of(alert, 'patroni_replica', 0, 1),
  };
}

const entry = 'database="shop",user="shop_app_1"';
const pooler: Cases = {
  PgbouncerDown: steady(
    alert => of(alert, 'pgbouncer_up', 0, 0),
    alert => of(alert, 'pgbouncer_up', 0, 1),
  ),
  PgbouncerMetricsAbsent: absent('pgbouncer_up'),
  PgbouncerPodDown: steady(
    alert => of(alert, 'pgbouncer_up', 1, 0),
    alert => of(alert, 'pgbouncer_up', 1, 1),
  ),
  PgbouncerClientsWaiting: steady(
    (alert, limit) => with_(alert, 'pgbouncer_pools_client_maxwait_seconds', entry, limit + 1),
    (alert, limit) => with_(alert, 'pgbouncer_pools_client_maxwait_seconds', entry, limit),
  ),
  PgbouncerPoolSaturated: steady(
    (alert, share) =>
      with_(alert, 'pgbouncer_pools_server_active_connections', entry, Math.floor(share * limitOf(alert)) + 1),
    (alert, share) =>
      with_(alert, 'pgbouncer_pools_server_active_connections', entry, Math.floor(share * limitOf(alert))),
  ),
  PgbouncerClientLimitNear: steady(
    (alert, share) => of(alert, 'pgbouncer_used_clients', Math.floor(share * limitOf(alert)) + 1),
    (alert, share) => of(alert, 'pgbouncer_used_clients', Math.floor(share * limitOf(alert))),
  ),
  PgbouncerPaused: steady(
    alert => ({ ...held(alert, 'paused', 1), ...held(alert, 'disabled', 0) }),
    alert => ({ ...held(alert, 'paused', 0), ...held(alert, 'disabled', 0) }),
  ),
};

/** What the rule divides by: the pool of a pod, or its clients. */
const limitOf = ({ expr }: RenderedAlert) => Number(/ \/ (\d+) > /.exec(expr)![1]);

/** Its labels name the entry as `name`. */
const held = (alert: RenderedAlert, what: string, value: number): Series => ({
  [`pgbouncer_databases_${what}{${own(alert)},pod="pooler-0",name="shop",database="shop"}`]: always(value),
});

/** Ages that begin before the test does. */
const ago = (seconds: number) => `${-seconds}x400`;

/** One that never succeeded; and one as old whose last good run is just young enough. */
function tooOld(made: string, last: string): (job: (alert: RenderedAlert) => string) => Cases[string] {
  return job => alert => {
    const at = after(alert, 10);
    const held = Number.parseInt(at, 10) * 60;
    const cronJob = `namespace="${alert.labels.namespace}",cronjob="${job(alert)}"`;
    const since = {
      [`${made}{${cronJob}}`]: ago(alert.threshold! + 1),
      [`kube_cronjob_spec_suspend{${cronJob}}`]: always(0),
    };
    const named = last.startsWith('restore_proof') ? cronJob.replace('cronjob=', 'proof=') : cronJob;
    return {
      fires: { series: since, at },
      quiet: { series: { ...since, [`${last}{${named}}`]: ago(alert.threshold! - held) }, at },
    };
  };
}

const backup = tooOld('kube_cronjob_created', 'kube_cronjob_status_last_successful_time');
const proven = tooOld('kube_cronjob_created', 'restore_proof_last_success_timestamp_seconds');
const proof = (metric: string, alert: RenderedAlert, value: number): Series => ({
  [`${metric}{namespace="${alert.labels.namespace}",proof="${alert.labels.service}",job="restore-proof"}`]:
    always(value),
});

const backups: Cases = {
  PostgresBackupTooOld: backup(({ labels }) => `${labels.service}-backup-full`),
  RestoreProofFailed: steady(
    alert => proof('restore_proof_success', alert, 0),
    alert => proof('restore_proof_success', alert, 1),
  ),
  RestoreProofTooOld: proven(({ labels }) => labels.service!),
  RestoreProofSlow: steady(
    (alert, limit) => proof('restore_proof_restore_seconds', alert, limit + 1),
    (alert, limit) => proof('restore_proof_restore_seconds', alert, limit),
  ),
};

const failed = (suffix: string): Cases[string] =>
  steady(
    alert => job(alert, suffix, 1),
    alert => job(alert, suffix, 0),
  );
const job = ({ labels }: RenderedAlert, suffix: string, value: number): Series => ({
  [`kube_job_failed{namespace="${labels.namespace}",job_name="${labels.service}${suffix}",condition="true"}`]:
    always(value),
});

const migrations: Cases = { MigrationFailed: failed(''), MigrationNotTakenBack: failed('-undo') };

export const postgres: Cases = { ...database, ...patroni, ...pooler, ...backups, ...migrations };
