import { Duration } from 'cdk8s';
import type { Alert } from '../../alerting/alert.ts';
import { SCRAPE_SECONDS } from '../../metrics.ts';
import { of, type Servers } from './watched.ts';

/** Who leads, and whether anybody may, by Patroni's own word. */
export function leaderAlerts(servers: Servers): Alert[] {
  const { failover, follows, instances, name } = servers;
  const series = of(servers);
  const lease = failover.ttl.toSeconds() + failover.loopWait.toSeconds();
  const leader = follows ? 'patroni_standby_leader' : 'patroni_primary';
  return [
    {
      name: 'PatroniNoLeader',
      severity: 'P1',
      expr: `sum by (namespace, job) (${leader}{${series}}) < 1`,
      for: wholeMinutes(lease + SCRAPE_SECONDS),
      summary: `Nobody leads ${name}`,
      description: follows
        ? 'No server follows the cluster that writes: this region falls behind, and could not take over.'
        : 'Nobody takes writes, and no follower took over by itself.',
      why: `A lease of ${failover.ttl.toSeconds()} s and one look of ${failover.loopWait.toSeconds()} s replace a lost leader; a scrape besides, in whole minutes.`,
      runbook: 'postgres/database-down',
    },
    {
      name: 'PatroniSplitBrain',
      severity: 'P1',
      expr: `sum by (namespace, job) (patroni_primary{${series}}) > ${follows ? 0 : 1}`,
      // A region that changes its role is told within ninety seconds of the sync, and needs some more.
      for: Duration.minutes(follows ? 5 : 2),
      summary: follows ? `${name} takes writes where it must follow` : `Several servers of ${name} take writes`,
      description: 'Each takes rows that the other never gets. Every minute makes it worse.',
      why: follows
        ? 'None may be primary here, since the primary is in another cluster. Five minutes, as a change of roles takes three.'
        : 'One primary at most. Two minutes: one that lost its lease steps down within seconds, and a scrape of it may be half a minute old.',
      runbook: 'postgres/split-brain',
    },
    {
      name: 'PatroniMetricsAbsent',
      severity: 'P1',
      expr: `absent(patroni_primary{${series}})`,
      for: Duration.minutes(5),
      summary: `Patroni of ${name} is not heard`,
      description:
        'No member says who leads: all pods are gone, or Prometheus cannot reach their port 8008 by TLS. Alerts of failover are blind.',
      why: 'Five minutes outlast a roll of all pods.',
      runbook: 'postgres/database-down',
    },
    {
      name: 'PatroniDcsUnreachable',
      severity: 'P2',
      threshold: 2 * failover.ttl.toSeconds(),
      expr: limit => `time() - patroni_dcs_last_seen{${series}} > ${limit}`,
      for: Duration.minutes(1),
      summary: `{{ $labels.pod }} cannot reach the API server`,
      description: `Its last answer is {{ $value | humanizeDuration }} old. The leader goes on as long as it reaches every member; a loss of any pod now stops writes.`,
      why: `Twice the lease of ${failover.ttl.toSeconds()} s. No P1: the leader goes on (failsafe_mode), and when it does not, PatroniNoLeader says so.`,
      runbook: 'postgres/failover',
    },
    ...(instances > 1 ? [failsafe(servers)] : []),
  ];
}

function failsafe(servers: Servers): Alert {
  return {
    name: 'PatroniFailsafeActive',
    severity: 'P2',
    expr: `max by (namespace, job) (patroni_failsafe_mode_is_active{${of(servers)}}) == 1`,
    for: Duration.minutes(1),
    summary: `${servers.name} goes on without the API server`,
    description:
      'The leader keeps its lease by the word of every member. It steps down as soon as it does not reach one of them.',
    why: 'One minute: two scrapes in a row. It ends by itself with the first answer of the API server.',
    runbook: 'postgres/failover',
  };
}

