/** Patroni 4.1, patroni/api.py, do_GET_metrics. */
export const PATRONI = `
patroni_version{scope,name} gauge
patroni_postgres_running{scope,name} gauge 0 1
patroni_primary{scope,name} gauge 0 1
patroni_standby_leader{scope,name} gauge 0 1
patroni_replica{scope,name} gauge 0 1
patroni_sync_standby{scope,name} gauge 0 1
patroni_quorum_standby{scope,name} gauge 0 1
patroni_xlog_paused{scope,name} gauge 0 1
patroni_postgres_streaming{scope,name} gauge 0 1
patroni_postgres_in_archive_recovery{scope,name} gauge 0 1
patroni_cluster_unlocked{scope,name} gauge 0 1
patroni_failsafe_mode_is_active{scope,name} gauge 0 1
patroni_pending_restart{scope,name} gauge 0 1
patroni_is_paused{scope,name} gauge 0 1
patroni_postmaster_start_time{scope,name} gauge
patroni_xlog_replayed_timestamp{scope,name} gauge
patroni_postgres_server_version{scope,name} gauge
patroni_dcs_last_seen{scope,name} gauge
patroni_postgres_state{scope,name} gauge
patroni_xlog_location{scope,name} counter
patroni_xlog_received_location{scope,name} counter
patroni_xlog_replayed_location{scope,name} counter
patroni_postgres_timeline{scope,name} gauge
`;
