import { Duration } from 'cdk8s';
import type { Alert } from '../../alerting/alert.ts';
import { seriesOf } from '../../metrics.ts';
import type { Workload } from '../../workload.ts';
import { DATA_SHARE, type RedisOptions } from '../options.ts';

/** What the alerts of servers go by. */
export interface Servers {
  readonly of: Pick<Workload, 'namespace' | 'name'>;
  readonly options: Pick<RedisOptions, 'memory' | 'eviction' | 'parameters'>;
  /** Whether another takes over from one that is lost. */
  readonly replicated: boolean;
  /** The page about a server that is gone. */
  readonly gone: string;
}

/** What redis.conf says where nobody says another (redis.io, redis.conf of 7.2). */
const MAX_CLIENTS = 10_000;
/** So much of a limit leaves time to act before it is met. */
const NEAR = 0.8;

/** Whether they answer. The exporter dies with its pod: then it does not say 0, it says nothing. */
export function reachability({ of, replicated, gone }: Servers): Alert[] {
  const sel = seriesOf(of);
  return [
    {
      name: 'RedisUnreachable',
      severity: 'P1',
      expr: `absent(redis_up{${sel}} == 1)`,
      for: Duration.minutes(2),
      summary: `${of.name} does not answer`,
      description:
        'No exporter says that its server answers: all servers are down, their pods are gone, or Prometheus cannot reach them. All other alerts of the servers are blind.',
      why: 'A server that hangs is started again after a minute, and exporters are asked every 30 s. A sidecar dies with its pod, so that redis_up vanishes where it should say 0.',
      runbook: gone,
    },
    ...(replicated
      ? [
          {
            name: 'RedisDown',
            severity: 'P2',
            expr: `redis_up{${sel}} == 0`,
            for: Duration.minutes(2),
            summary: `{{ $labels.pod }} of ${of.name} does not answer`,
            description:
              'The exporter beside it cannot log in or gets no answer. If it was a primary another has taken over; one more loss is felt.',
            why: 'A server is started again after a minute of silence (its liveness probe) and answers while it loads its file; two minutes are more than a restart.',
            runbook: gone,
          } satisfies Alert,
        ]
      : []),
  ];
}

/** Memory, clients, files, and what a cache is for. */
export function servers({ of, options }: Servers): Alert[] {
  const sel = seriesOf(of);
  const by = 'namespace, job, pod';
  const { eviction, parameters = {} } = options;
  const maxClients = Number(parameters.maxclients ?? MAX_CLIENTS);
  const keeps = eviction === 'noeviction';
  return [
    {
      name: 'RedisOutOfMemory',
      severity: keeps ? 'P1' : 'P2',
      expr: `sum by (${by}) (increase(redis_errors_total{${sel},err="OOM"}[5m])) > 0`,
      summary: `{{ $labels.pod }} of ${of.name} refuses writes: memory is full`,
      description: `{{ $value | humanize }} commands of the last five minutes were answered "OOM command not allowed". With ${eviction} ${keeps ? 'nothing makes room by itself' : 'there was nothing left that might go'}.`,
      why: 'Each is a write that a client wanted and did not get. The first one ever is not seen, since a counter that appears has no increase.',
      runbook: 'redis/memory-full',
    },
    ...(keeps
      ? [
          {
            name: 'RedisMemoryHigh',
            severity: 'P2',
            threshold: 0.9,
            expr: (limit: number) =>
              `redis_memory_used_bytes{${sel}} / (redis_memory_max_bytes{${sel}} > 0) > ${limit}`,
            for: Duration.minutes(5),
            summary: `{{ $labels.pod }} of ${of.name} is nearly full`,
            description: '{{ $value | humanizePercentage }} of what data may take. At 100 % writes are refused.',
            why: `With noeviction full memory is an outage of writes. Measured against maxmemory, ${+(100 * DATA_SHARE).toFixed(1)} % of the limit: never against the node, which has more.`,
            runbook: 'redis/memory-full',
          } satisfies Alert,
        ]
      : [missRatio(of, sel)]),
    {
      name: 'RedisMaxmemoryUnset',
      severity: 'P3',
      expr: `redis_memory_max_bytes{${sel}} == 0`,
      for: Duration.minutes(15),
      summary: `{{ $labels.pod }} of ${of.name} has no limit for its data`,
      description:
        'Somebody took maxmemory away by hand. The container is killed where it would have refused or evicted.',
      why: 'The construct always sets it; a restart sets it again. Fifteen minutes leave room for what somebody does on purpose.',
      runbook: 'redis/memory-full',
    },
    {
      name: 'RedisRejectedConnections',
      severity: 'P2',
      expr: `increase(redis_rejected_connections_total{${sel}}[5m]) > 0`,
      summary: `{{ $labels.pod }} of ${of.name} turns clients away`,
      description:
        '{{ $value | humanize }} connections were refused in five minutes: there are as many as maxclients allows.',
      why: 'Each is a client that got no connection.',
      runbook: 'redis/clients',
    },
    {
      name: 'RedisClientsNearLimit',
      severity: 'P2',
      threshold: Math.floor(maxClients * NEAR),
      expr: limit => `redis_connected_clients{${sel}} > ${limit}`,
      for: Duration.minutes(5),
      summary: `{{ $labels.pod }} of ${of.name} has nearly as many clients as it takes`,
      description: `{{ $value }} of ${maxClients} connections. Above that new ones are refused.`,
      why: `80 % of maxclients, ${maxClients} here: time to find who leaks connections before anybody is refused.`,
      runbook: 'redis/clients',
    },
    {
      name: 'RedisWritesNotKept',
      severity: 'P1',
      expr: `redis_aof_last_write_status{${sel}} == 0 and on (namespace, job, pod) redis_instance_info{${sel},role="master"}`,
      for: Duration.minutes(1),
      summary: `${of.name} cannot write its file and refuses writes`,
      description: 'The primary {{ $labels.pod }} could not append to its file. Until it can, clients get MISCONF.',
      why: 'Redis itself refuses writes as long as the last append failed; one minute is two looks.',
      runbook: 'redis/persistence',
    },
    {
      name: 'RedisAofFailing',
      severity: 'P2',
      expr: `redis_aof_last_write_status{${sel}} * redis_aof_last_bgrewrite_status{${sel}} == 0`,
      for: Duration.minutes(10),
      summary: `{{ $labels.pod }} of ${of.name} cannot keep its file in order`,
      description:
        'The last append or the last rewrite of the append-only file failed. The file grows without end, or the server forgets with its pod.',
      why: 'A rewrite that failed is tried again as the file grows; after ten minutes it does not mend itself.',
      runbook: 'redis/persistence',
    },
  ];
}

/** A cache is judged by what it finds, not by what it lets go. */
function missRatio(of: Servers['of'], sel: string): Alert {
  const rate = (what: string) => `sum by (namespace, job) (rate(redis_keyspace_${what}_total{${sel}}[15m]))`;
  return {
    name: 'CacheMissRatioHigh',
    severity: 'P3',
    threshold: 0.5,
    expr: limit => `${rate('misses')} / (${rate('misses')} + ${rate('hits')} > 1) > ${limit}`,
    for: Duration.minutes(15),
    summary: `${of.name} finds too little`,
    description: '{{ $value | humanizePercentage }} of reads were not in the cache: the database answers them.',
    why: 'Below one read a second nothing is said. A cold cache warms up within the quarter of an hour that it must hold, after the quarter over which it is counted.',
    runbook: 'redis/cache',
  };
}