/** Whether members do what they are for. */
export function memberAlerts(servers: Servers): Alert[] {
  const { instances, name } = servers;
  const series = of(servers);
  const member = {
    name: 'PatroniMemberNotRunning',
    severity: 'P2',
    expr: `patroni_postgres_running{${series}} == 0`,
    for: Duration.minutes(5),
    summary: `{{ $labels.name }} runs no PostgreSQL`,
    description: `Patroni answers and its server does not run: it starts, recovers, is made anew, or cannot.`,
    why: 'Five minutes: a restart and its recovery take less. Members that are made anew take an hour or two, and are meant.',
    runbook: 'postgres/database-down',
  } as const;
  if (instances === 1) return [member];
  return [
    member,
    {
      name: 'PatroniClusterDegraded',
      severity: 'P2',
      threshold: instances,
      expr: all => `sum by (namespace, job) (patroni_postgres_running{${series}}) < ${all}`,
      for: Duration.minutes(10),
      summary: `${name} runs {{ $value }} of ${instances} servers`,
      description: 'Nothing is down, with less to lose until something is.',
      why: `instances is ${instances}. Ten minutes: longer than a node takes to be replaced.`,
      runbook: 'postgres/rebuild-a-member',
    },
    {
      name: 'PatroniReplicaNotStreaming',
      severity: 'P2',
      expr: `patroni_postgres_streaming{${series}} == 0 and on (namespace, pod) patroni_replica{${series}} == 1`,
      for: Duration.minutes(5),
      summary: `{{ $labels.name }} does not stream from its leader`,
      description: 'It gets what it gets from the archive, and cannot take over without loss.',
      why: 'Five minutes: after a restart it fetches from the archive first, and streams within one.',
      runbook: 'postgres/replication-lag',
    },
    replayLag(servers),
    ...(servers.follows ? [] : [noSyncStandby(servers)]),
  ];
}

function replayLag(servers: Servers): Alert {
  const { follows } = servers;
  const series = of(servers);
  // Where nobody is primary, by who has most.
  const most = follows ? 'patroni_xlog_replayed_location' : 'patroni_xlog_location';
  return {
    name: 'PatroniReplicationLagBytes',
    severity: 'P2',
    threshold: 64 * 1024 ** 2,
    expr: limit =>
      `max by (namespace, job) (${most}{${series}}) - on (namespace, job) group_right () (patroni_xlog_replayed_location{${series}} and on (namespace, pod) patroni_replica{${series}} == 1) > ${limit}`,
    for: Duration.minutes(5),
    summary: `{{ $labels.name }} is {{ $value | humanize1024 }}B behind`,
    description:
      'It replays more slowly than is written: its disk or its processor is slower, or a query of a reader holds the replay up.',
    why: 'Four segments of WAL for five minutes: a burst, such as a bulk load, is caught up sooner.',
    runbook: 'postgres/replication-lag',
  };
}

function noSyncStandby(servers: Servers): Alert {
  const series = of(servers);
  return {
    name: 'PatroniNoSyncStandby',
    severity: 'P2',
    expr: `sum by (namespace, job) (patroni_sync_standby{${series}} + patroni_quorum_standby{${series}}) < 1`,
    for: Duration.minutes(5),
    summary: `Commits of ${servers.name} wait for no follower`,
    description:
      'No row is safe on two servers: if the leader is lost now, the newest are lost with it or wait for its volume.',
    why: 'From two instances on a commit waits for every follower. With all of them gone the leader goes on alone (synchronous_mode_strict is off).',
    runbook: 'postgres/failover',
  };
}

/** What a person did, or should know of. */
export function changeAlerts(servers: Servers): Alert[] {
  const { instances, name } = servers;
  const series = of(servers);
  return [
    {
      name: 'PatroniPaused',
      severity: 'P3',
      expr: `max by (namespace, job) (patroni_is_paused{${series}}) == 1`,
      for: Duration.hours(1),
      summary: `Patroni of ${name} is paused`,
      description: 'Nobody takes over while it is. Somebody said `patronictl pause` and not yet `resume`.',
      why: 'An hour: as long as work on a database by hand may take without a word.',
      runbook: 'postgres/failover',
    },
    {
      name: 'PatroniPendingRestart',
      severity: 'P3',
      expr: `patroni_pending_restart{${series}} == 1`,
      for: Duration.hours(1),
      summary: `{{ $labels.name }} runs with old settings`,
      description:
        'A setting needs a restart that did not come: agents restart one after the other, and one of them does not.',
      why: 'Agents restart within minutes, followers first; an hour later it is stuck.',
      runbook: 'postgres/failover',
    },
    ...(instances > 1
      ? [
          {
            name: 'PatroniFailoverHappened',
            severity: 'P3',
            expr: `changes(max by (namespace, job) (patroni_postgres_timeline{${series}} > 0)[15m:1m]) > 0`,
            summary: `Another server leads ${name}`,
            description: 'Writes stopped for some seconds, and go on. Somebody should know why.',
            why: 'Every promotion begins a new timeline. It needs nobody at once, so it becomes a ticket, for a quarter of an hour.',
            runbook: 'postgres/failover',
          } as const,
        ]
      : []),
  ];
}

function wholeMinutes(seconds: number): Duration {
  return Duration.minutes(Math.ceil(seconds / 60));
}
