import type { AlertCase, Cases, RenderedAlert, Series } from '../case.ts';
import { type Matcher, selectorsOf } from '../selectors.ts';

/** The cases of what every workload brings by itself. */
export const workloads: Cases = {
  ContainerCannotStart: waiting,
  PodCrashLooping: waiting,
  PodPending: alert => ({
    fires: after(alert, [['kube_pod_status_phase', '1x60']]),
    quiet: after(alert, [['kube_pod_status_phase', '1x10 0x60']]),
  }),
  PodNotReady: alert => ({
    fires: after(alert, [
      ['kube_pod_status_ready', '0x120'],
      ['kube_pod_status_phase', '1x120'],
    ]),
    quiet: after(alert, [
      ['kube_pod_status_ready', '1x120'],
      ['kube_pod_status_phase', '1x120'],
    ]),
  }),
  ContainerOOMKilled: alert => {
    const killed = (restarts: string) =>
      after(alert, [
        ['kube_pod_container_status_restarts_total', restarts, CONTAINER],
        ['kube_pod_container_status_last_terminated_reason', '1x60', CONTAINER],
      ]);
    return { fires: { ...killed('3x10 4x50'), at: '12m' }, quiet: { ...killed('4x60'), at: '12m' } };
  },
  ContainerMemoryHigh: alert => {
    const metrics = metricsOf(alert).filter(metric => metric.startsWith('container_memory_'));
    const used = (share: number) =>
      after(alert, [
        ...metrics.map((metric): Given => [metric, `${(1000 * share) / metrics.length}x60`, CONTAINER]),
        ['kube_pod_container_resource_limits', '1000x60', CONTAINER],
      ]);
    return { fires: used(1.05 * limitOf(alert)), quiet: used(0.95 * limitOf(alert)) };
  },
  ContainerCpuHigh: alert => {
    const used = (share: number) => ({
      ...after(alert, [
        ['container_cpu_usage_seconds_total', `0+${60 * 2 * share}x60`, CONTAINER],
        ['kube_pod_container_resource_limits', '2x60', CONTAINER],
      ]),
      at: '30m',
    });
    return { fires: used(1.1 * limitOf(alert)), quiet: used(0.9 * limitOf(alert)) };
  },
  NoReadyPods: alert => {
    const [ready = '', asked = ''] = metricsOf(alert);
    const there = (pods: number) =>
      after(alert, [
        [ready, `${pods}x60`],
        [asked, '2x60'],
      ]);
    return { fires: there(0), quiet: there(1) };
  },
  RolloutStuck: flag,
  ReplicasMissing: alert => {
    const [first = '', second] = metricsOf(alert);
    const ready = (missing: number) =>
      after(
        alert,
        second === undefined
          ? [[first, `${limitOf(alert) - missing}x120`]]
          : [
              [first, '4x120'],
              [second, `${4 - missing}x120`],
            ],
      );
    return { fires: ready(1), quiet: ready(0) };
  },
  ServiceDown: errors,
  ErrorRateHigh: errors,
  ClientErrorsHigh: errors,
  LatencyHigh: alert => {
    const [bucket = '', count = ''] = metricsOf(alert);
    const bound = limitOf(alert);
    const within = (good: number) => ({
      ...after(alert, [
        [bucket, `0+${60 * good}x60`, { le: String(bound) }],
        [bucket, '0+60x60', { le: String(2 * bound) }],
        [bucket, '0+60x60', { le: '+Inf' }],
        [count, '0+60x60'],
      ]),
      at: '20m',
    });
    return { fires: within(0.93), quiet: within(0.97) };
  },
  MetricsAbsent: alert => ({
    fires: after(alert, [['up', '0x60'], ...on(alert)]),
    quiet: after(alert, [['up', '1x60'], ...on(alert)]),
    ...(on(alert).length === 0 && { missing: 'fires' }),
  }),
  AutoscalerAtMaximum: alert => gauge(alert, limitOf(alert), limitOf(alert) - 1),
  AutoscalerCannotRead: flag,
  ScalerFailing: alert => growth(alert),
  ScalerHearsNothing: alert => growth(alert),
  VolumeAlmostFull: alert => free(alert),
  VolumeCritical: alert => free(alert),
  VolumeInodesLow: alert => free(alert),
  VolumeFullSoon: alert => {
    const falls = (values: string) => ({
      ...after(alert, [
        ['kubelet_volume_stats_available_bytes', values],
        ['kubelet_volume_stats_capacity_bytes', '1000x200'],
      ]),
      at: '7h',
    });
    return { interval: '5m', fires: falls('300-1x200'), quiet: falls('400-1.2x200') };
  },
  CertificateExpiringSoon: alert => expiry(alert),
  ServedCertificateExpiring: alert => expiry(alert),
  CertificateNotReady: alert => gauge(alert, 0, 1),
  CertificateRenewalOverdue: alert => {
    const due = { ...after(alert, [[metricsOf(alert)[0]!, '60x900']]) };
    return {
      fires: { ...due, at: `${limitOf(alert) * 60 + 20}m` },
      quiet: { ...due, at: `${limitOf(alert) * 60 - 5}m` },
    };
  },
  UptimeProbeFailed: alert => {
    const answers = (four: string) =>
      after(alert, [['probe_success', Array(40).fill(four).join(' '), INSTANCE], ...on(alert)], 3);
    return { interval: '30s', fires: answers('0 0 0 1'), quiet: answers('1 1 1 0') };
  },
  UptimeProbeMissing: absent,
  CronJobNotSucceeded: alert => {
    const limit = limitOf(alert);
    const series = (created: number, succeeded?: number) =>
      after(alert, [
        ['kube_cronjob_created', `${created}x60`],
        ...(succeeded === undefined
          ? []
          : [['kube_cronjob_status_last_successful_time', `${succeeded}x60`] satisfies Given]),
        ['kube_cronjob_spec_suspend', '0x60'],
      ]);
    // Once it never succeeded; once it did, in time, long after it was made.
    return { fires: series(-limit), quiet: series(-10 * limit, -0.9 * limit) };
  },
  CronJobMissing: absent,
  CronJobSuspended: flag,
  CronJobRunFailed: alert => {
    const job = { job_name: 'run-1' };
    const failed: readonly Given[] = [
      ['kube_job_failed', '1x60', job],
      ['kube_job_owner', '1x60', job],
      ['kube_job_status_start_time', '100x60', job],
    ];
    return {
      fires: after(alert, failed),
      quiet: after(alert, [...failed, ['kube_cronjob_status_last_successful_time', '200x60']]),
    };
  },
  JobFailed: flag,
};

