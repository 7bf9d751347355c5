import type { AlertCase, Cases, RenderedAlert, Series } from '../case.ts';

/** The labels of a pod's series, as the workload's PodMonitor gives them. */
const pod = ({ labels: { namespace, service } }: RenderedAlert, index: number, more = '') =>
  `{namespace="${namespace}",job="${service}",pod="${service}-${index}"${more && `,${more}`}}`;

/** When an alert that holds from the start must fire. */
const held = (alert: RenderedAlert) => `${alert.for / 60 + 3}m`;

const ALWAYS = 'x3000';

/** Constant series of the first pod, or of others: the same ones just wrong and just well. */
function when(alert: RenderedAlert, fires: Values, quiet: Values): AlertCase {
  const at = held(alert);
  return { fires: { series: constant(alert, fires), at }, quiet: { series: constant(alert, quiet), at } };
}

/** `metric`, or `metric label="value"`, and its value in the first pod or in each. */
type Values = Readonly<Record<string, number | readonly number[]>>;

function constant(alert: RenderedAlert, values: Values): Series {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const [metric, labels = ''] = name.split(' ');
      return [value].flat().map((each, index) => [`${metric}${pod(alert, index, labels)}`, `${each}${ALWAYS}`]);
    }),
  );
}

/** A counter that grows, and one that has grown before. */
const grows = (alert: RenderedAlert, metric: string, more = ''): AlertCase => ({
  fires: { series: { [`${metric}${pod(alert, 0, more)}`]: '0+1x60' }, at: '10m' },
  quiet: { series: { [`${metric}${pod(alert, 0, more)}`]: '7x60' }, at: '10m' },
});

const MASTER = 'redis_instance_info role="master"';
const REPLICA = 'redis_instance_info role="slave"';
const follower = (index: number, lag = 'lag_seconds') =>
  `redis_connected_slave_${lag} slave_ip="replica-${index}",slave_state="online"`;
const LINK = 'redis_master_link_up master_host="cache-0"';
const COPIES = 'redis_master_sync_in_progress master_host="cache-0"';
const BACKEND = 'haproxy_backend_active_servers';

