import { Duration } from 'cdk8s';
import type { Alert } from '../../alerting/alert.ts';
import { ARCHIVED_WITHIN_SECONDS, CANARY_SECONDS } from '../freshness.ts';
import { leading, of, type Servers } from './watched.ts';

/** Whether those that follow do so, by their exporters. */
export function replicationAlerts(servers: Servers): Alert[] {
  const { follows, instances } = servers;
  return [
    ...(instances > 1 || follows ? [lag(servers)] : []),
    ...(instances > 1 ? [slotInactive(servers)] : []),
    // On a server that follows an archive nobody says how much others lack: Patroni says whether they stream.
    ...(instances > 1 && !follows ? [standbyMissing(servers), slotBloat(servers)] : []),
  ];
}

/**
 * By the age of what was replayed last, which is true since a row comes every minute. The exporter's own lag reads 0 on a follower
 * that is cut off (postgres_exporter#977: what was received is replayed).
 */
function lag(servers: Servers): Alert {
  const { follows, name } = servers;
  const series = of(servers);
  return {
    name: 'PostgresReplicationLag',
    severity: 'P2',
    threshold: follows ? ARCHIVED_WITHIN_SECONDS : 2 * CANARY_SECONDS,
    expr: limit =>
      `pg_replication_last_replay_seconds{${series}} > ${limit} and on (namespace, pod) pg_replication_is_replica{${series}} == 1`,
    for: Duration.minutes(5),
    summary: `{{ $labels.pod }} is {{ $value | humanizeDuration }} behind`,
    description: follows
      ? `That much of ${name} is lost if the region that writes is lost now. Readers here see the past.`
      : 'Readers of the replica see the past, and it cannot take over without loss.',
    why: follows
      ? 'A row comes every minute, WAL leaves every thirty seconds, and as much again for the way through the archive.'
      : 'A row comes every minute, so a sound follower is 70 seconds old at most: twice that.',
    runbook: 'postgres/replication-lag',
  };
}

function standbyMissing(servers: Servers): Alert {
  const { instances, name, statefulSetName } = servers;
  const series = of(servers);
  return {
    name: 'PostgresStandbyMissing',
    severity: 'P2',
    threshold: instances - 1,
    expr: all =>
      `(count by (namespace, job) (pg_stat_replication_pg_wal_lsn_diff{${series},application_name=~"${statefulSetName}-[0-9]+",state="streaming"}) or 0 * sum by (namespace, job) (pg_up{${series}})) < ${all}`,
    for: Duration.minutes(5),
    summary: `${name} has {{ $value }} of ${instances - 1} followers`,
    description:
      'Commits no longer wait for all of them. Lose as many more, and the next lost leader costs rows or waits for its volume.',
    why: `Of ${instances} servers one leads and ${instances - 1} must stream from it. Five minutes: a pod that rolls is back sooner.`,
    runbook: 'postgres/replication-lag',
  };
}

function slotBloat(servers: Servers): Alert {
  const { name, storage } = servers;
  const volume = storage.toMebibytes();
  return {
    name: 'PostgresReplicationSlotBloat',
    severity: 'P2',
    threshold: Math.floor(volume / 4) * 1024 ** 2,
    expr: limit => `pg_replication_slots_pg_wal_lsn_diff{${of(servers)}} > ${limit} and ${leading(servers)}`,
    for: Duration.minutes(10),
    summary: `{{ $labels.slot_name }} keeps {{ $value | humanize1024 }}B of WAL on the leader of ${name}`,
    description:
      'A follower does not come along, and what it lacks fills the volume. At half of the volume it is given up and must be made anew.',
    why: `A quarter of the volume of ${volume} MiB; at half of it PostgreSQL gives the slot up (max_slot_wal_keep_size).`,
    runbook: 'postgres/replication-lag',
  };
}

function slotInactive(servers: Servers): Alert {
  return {
    name: 'PostgresReplicationSlotInactive',
    severity: 'P3',
    expr: `pg_replication_slots_active{${of(servers)}} == 0 and ${leading(servers)}`,
    for: Duration.minutes(15),
    summary: `Nobody reads the slot {{ $labels.slot_name }} of {{ $labels.pod }}`,
    description:
      'WAL is kept for a member that does not come for it. Its slot goes half an hour after the member, and then it must be made anew.',
    why: 'Half of member_slots_ttl, 30 minutes. Only on the leader: followers keep slots for each other that nobody reads.',
    runbook: 'postgres/replication-lag',
  };
}