const CONTAINER = { container: 'main' };
const INSTANCE = { instance: 'https://shop.example.org/' };

/** A metric, its values, and labels that its selector leaves open. */
export type Given = readonly [metric: string, values: string, labels?: Readonly<Record<string, string>>];

/** Series as the rule selects them, at a minute after the time that it waits. */
export function after(alert: RenderedAlert, given: readonly Given[], later = 1): { series: Series; at: string } {
  const series = given.map(([metric, values, labels]) => [written(alert, metric, labels), values]);
  return { series: Object.fromEntries(series), at: `${alert.for / 60 + later}m` };
}

export function limitOf({ name, threshold }: RenderedAlert): number {
  if (threshold === undefined) throw new Error(`${name} states no threshold`);
  return threshold;
}

/** One series: what its selector asks for, and what is given. */
function written({ expr }: RenderedAlert, metric: string, labels: Readonly<Record<string, string>> = {}): string {
  const selected = selectorsOf(expr).find(each => each.metric === metric);
  const asked = (selected?.matchers ?? []).flatMap((matcher): [string, string][] => example(matcher));
  const all = { ...Object.fromEntries(asked), ...labels };
  return `${metric}{${Object.entries(all)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',')}}`;
}

/** A value that a matcher takes: of the expressions that rules write, the first choice, a digit, a letter. */
function example({ label, operator, value }: Matcher): [string, string][] {
  if (operator === '=') return [[label, value]];
  if (operator.startsWith('!')) return [];
  const one = value
    .split('|')[0]!
    .replace(/\[0-9\]\+/g, '0')
    .replace(/\[b[^\]]*\](\{5\}|\+)/g, 'bcdfg')
    .replace(/^(\d)\.\.$/, '$100');
  return [[label, one]];
}

