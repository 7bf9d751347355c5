import type { InhibitRule } from './config.ts';

/** Of one service of one cluster. A target must have the label: two alerts that both lack it would count as equal. */
const SAME_SERVICE = ['cluster', 'namespace', 'service'];
const HAS_SERVICE = 'service=~".+"';

/** Nobody can use the service. */
const OUTAGES = ['NoReadyPods', 'ServiceDown'];

/** What follows from that, by name: a page of it, and what is looked at later. Nothing that may be its cause, such as an attack. */
const PAGES = ['ErrorBudgetBurn.+', 'UptimeProbeFailed'];
const SYMPTOMS = [
  'AutoscalerAtMaximum',
  'ClientErrorsHigh',
  'ErrorLogsHigh',
  'ErrorRateHigh',
  'FewerThanUsual',
  'LatencyHigh',
  'MoreThanUsual',
  'PodNotReady',
  'ReplicasMissing',
];

/** A database that answers nobody, or takes no writes. Of one whose pods are all gone nothing is heard, and the first two see nothing. */
const DATABASE_OUTAGES = ['PatroniNoLeader', 'PostgresDown', 'PatroniMetricsAbsent', 'PostgresMetricsAbsent'];

/** What else is true of a service that is down. */
const LEADERLESS = ['PatroniNoLeader', 'RedisClusterDown', 'RedisNoPrimary'];
const UNHEARD = ['MetricsAbsent', 'PatroniMetricsAbsent', 'PgbouncerMetricsAbsent', 'PostgresMetricsAbsent'];

/** What its clients say then, and the pooler before it. */
const CLIENTS = [
  'ErrorBudgetBurn.+',
  'ErrorLogsHigh',
  'ErrorRateHigh',
  'LatencyHigh',
  'PgbouncerClientsWaiting',
  'PgbouncerPoolSaturated',
];

/**
 * What need not be told while something worse is. A page is silenced by another page of the same service only: whoever comes
 * for one service does not look at the next.
 */
export const INHIBITION: readonly InhibitRule[] = [
  // The same alert, told with two severities.
  {
    source_matchers: ['severity=~"P1|critical"'],
    target_matchers: ['severity=~"P2|P3|warning|info"'],
    equal: [...SAME_SERVICE, 'alertname', 'slo'],
  },
  {
    source_matchers: ['severity=~"P2|warning"'],
    target_matchers: ['severity=~"P3|info"'],
    equal: [...SAME_SERVICE, 'alertname', 'slo'],
  },
  // One budget, burning at several speeds: the fastest says it all.
  burning('ErrorBudgetBurnFast', ['Mid', 'Slow', 'Trickle']),
  burning('ErrorBudgetBurnMid', ['Slow', 'Trickle']),
  burning('ErrorBudgetBurnSlow', ['Trickle']),
  // Of a service that is down, what users see of it. Where that wakes nobody it must not silence what does.
  {
    source_matchers: [matches('alertname', OUTAGES), 'severity="P1"'],
    target_matchers: [matches('alertname', [...PAGES, ...SYMPTOMS]), HAS_SERVICE],
    equal: SAME_SERVICE,
  },
  // One outage is one page: pods that are gone, then the server that they were, then what is not heard of it.
  outage(['NoReadyPods'], ['PostgresDown', 'PgbouncerDown', 'RedisUnreachable', ...LEADERLESS, ...UNHEARD]),
  outage(['PostgresDown', 'PgbouncerDown', 'RedisUnreachable'], [...LEADERLESS, ...UNHEARD]),
  outage(['PostgresMetricsAbsent'], ['PatroniMetricsAbsent']),
  // The clients of a database that is down, by the name of the database that they ask first. Their pages stay.
  {
    source_matchers: [matches('alertname', DATABASE_OUTAGES), 'db=~".+"'],
    target_matchers: [matches('alertname', CLIENTS), 'severity=~"P2|P3"', 'db=~".+"', 'system=~".+"'],
    equal: ['cluster', 'system', 'db'],
  },
  // What a workload tells of its own, the platform's net for all of them need not tell again.
  about('name', 'CertificateNotReady', 'CertificateRefused'),
  about('name', 'CertificateRenewalOverdue', 'CertificateRenewalLate'),
  about('service', 'ScalerFailing', 'KedaScalersFailing'),
  // Here the platform's is the page, and comes last.
  about('name', 'CertificateRunsOut', 'CertificateExpiringSoon'),
];

/** Pages of one service that tell of one outage: the first says it all. */
function outage(sources: readonly string[], told: readonly string[]): InhibitRule {
  return {
    source_matchers: [matches('alertname', sources), 'severity="P1"'],
    target_matchers: [matches('alertname', told), HAS_SERVICE],
    equal: SAME_SERVICE,
  };
}

/** Two alerts about one thing, which a label of both names. */
function about(label: string, told: string, silent: string): InhibitRule {
  return {
    source_matchers: [`alertname="${told}"`, `${label}=~".+"`],
    target_matchers: [`alertname="${silent}"`, `${label}=~".+"`],
    equal: ['cluster', 'namespace', label],
  };
}

function burning(source: string, slower: readonly string[]): InhibitRule {
  return {
    source_matchers: [`alertname="${source}"`],
    target_matchers: [`alertname=~"ErrorBudgetBurn(${slower.join('|')})"`, HAS_SERVICE, 'slo=~".+"'],
    equal: [...SAME_SERVICE, 'slo'],
  };
}

function matches(label: string, values: readonly string[]): string {
  return `${label}=~"${values.join('|')}"`;
}
