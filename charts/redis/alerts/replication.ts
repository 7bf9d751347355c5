import { Duration } from 'cdk8s';
import type { Alert } from '../../alerting/alert.ts';
import { seriesOf } from '../../metrics.ts';
import { dataBytes } from '../options.ts';
import type { Servers } from './servers.ts';

export interface Replicas extends Pick<Servers, 'of' | 'options'> {
  /** How many follow each primary. */
  readonly replicas: number;
  /** Whether a primary that nobody follows takes no writes. */
  readonly fenced: boolean;
  /** How old the last word of a replica may be, in seconds, before it counts as none. */
  readonly silence: number;
}

/** What a network between two zones carries beside everything else, in bytes a second: a copy takes so long at most. */
const COPIES = 20_000_000;

/** Who follows whom, and how closely. */
export function replication({ of, options, replicas, fenced, silence }: Replicas): Alert[] {
  const sel = seriesOf(of);
  const primary = `redis_instance_info{${sel},role="master"}`;
  const following =
    `(count by (namespace, job, pod) (redis_connected_slave_lag_seconds{${sel},slave_state="online"} <= ${silence})` +
    ` or 0 * count by (namespace, job, pod) (${primary}))`;
  const copy = Math.ceil(dataBytes(options.memory) / COPIES / 60);
  return [
    ...(fenced
      ? [
          {
            name: 'RedisWritesRefused',
            severity: 'P1',
            expr: `${following} < 1`,
            for: Duration.minutes(1),
            summary: `${of.name} refuses writes: nobody follows {{ $labels.pod }}`,
            description:
              'The primary has no replica that follows, and takes no writes that nobody would have but it: NOREPLICAS.',
            why: `min-replicas-to-write is 1 and a replica that was silent for ${silence} s does not count; one minute is two looks.`,
            runbook: 'redis/replication',
          } satisfies Alert,
        ]
      : []),
    {
      name: 'RedisReplicasMissing',
      severity: 'P2',
      threshold: replicas,
      expr: limit => `${following} < ${limit}`,
      for: Duration.minutes(5 + copy),
      summary: `{{ $labels.pod }} of ${of.name} has too few replicas`,
      description: `{{ $value }} of ${replicas} follow it. What it holds would survive one loss less.`,
      why: `${replicas} is what the construct asks for. A new replica copies ${Math.round(dataBytes(options.memory) / 1e9)} GB at most, in ${copy} minutes at 20 MB/s; five more are for its start.`,
      runbook: 'redis/replication',
    },
    {
      name: 'RedisReplicaLinkDown',
      severity: 'P2',
      expr: `redis_master_link_up{${sel}} == 0 unless on (namespace, job, pod) redis_master_sync_in_progress{${sel}} == 1`,
      for: Duration.minutes(2),
      summary: `{{ $labels.pod }} of ${of.name} has lost its primary`,
      description: 'Its link to {{ $labels.master_host }} is down, and it is not copying. What it holds grows old.',
      why: 'After a failover replicas find the new primary within seconds. A copy under way is no lost link: RedisReplicasMissing counts those.',
      runbook: 'redis/replication',
    },
    {
      name: 'RedisReplicationBehind',
      severity: 'P2',
      threshold: 0.5,
      expr: limit =>
        `(redis_master_repl_offset{${sel}} - on (namespace, job, pod) group_right () redis_connected_slave_offset_bytes{${sel},slave_state="online"})` +
        ` / on (namespace, job, pod) group_left () redis_replication_backlog_bytes{${sel}} > ${limit}`,
      for: Duration.minutes(5),
      summary: `{{ $labels.slave_ip }} falls behind its primary in ${of.name}`,
      description:
        'It lacks {{ $value | humanizePercentage }} of what the primary keeps for replicas that were away. Beyond that, a break means a copy of everything; a failover to it loses so much.',
      why: 'Half of the backlog: behind by all of it, a replica whose link breaks cannot go on from where it was.',
      runbook: 'redis/replication',
    },
  ];
}