export function metricsOf({ expr }: RenderedAlert): string[] {
  return [...new Set(selectorsOf(expr).map(({ metric }) => metric))];
}

/** Where a rule holds only while there are meant to be pods. */
function on(alert: RenderedAlert): Given[] {
  const metric = 'kube_deployment_spec_replicas';
  return metricsOf(alert).includes(metric) ? [[metric, '1x60']] : [];
}

/** What is 1 or not. */
export function flag(alert: RenderedAlert): AlertCase {
  return gauge(alert, 1, 0);
}

/** The rule's first metric with a value that is wrong, and one that is not. */
export function gauge(alert: RenderedAlert, wrong: number, well: number): AlertCase {
  const [metric = ''] = metricsOf(alert);
  const is = (value: number) => after(alert, [[metric, `${value}x120`, CONTAINER], ...on(alert)]);
  return { fires: is(wrong), quiet: is(well) };
}

function absent(alert: RenderedAlert): AlertCase {
  const [metric = ''] = metricsOf(alert);
  return {
    fires: after(alert, [[metric, '1x60', { namespace: 'elsewhere' }]]),
    quiet: after(alert, [[metric, '1x60']]),
    missing: 'fires',
  };
}

/** Half of the time is no longer counted as waiting. */
function waiting(alert: RenderedAlert): AlertCase {
  const metric = 'kube_pod_container_status_waiting_reason';
  return {
    fires: after(alert, [[metric, '1x60', CONTAINER]]),
    quiet: after(alert, [[metric, '1x4 _x60', CONTAINER]]),
  };
}

/** One request a second, of which a share is as wrong as the rule's first selector says. */
function errors(alert: RenderedAlert): AlertCase {
  const [wrong] = selectorsOf(alert.expr);
  const status = wrong!.matchers.find(({ operator }) => operator === '=~')!.label;
  const share = (bad: number) => {
    const { series, at } = after(alert, [[wrong!.metric, `0+${60 * bad}x60`]], alert.for / 60 + 3);
    const [name = ''] = Object.keys(series);
    const good = name.replace(new RegExp(`${status}="[^"]*"`), `${status}="200"`);
    return { series: { ...series, [good]: `0+${60 * (1 - bad)}x60` }, at };
  };
  return { fires: share(1.1 * limitOf(alert)), quiet: share(0.9 * limitOf(alert)) };
}

/** A counter that grows a little faster, or slower, than the rule allows in a quarter of an hour. */
function growth(alert: RenderedAlert): AlertCase {
  const [metric = ''] = metricsOf(alert);
  const by = (factor: number) => after(alert, [[metric, `0+${(factor * limitOf(alert)) / 15}x60`]], 18);
  return { fires: by(1.2), quiet: by(0.8) };
}

function free(alert: RenderedAlert): AlertCase {
  const [available = '', capacity = ''] = metricsOf(alert);
  const share = (of: number) =>
    after(alert, [
      [available, `${1000 * of}x60`],
      [capacity, '1000x60'],
    ]);
  return { fires: share(0.9 * limitOf(alert)), quiet: share(1.1 * limitOf(alert)) };
}

/** A time in days from now. */
function expiry(alert: RenderedAlert): AlertCase {
  const [metric = ''] = metricsOf(alert);
  const days = (left: number) => after(alert, [[metric, `${left * 86_400}x120`, INSTANCE]]);
  return { fires: days(0.9 * limitOf(alert)), quiet: days(1.1 * limitOf(alert)) };
}
