import { type Metric, NAME_OF_METRIC } from './metric.ts';

/** From what it is told how a service answers: objectives, alerts, scaling and panels all read this. */
export interface MetricSource {
  /** The counter of answered requests; a histogram's `_count` where the framework has no counter of its own. */
  readonly requests: string;
  /** The matcher of what went wrong by the service's fault: `status=~"5.."`. */
  readonly errors: string;
  /** The matcher of what went wrong by the caller's. @default callers make no mistakes that are counted */
  readonly clientErrors?: string;
  /** How long answers take; left out where nothing measures it. */
  readonly latency?: {
    /** The histogram's name, without `_bucket`; in seconds. */
    readonly histogram: string;
    /** Its bounds in seconds: the only times that "within" can be said of. */
    readonly bounds: readonly number[];
  };
  /** Every series of the above, with labels. */
  readonly metrics: readonly Metric[];
  /** How a bound is added, for whoever asks for a time that is none. */
  readonly toAddBound: string;
}

export interface Buckets {
  /** The histogram's bounds in seconds, where the service sets its own. @default the framework's */
  readonly bounds?: readonly number[];
}

/**
 * What a caller may well do wrong, and nobody must look at: who is not signed in or may not (401, 403), what is not there
 * (404), who asks too often (429). A framework that groups its codes to `4xx` cannot tell them apart.
 */
const CALLERS_FAULT = (label: string) => `${label}=~"4..",${label}!~"401|403|404|429"`;

/**
 * FastAPI with prometheus-fastapi-instrumentator (8.0.2, `metrics.py`). Codes are `5xx` unless it is told not to group them, which
 * the matchers take as well.
 */
export function fastApi({ bounds = FAST_API }: Buckets = {}): MetricSource {
  const requests = 'http_requests_total';
  const histogram = 'http_request_duration_highr_seconds';
  return {
    requests,
    errors: 'status=~"5.."',
    clientErrors: CALLERS_FAULT('status'),
    latency: { histogram, bounds },
    metrics: [
      { type: 'counter', name: requests, help: 'Answered requests', labels: ['method', 'handler', 'status'] },
      { type: 'histogram', name: histogram, help: 'How long requests take', labels: [], bounds },
    ],
    toAddBound: 'in the service give the instrumentator latency_highr_buckets, and here fastApi({ bounds: […] })',
  };
}

/** Express and NestJS with express-prom-bundle (8.0.0) and its option `includeMethod`. Its histogram is its only counter. */
export function expressPromBundle({ bounds = EXPRESS_PROM_BUNDLE }: Buckets = {}): MetricSource {
  return oneHistogram({
    histogram: 'http_request_duration_seconds',
    status: 'status_code',
    labels: ['status_code', 'method'],
    bounds,
    toAddBound: 'in the service give promBundle buckets, and here expressPromBundle({ bounds: […] })',
  });
}

/** OpenTelemetry's SDK with its Prometheus exporter: `http.server.request.duration` of its semantic conventions for HTTP. */
export function openTelemetry({ bounds = OPEN_TELEMETRY }: Buckets = {}): MetricSource {
  return oneHistogram({
    histogram: 'http_server_request_duration_seconds',
    status: 'http_response_status_code',
    labels: ['http_response_status_code', 'http_route', 'http_request_method'],
    bounds,
    toAddBound:
      'in the service give the instrument a view with these boundaries, and here openTelemetry({ bounds: […] })',
  });
}

/** Whatever else counts what it does: another framework, or a worker's jobs. */
export function source(of: {
  /** The counter, in full: `counter('jobs_total', 'Jobs that ended', ['result'])`. */
  readonly requests: Metric;
  readonly errors: string;
  readonly clientErrors?: string;
  /** A histogram in seconds. */
  readonly latency?: Metric;
}): MetricSource {
  const { requests, errors, clientErrors, latency } = of;
  return {
    requests: requests.type === 'histogram' ? `${requests.name}_count` : requests.name,
    errors,
    ...(clientErrors && { clientErrors }),
    ...(latency && { latency: { histogram: latency.name, bounds: latency.bounds ?? [] } }),
    metrics: latency && latency !== requests ? [requests, latency] : [requests],
    toAddBound: 'add it to the bounds of the histogram, in the service and here',
  };
}

function oneHistogram({
  histogram: name,
  status,
  labels,
  bounds,
  toAddBound,
}: {
  readonly histogram: string;
  readonly status: string;
  readonly labels: readonly string[];
  readonly bounds: readonly number[];
  readonly toAddBound: string;
}): MetricSource {
  return {
    requests: `${name}_count`,
    errors: `${status}=~"5.."`,
    clientErrors: CALLERS_FAULT(status),
    latency: { histogram: name, bounds },
    metrics: [{ type: 'histogram', name, help: 'Answered requests, and how long they take', labels, bounds }],
    toAddBound,
  };
}

/** @throws where a source names what it does not have */
export function checkSource(path: string, { requests, errors, clientErrors, metrics }: MetricSource): void {
  const labels = metrics.find(({ name }) => requests === name || requests === `${name}_count`)?.labels;
  if (!NAME_OF_METRIC.test(requests) || labels === undefined)
    throw new Error(`${path}: metrics.source counts "${requests}", which is none of its metrics; name one of them`);
  for (const matcher of [errors, clientErrors ?? errors]) {
    for (const each of matcher.split(/,(?=\w+[=!])/)) {
      const label = /^(\w+)(=|!=|=~|!~)"[^"]*"$/.exec(each)?.[1];
      if (label === undefined || !labels.includes(label))
        throw new Error(
          `${path}: metrics.source tells errors by ${matcher}, and ${requests} has the labels ${labels.join(', ')}; write ${labels[0] ?? 'label'}="…"`,
        );
    }
  }
}

/** Each framework's own bounds, in seconds; none has 0.2. */
const FAST_API = [0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60];
const EXPRESS_PROM_BUNDLE = [0.003, 0.03, 0.1, 0.3, 1.5, 10];
const OPEN_TELEMETRY = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