export const redis: Cases = {
  RedisDown: alert => when(alert, { redis_up: [1, 0] }, { redis_up: [1, 1] }),
  RedisUnreachable: alert => ({ ...when(alert, { redis_up: [0, 0] }, { redis_up: [0, 1] }), missing: 'fires' }),
  RedisOutOfMemory: alert => grows(alert, 'redis_errors_total', 'err="OOM"'),
  RedisMemoryHigh: alert => {
    const used = (part: number) => ({ redis_memory_used_bytes: 1000 * part, redis_memory_max_bytes: 1000 });
    return when(alert, used(alert.threshold! + 0.01), used(alert.threshold! - 0.01));
  },
  RedisMaxmemoryUnset: alert => when(alert, { redis_memory_max_bytes: 0 }, { redis_memory_max_bytes: 1 }),
  RedisRejectedConnections: alert => grows(alert, 'redis_rejected_connections_total'),
  RedisClientsNearLimit: alert =>
    when(alert, { redis_connected_clients: alert.threshold! + 1 }, { redis_connected_clients: alert.threshold! }),
  RedisWritesNotKept: alert =>
    when(
      alert,
      { redis_aof_last_write_status: [0, 1], [MASTER]: 1 },
      { redis_aof_last_write_status: [1, 0], [MASTER]: 1 },
    ),
  RedisAofFailing: alert => {
    const rewrite = (status: number) => ({ redis_aof_last_write_status: 1, redis_aof_last_bgrewrite_status: status });
    return when(alert, rewrite(0), rewrite(1));
  },
  CacheMissRatioHigh: alert => {
    const reads = (misses: number): Series => ({
      [`redis_keyspace_misses_total${pod(alert, 0)}`]: `0+${Math.round(1000 * misses)}x200`,
      [`redis_keyspace_hits_total${pod(alert, 0)}`]: `0+${Math.round(1000 * (1 - misses))}x200`,
    });
    const at = `${alert.for / 60 + 20}m`;
    return {
      fires: { series: reads(alert.threshold! + 0.02), at },
      quiet: { series: reads(alert.threshold! - 0.02), at },
    };
  },

  RedisWritesRefused: alert =>
    when(alert, { [MASTER]: 1, [follower(0)]: 60 }, { [MASTER]: 1, [follower(0)]: 60, [follower(1)]: 1 }),
  RedisReplicasMissing: alert => {
    const all = Array.from({ length: alert.threshold! }, (_, index) => [follower(index), 1] as const);
    return when(alert, { [MASTER]: 1 }, { [MASTER]: 1, ...Object.fromEntries(all) });
  },
  RedisReplicaLinkDown: alert => when(alert, { [LINK]: 0, [COPIES]: 0 }, { [LINK]: 0, [COPIES]: 1 }),
  RedisReplicationBehind: alert => {
    const behind = (part: number) => ({
      redis_master_repl_offset: 10_000,
      [follower(0, 'offset_bytes')]: 10_000 - 1000 * part,
      redis_replication_backlog_bytes: 1000,
    });
    return when(alert, behind(alert.threshold! + 0.01), behind(alert.threshold! - 0.01));
  },

  // Right after a start nobody follows the primary yet.
  RedisNoPrimary: alert => when(alert, { [REPLICA]: [1, 1], [LINK]: [0, 0] }, { [MASTER]: 1, [LINK]: [0, 0] }),
  RedisTwoPrimaries: alert => when(alert, { [MASTER]: [1, 1] }, { [MASTER]: 1, [REPLICA]: [1, 1] }),
  RedisSentinelQuorumLost: alert => ({
    ...when(
      alert,
      { redis_sentinel_master_ckquorum_status: [0, 0] },
      { redis_sentinel_master_ckquorum_status: [0, 1] },
    ),
    missing: 'fires',
  }),
  RedisSentinelMissing: alert =>
    when(
      alert,
      { redis_sentinel_master_ok_sentinels: alert.threshold! - 1 },
      { redis_sentinel_master_ok_sentinels: [alert.threshold! - 1, alert.threshold!] },
    ),
  RedisSentinelGhost: alert =>
    when(
      alert,
      { redis_sentinel_master_sentinels: alert.threshold! + 1 },
      { redis_sentinel_master_sentinels: alert.threshold! },
    ),
  RedisSentinelsDisagree: alert => {
    const named = (name: string) => `redis_sentinel_master_status master_address="${name}:6379"`;
    return when(alert, { [named('cache-0')]: 1, [named('cache-1')]: 1 }, { [named('cache-0')]: [1, 1] });
  },

  RedisProxyLeadsNowhere: alert => {
    const says = (primary: number, named: string, by: number) =>
      constant(alert, { [`${BACKEND} proxy="redis_0"`]: primary, [`${BACKEND} proxy="${named}"`]: by });
    const at = held(alert);
    return {
      // It says that it is the primary; what the Sentinels say decides.
      fires: { series: says(1, 'named_1', 9), at },
      also: [
        { series: says(0, 'named_0', 9), at },
        { series: says(1, 'named_0', 1), at },
      ],
      quiet: { series: says(1, 'named_0', 9), at },
      missing: 'fires',
    };
  },
  RedisProxyPodLeadsNowhere: alert => {
    const leading = (pods: number) => ({
      [`${BACKEND} proxy="redis_0"`]: Array.from({ length: alert.threshold! }, (_, index) => (index < pods ? 1 : 0)),
      [`${BACKEND} proxy="named_0"`]: Array.from({ length: alert.threshold! }, () => 9),
    });
    return when(alert, leading(alert.threshold! - 1), leading(alert.threshold!));
  },
  RedisProxyConnectionsHigh: alert => {
    const sessions = (part: number) => ({
      'haproxy_frontend_current_sessions proxy="redis"': 2000 * part,
      'haproxy_frontend_limit_sessions proxy="redis"': 2000,
    });
    return when(alert, sessions(alert.threshold! + 0.01), sessions(alert.threshold! - 0.01));
  },

  RedisClusterSlotsUncovered: alert =>
    when(alert, { redis_cluster_slots_ok: [16_383, 16_383] }, { redis_cluster_slots_ok: [16_383, 16_384] }),
  RedisClusterDown: alert => ({
    ...when(alert, { redis_cluster_state: [0, 0] }, { redis_cluster_state: [0, 1] }),
    missing: 'fires',
  }),
  RedisClusterNodeCutOff: alert => when(alert, { redis_cluster_state: [1, 0] }, { redis_cluster_state: [1, 1] }),
  RedisClusterNodesMissing: alert => {
    const nodes = Array.from({ length: alert.threshold! }, () => alert.threshold!);
    return when(alert, { redis_cluster_known_nodes: nodes.slice(1) }, { redis_cluster_known_nodes: nodes });
  },
  RedisClusterGhostNodes: alert =>
    when(alert, { redis_cluster_known_nodes: alert.threshold! + 1 }, { redis_cluster_known_nodes: alert.threshold! }),
  RedisClusterPrimariesWrong: alert => {
    const primaries = (count: number) => ({ [MASTER]: Array.from({ length: count }, () => 1) });
    return when(alert, primaries(alert.threshold! + 1), primaries(alert.threshold!));
  },
};
