import type { AlertCase, Cases, RenderedAlert, Series } from '../case.ts';

const POINTS = 'x3000';
const COLLECTOR = 'namespace="monitoring",container="opentelemetry-collector",pod="c-1"';
const held = (alert: RenderedAlert) => `${alert.for / 60 + 15}m`;

/** Log records of the alert's own service, of a kind. */
const records = ({ labels: { namespace, service } }: RenderedAlert, kind: string) =>
  `log_records_total{namespace="${namespace}",service="${service}",log_kind="${kind}",severity="info",system="s",instance="n1"}`;

/** A counter that grows, and one that stands still. */
const grows = (alert: RenderedAlert, series: string): AlertCase => ({
  fires: { series: { [series]: `0+60${POINTS}` }, at: held(alert) },
  quiet: { series: { [series]: `7${POINTS}` }, at: held(alert) },
});

/** Any of several counters. */
function anyGrows(alert: RenderedAlert, [first = '', ...others]: readonly string[]): AlertCase {
  return { ...grows(alert, first), also: others.map(series => grows(alert, series).fires) };
}

export const logs: Cases = {
  ErrorLogsHigh: alert => {
    const share = (part: number): Series => ({
      [records(alert, 'error')]: `0+${Math.round(10_000 * part)}${POINTS}`,
      [records(alert, 'application')]: `0+${Math.round(10_000 * (1 - part))}${POINTS}`,
    });
    return {
      fires: { series: share(alert.threshold! * 1.1), at: held(alert) },
      quiet: { series: share(alert.threshold! * 0.9), at: held(alert) },
    };
  },
  SecurityEvents: alert => {
    const inTenMinutes = (count: number): Series => ({ [records(alert, 'security')]: `0+${count / 10}${POINTS}` });
    return {
      fires: { series: inTenMinutes(alert.threshold! * 1.2), at: held(alert) },
      quiet: { series: inTenMinutes(alert.threshold! * 0.8), at: held(alert) },
    };
  },
  AuditLogSilent: alert => {
    const [, counter] = /increase\((\w+)\{/.exec(alert.expr)!;
    const { namespace, service } = alert.labels;
    const minutes = alert.for / 60 + 120;
    const at = `${minutes}m`;
    const requests = (count: number): Series => ({
      [`${counter}{namespace="${namespace}",job="${service}",pod="p"}`]: `0+${count / minutes}${POINTS}`,
    });
    // Long before the time that it is held for, as many as the rule asks of a day.
    const many = requests(3 * alert.threshold!);
    return {
      fires: { series: many, at },
      // Collectors go on showing what they counted before.
      also: [{ series: { ...many, [records(alert, 'audit')]: `3${POINTS}` }, at }],
      quiet: [
        { series: { ...many, [records(alert, 'audit')]: `0+1${POINTS}` }, at },
        { series: requests(0.8 * alert.threshold!), at },
      ],
    };
  },
  CollectorMetricsAbsent: alert => ({
    fires: { series: { [`up{${COLLECTOR}}`]: `0${POINTS}` }, at: held(alert) },
    quiet: { series: { [`up{${COLLECTOR}}`]: `1${POINTS}` }, at: held(alert) },
    missing: 'fires',
  }),
  CollectorMissing: alert => {
    const series =
      'kube_daemonset_status_number_unavailable{namespace="monitoring",daemonset="opentelemetry-collector-agent"}';
    return {
      fires: { series: { [series]: `1${POINTS}` }, at: held(alert) },
      quiet: { series: { [series]: `0${POINTS}` }, at: held(alert) },
    };
  },
  CollectorQueueFilling: alert => {
    const its = `${COLLECTOR},data_type="logs",exporter="otlp_http/loki"`;
    const full = (part: number): Series => ({
      [`otelcol_exporter_queue_size{${its}}`]: `${1000 * part}${POINTS}`,
      [`otelcol_exporter_queue_capacity{${its}}`]: `1000${POINTS}`,
    });
    return {
      fires: { series: full(alert.threshold! + 0.05), at: held(alert) },
      quiet: { series: full(alert.threshold! - 0.05), at: held(alert) },
    };
  },
  CollectorLosing: alert =>
    anyGrows(
      alert,
      ['enqueue_failed', 'send_failed'].flatMap(why =>
        ['spans', 'log_records'].map(
          what => `otelcol_exporter_${why}_${what}_total{${COLLECTOR},exporter="otlp_http/tempo"}`,
        ),
      ),
    ),
  CollectorRefusing: alert =>
    anyGrows(
      alert,
      ['spans', 'log_records'].map(what => `otelcol_receiver_refused_${what}_total{${COLLECTOR},receiver="file_log"}`),
    ),
};
