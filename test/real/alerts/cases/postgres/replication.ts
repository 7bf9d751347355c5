import type { Cases, RenderedAlert } from '../../case.ts';
import { labelled, leads, of, steady } from './members.ts';

/** What the members of a StatefulSet are called, as the rule knows them. */
const member = ({ expr }: RenderedAlert, ordinal: number) =>
  `${/application_name=~"([^"]+)-\[0-9\]\+"/.exec(expr)![1]}-${ordinal}`;
const streaming = (alert: RenderedAlert, name: string) =>
  labelled(alert, 'pg_stat_replication_pg_wal_lsn_diff', `application_name="${name}",state="streaming"`, 0);
/** Bytes that a slot of a member holds back. */
const kept = (alert: RenderedAlert, ordinal: number, bytes: number) =>
  labelled(alert, 'pg_replication_slots_pg_wal_lsn_diff', 'slot_name="member_1"', bytes, ordinal);

export const replication: Cases = {
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
    (alert, limit) => ({ ...kept(alert, 0, limit + 1), ...leads(alert, 0) }),
    // What a follower keeps is copied from the one that leads.
    (alert, limit) => ({ ...kept(alert, 0, limit), ...kept(alert, 1, limit + 1), ...leads(alert, 0) }),
  ),
  PostgresReplicationSlotInactive: steady(
    alert => ({ ...labelled(alert, 'pg_replication_slots_active', 'slot_name="member_1"', 0), ...leads(alert, 0) }),
    alert => ({ ...labelled(alert, 'pg_replication_slots_active', 'slot_name="member_1"', 0), ...leads(alert, 1) }),
  ),
};
