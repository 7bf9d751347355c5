import { Duration } from 'cdk8s';
import type { Alert } from '../../alerting/alert.ts';
import { of, type Servers } from './watched.ts';

/** PostgreSQL's own default of superuser_reserved_connections. */
const RESERVED = 3;

/** Whether servers answer at all, by their exporter. */
export function serverAlerts(servers: Servers): Alert[] {
  const { instances, name } = servers;
  const series = of(servers);
  return [
    {
      name: 'PostgresDown',
      severity: 'P1',
      expr: `max by (namespace, job) (pg_up{${series}}) == 0`,
      for: Duration.minutes(1),
      summary: `No server of ${name} answers`,
      description: `Exporters run beside the servers of ${name}, and none can ask its own. Whoever needs the database has errors.`,
      why: 'One minute: two scrapes in a row. One server alone is PostgresServerDown; others lead then.',
      runbook: 'postgres/database-down',
    },
    {
      name: 'PostgresMetricsAbsent',
      severity: 'P1',
      expr: `absent(pg_up{${series}})`,
      for: Duration.minutes(5),
      summary: `Nobody hears anything of ${name}`,
      description: `No exporter of ${name} is scraped: all pods are gone, or Prometheus cannot reach them. Its other alerts are blind.`,
      why: 'An exporter goes with its pod: pg_up then disappears and never becomes 0. Five minutes outlast a roll of all pods.',
      runbook: 'postgres/database-down',
    },
    ...(instances > 1 ? [serverDown(servers)] : []),
    {
      name: 'PostgresUnsafeSettings',
      severity: 'P1',
      expr: `pg_settings_fsync{${series}} * pg_settings_full_page_writes{${series}} == 0`,
      for: Duration.minutes(5),
      summary: `{{ $labels.pod }} runs without fsync or full_page_writes`,
      description: 'The next crash of this server or its node may corrupt the data, on this server for good.',
      why: 'Both are settled in code and cannot be set otherwise there: somebody did it by hand.',
      runbook: 'postgres/corruption',
    },
    {
      name: 'PostgresExporterErrors',
      severity: 'P3',
      expr: `pg_scrape_collector_success{${series}} == 0`,
      for: Duration.minutes(15),
      summary: 'The exporter of {{ $labels.pod }} cannot ask for {{ $labels.collector }}',
      description: 'Its series are missing, and alerts that read them cannot fire.',
      why: 'A quarter of an hour: a restart or a lock makes one scrape fail, and no alert of the data tier waits longer for its first word.',
      runbook: 'postgres/database-down',
    },
  ];
}

function serverDown(servers: Servers): Alert {
  return {
    name: 'PostgresServerDown',
    severity: 'P2',
    expr: `pg_up{${of(servers)}} == 0`,
    for: Duration.minutes(5),
    summary: '{{ $labels.pod }} does not answer its exporter',
    description: `One server of ${servers.instances} cannot be asked: it is down, or all its connections are taken.`,
    why: 'Five minutes: a restart takes less, and another leads meanwhile.',
    runbook: 'postgres/database-down',
  };
}

/** What sessions do to the servers. */
export function sessionAlerts(servers: Servers): Alert[] {
  const { maxConnections, name, parameters } = servers;
  const series = of(servers);
  const reserved = Number(parameters.superuser_reserved_connections ?? RESERVED);
  const room = maxConnections - reserved;
  return [
    {
      name: 'PostgresConnectionsHigh',
      severity: 'P2',
      threshold: Math.floor(0.8 * room),
      expr: limit => `sum by (namespace, pod) (pg_stat_activity_count{${series}}) > ${limit}`,
      for: Duration.minutes(5),
      summary: `{{ $labels.pod }} has {{ $value }} of ${room} connections`,
      description:
        'Soon new sessions are refused with "too many clients", first those that come past the pooler, such as migrations.',
      why: `80 % of max_connections ${maxConnections} less ${reserved} for superusers; poolers leave 20 to others even while they roll.`,
      runbook: 'postgres/connections',
    },
    {
      name: 'PostgresIdleInTransaction',
      severity: 'P3',
      threshold: 300,
      expr: limit =>
        `max by (namespace, pod, datname, usename) (pg_stat_activity_max_tx_duration{${series},state=~"idle in transaction.*"}) > ${limit}`,
      for: Duration.minutes(5),
      summary: '{{ $labels.usename }} holds a transaction open in {{ $labels.datname }} and does nothing',
      description:
        'For {{ $value | humanizeDuration }} it has kept its locks and a connection of the pool; vacuum cannot clean what came after.',
      why: 'Five minutes: no transaction of a service waits so long for anything but a mistake.',
      runbook: 'postgres/connections',
    },
    {
      name: 'PostgresLongTransaction',
      severity: 'P3',
      threshold: 3600,
      expr: limit => `pg_long_running_transactions_oldest_timestamp_seconds{${series}} > ${limit}`,
      for: Duration.minutes(5),
      summary: `{{ $labels.pod }} has a transaction of {{ $value | humanizeDuration }}`,
      description: 'Vacuum cannot clean what was deleted since, tables grow, and whoever needs its locks waits.',
      why: 'An hour: longer than any report should take, and short enough to be found the same day. Despite its name the series is an age.',
      runbook: 'postgres/connections',
    },
    {
      name: 'PostgresDeadlocks',
      severity: 'P3',
      threshold: 5,
      expr: limit =>
        `sum by (namespace, job, datname) (increase(pg_stat_database_deadlocks{${series},datname!~"template.*|"}[15m])) > ${limit}`,
      for: Duration.minutes(5),
      summary: `{{ $labels.datname }} of ${name} had {{ $value | humanize }} deadlocks in a quarter of an hour`,
      description: 'Each ended a transaction with an error: two of them take the same rows in another order.',
      why: 'One now and then is tried again by the application; more than five in fifteen minutes are a release that takes locks in a new order.',
      runbook: 'postgres/connections',
    },
    ...(['xid', 'multixact'] as const).map(kind => wraparound(servers, kind)),
  ];
}

/** Of transactions, or of those that lock rows together. */
function wraparound(servers: Servers, kind: 'xid' | 'multixact'): Alert {
  const metric = kind === 'xid' ? 'datfrozenxid' : 'datminmxid';
  return {
    name: kind === 'xid' ? 'PostgresXidWraparound' : 'PostgresMultixactWraparound',
    severity: 'P2',
    threshold: 1_000_000_000,
    expr: limit =>
      `max by (namespace, job, datname) (pg_database_wraparound_age_${metric}_seconds{${of(servers)}}) > ${limit}`,
    for: Duration.minutes(10),
    summary: `{{ $labels.datname }} of ${servers.name} has not been frozen for {{ $value | humanize }} ${kind === 'xid' ? 'transactions' : 'multixacts'}`,
    description: 'At two thousand million the database takes no more writes. Vacuum does not get through.',
    why: 'Half of the way. Autovacuum freezes from 200 or 400 million on, so something holds it up. Despite its name the series counts no seconds.',
    runbook: 'postgres/wraparound',
  };
}
