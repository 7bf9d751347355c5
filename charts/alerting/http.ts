import { Duration } from 'cdk8s';
import type { MetricSource } from '../metric-source.ts';
import { seriesOf } from '../metrics.ts';
import type { Workload } from '../workload.ts';
import type { Alert } from './alert.ts';
import { mayRest, type Of, whileOn } from './rollout.ts';

/** One that says so where its numbers cannot be. */
type Measured = Of & Pick<Workload, 'node'>;

/** Requests or records a second below which a share says nothing: six a minute. */
export const LEAST = 0.1;

/** Seconds that the slowest twentieth may take: what people wait for. */
const SLOW = 2;

/** How a service answers, by its own count. */
export function httpAlerts(of: Measured, source: MetricSource): Alert[] {
  const its = seriesOf(of);
  const { requests, errors, clientErrors } = source;
  const rate = (matchers: string, window: string) =>
    `sum by (namespace, job) (rate(${requests}{${[its, ...(matchers ? [matchers] : [])].join(',')}}[${window}]))`;
  const share = (matchers: string, window: string, limit: number) =>
    `${rate(matchers, window)} / (${rate('', window)} > ${LEAST}) > ${limit}`;
  const few = 'Below six requests a minute a share says nothing';
  return [
    {
      name: 'ServiceDown',
      severity: 'P1',
      threshold: 0.5,
      expr: limit => share(errors, '2m', limit),
      for: Duration.minutes(1),
      summary: `${of.name} fails most requests`,
      description: '{{ $value | humanizePercentage }} of all requests end in an error of its own.',
      why: `Half of all requests: whoever tries again fails again. ${few}.`,
      runbook: 'services/http',
    },
    {
      name: 'ErrorRateHigh',
      severity: 'P2',
      threshold: 0.05,
      expr: limit => share(errors, '5m', limit),
      for: Duration.minutes(5),
      summary: `${of.name} fails many requests`,
      description: '{{ $value | humanizePercentage }} of all requests end in an error of its own.',
      why: `One in twenty for five minutes. ${few}.`,
      runbook: 'services/http',
    },
    ...latency(its, of, source),
    ...(clientErrors === undefined
      ? []
      : [
          {
            name: 'ClientErrorsHigh',
            severity: 'P3',
            threshold: 0.1,
            expr: (limit: number) => share(clientErrors, '15m', limit),
            for: Duration.minutes(15),
            summary: `${of.name} refuses many requests`,
            description: '{{ $value | humanizePercentage }} of all requests are answered as wrong.',
            why: `One in ten for a quarter of an hour. Not signed in, not allowed, not found and too many (401, 403, 404, 429) do not count where the framework tells them apart. ${few}.`,
            runbook: 'services/http',
          } satisfies Alert,
        ]),
  ];
}

/** None where the histogram has no bound with another above it: its quantile could never be more than that. */
function latency(its: string, of: Measured, { latency: measured, toAddBound }: MetricSource): Alert[] {
  const { histogram = '', bounds = [] } = measured ?? {};
  const possible = bounds.filter(bound => bound < Math.max(...bounds));
  const limit = Math.max(...possible.filter(bound => bound <= SLOW));
  if (!Number.isFinite(limit)) return [];
  return [
    {
      name: 'LatencyHigh',
      severity: 'P2',
      threshold: limit,
      expr: seconds => {
        if (!possible.includes(seconds))
          throw new Error(
            `${of.node.path}: the threshold of LatencyHigh is ${seconds} s, and ${histogram} can tell ${possible.join(', ')}; take one of these, or ${toAddBound}`,
          );
        return `histogram_quantile(0.95, sum by (namespace, job, le) (rate(${histogram}_bucket{${its}}[5m]))) > ${seconds} and on (namespace, job) sum by (namespace, job) (rate(${histogram}_count{${its}}[5m])) > ${LEAST}`;
      },
      for: Duration.minutes(5),
      summary: `${of.name} answers slowly`,
      description: 'One request in twenty takes longer than {{ $value | humanizeDuration }}.',
      why:
        limit === SLOW
          ? `${SLOW} s: people begin to try again. Below six requests a minute nothing is said.`
          : `${limit} s is the nearest bound below ${SLOW} s that the histogram can tell; ${toAddBound}. Below six requests a minute nothing is said.`,
      runbook: 'services/http',
    },
  ];
}

/** That what should tell of itself does not; `isOff` where it is held at no pods. */
export function metricsAbsent(of: Of, { isOff }: { readonly isOff: boolean }): Alert[] {
  if (isOff) return [];
  const silent = `absent(up{${seriesOf(of)}} == 1)`;
  return [
    {
      name: 'MetricsAbsent',
      severity: 'P2',
      expr: mayRest(of) ? `${silent} and on () ${whileOn(of)}` : silent,
      for: Duration.minutes(10),
      summary: `Nothing is known of ${of.name}`,
      description:
        'No pod of it answers Prometheus. Alerts of errors and latency are blind, and scaling by requests or a queue stands still.',
      why: 'Pods are asked every 30 s; ten minutes leave out a restart of all of them.',
      runbook: 'services/http',
    },
  ];
}
