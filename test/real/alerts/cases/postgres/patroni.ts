import type { Cases, RenderedAlert, Series } from '../../case.ts';
import { absent, after, of, pod, steady } from './members.ts';

const leader = (alert: RenderedAlert) =>
  alert.expr.includes('patroni_standby_leader') ? 'patroni_standby_leader' : 'patroni_primary';

export const patroni: Cases = {
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
    const at = after(alert);
    return {
      fires: { series: seen(alert.threshold! + 1), at },
      quiet: { series: seen(alert.threshold!), at },
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
