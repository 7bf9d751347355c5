import { Duration } from 'cdk8s';
import type { MetricSource } from '../metric-source.ts';
import { seriesOf } from '../metrics.ts';
import type { Alert } from './alert.ts';
import { LEAST } from './http.ts';
import { mayRest, type Of } from './rollout.ts';

/** What the collector of each node counts: log records by system, namespace, service, kind and severity. */
const RECORDS = 'log_records_total';

/** What a workload's log says. */
export function logAlerts(of: Of): Alert[] {
  const its = `namespace="${of.namespace}",service="${of.name}"`;
  const rate = (matchers: string) => `sum by (namespace, service) (rate(${RECORDS}{${its}${matchers}}[10m]))`;
  const errors = rate(',log_kind="error"');
  return [
    {
      name: 'ErrorLogsHigh',
      severity: 'P3',
      threshold: 0.2,
      expr: limit => `${errors} / ${rate('')} > ${limit} and on (namespace, service) ${errors} > ${LEAST}`,
      for: Duration.minutes(10),
      summary: `${of.name} logs many errors`,
      description: '{{ $value | humanizePercentage }} of what it logs are errors.',
      why: 'One line in five for ten minutes, and six a minute at least. What users feel of it has alerts of its own, by requests and queues; this one is for what they do not feel yet.',
      runbook: 'logs/errors',
    },
    {
      name: 'SecurityEvents',
      severity: 'P2',
      threshold: 20,
      expr: limit => `sum by (namespace, service) (increase(${RECORDS}{${its},log_kind="security"}[10m])) > ${limit}`,
      summary: `${of.name} reports many security events`,
      description:
        '{{ $value | humanize }} records of the kind `security` in ten minutes: refused logins, forged tokens, whatever it tells.',
      why: 'People mistype a password a few times a minute at most, all together; twenty in ten minutes are somebody who tries.',
      runbook: 'logs/security',
    },
  ];
}

/** That an audit log is kept and nothing arrives of it, while the service works. */
export function auditAlerts(of: Of, source: MetricSource | undefined): Alert[] {
  const { site } = of.system;
  // Where nobody works for hours, or nobody is sent, a silent log is right.
  if (source === undefined || mayRest(of) || site.tier === 'development' || site.role === 'standby') return [];
  const records = `${RECORDS}{namespace="${of.namespace}",service="${of.name}",log_kind="audit"}`;
  return [
    {
      name: 'AuditLogSilent',
      severity: 'P2',
      threshold: 1000,
      expr: requests =>
        `sum by (namespace) (increase(${source.requests}{${seriesOf(of)}}[1d])) > ${requests} unless on (namespace) sum by (namespace) (increase(${records}[1d])) > 0`,
      for: Duration.hours(1),
      summary: `Nothing of the audit log of ${of.name} has arrived for a day`,
      description: 'It answered {{ $value | humanize }} requests meanwhile. Who did what is then written down nowhere.',
      why: 'Among a thousand requests a day somebody signs in. An hour more leaves out a restart of the collectors. The first record that one of them counts is not seen: a counter that appears has no increase.',
      runbook: 'logs/audit',
    },
  ];
}
