import { describe, expect, test } from 'vitest';
import { podsOf } from '../../../charts/alerting/pods.ts';
import { KEEPS } from '../../../charts/conventions.ts';
import {
  type Alert,
  Cpu,
  CronJob,
  counter,
  Duration,
  expressPromBundle,
  fastApi,
  histogram,
  Job,
  type KubeObject,
  type MetricSource,
  type Metrics,
  type Site,
  Size,
  source,
  tune,
  Worker,
} from '../../../charts/index.ts';
import { rendered, service, system } from '../fixture.ts';
import { alertsOf } from './found.ts';

const POD = { image: 'ghcr.io/shop/tools:1.0.0', cpu: Cpu.millis(100), memory: Size.mebibytes(128) };
const RUN = { ...POD, deadline: Duration.minutes(15) };
const RESTS = { workingHours: { timeZone: 'Europe/Berlin', days: '1-5', from: 8, to: 18 } };
const PORT = 9464;

describe('pods', () => {
  test('are told apart from those of a workload whose name begins alike', () => {
    const api = new RegExp(`^(?:${podsOf.deployment('api')})$`);
    expect(api.test('api-7d9f8c6b54-x2zlk')).toBe(true);
    expect(api.test('api-gateway-7d9f8c6b54-x2zlk')).toBe(false);
    // A job of that name, whose pods have one random end.
    expect(api.test('api-purge-x2zlk')).toBe(false);
    const nightly = new RegExp(`^(?:${podsOf.cronJob('nightly')})$`);
    expect(nightly.test('nightly-29334960-x2zlk')).toBe(true);
    expect(new RegExp(`^(?:${podsOf.statefulSet('cache')})$`).test('cache-proxy-0')).toBe(false);
  });

  test('may take as long as their startup probe lets them', () => {
    const shop = system();
    service(shop, 'slow', { health: { start: Duration.minutes(20) } });
    service(shop, 'quick');
    expect(alertsOf(shop, 'slow').PodNotReady!.for).toBe('25m');
    expect(alertsOf(shop, 'quick').PodNotReady!.for).toBe('10m');
  });
});

describe('a rollout', () => {
  test('of what others call wakes somebody; of a worker, and at a standby, it does not', () => {
    const severity = (site: Partial<Site>, id: string) => {
      const shop = system(site);
      service(shop, 'api');
      new Worker(shop, 'worker', { ...POD, port: 8080, replicas: 2 });
      return alertsOf(shop, id).NoReadyPods!.labels.severity;
    };
    expect(severity({}, 'api')).toBe('P1');
    expect(severity({}, 'worker')).toBe('P2');
    expect(severity({ role: 'standby' }, 'api')).toBe('P2');
  });

  test('where it rests at night has time to start in the morning, and tells nothing meanwhile', () => {
    const shop = system({ tier: 'development', ...RESTS });
    service(shop, 'api', { replicas: 1, metrics: { port: PORT } });
    const { NoReadyPods, MetricsAbsent, AutoscalerCannotRead } = alertsOf(shop, 'api');
    expect(NoReadyPods!.for).toBe('3m');
    const on = 'and on () kube_deployment_spec_replicas{namespace="shop",deployment="api"} > 0';
    expect(MetricsAbsent!.expr).toContain(on);
    expect(AutoscalerCannotRead!.expr).toContain(on);
  });

  test('of one pod says once that it is gone', () => {
    const shop = system();
    service(shop, 'one', { replicas: 1 });
    expect(alertsOf(shop, 'one')).not.toHaveProperty('ReplicasMissing');
  });

  test('of what is off where the database only follows has nothing to tell of', () => {
    const shop = system({ role: 'replica' });
    new Worker(shop, 'worker', {
      ...POD,
      port: 8080,
      replicas: { min: 1, max: 5, targetQueueLength: 10 },
      metrics: { port: PORT, queueGauge: 'waiting' },
      needsPrimary: true,
    });
    const names = Object.keys(alertsOf(shop, 'worker'));
    expect(names).toContain('NoReadyPods');
    expect(names.filter(name => /Absent|Autoscaler|Scaler|Replicas/.test(name))).toEqual([]);
  });
});

describe('requests', () => {
  const limits = (metrics: Metrics) => {
    const shop = system();
    service(shop, 'api', { metrics });
    return alertsOf(shop, 'api');
  };

  test('that take two seconds are slow; where no bound says so, the nearest below that has one above it', () => {
    const requests = counter('requests_total', 'Requests', ['code']);
    const own = (bounds: number[]) =>
      source({ requests, errors: 'code="500"', latency: histogram('took_seconds', 'Time', { bounds }) });
    const limit = (of: MetricSource) => limits({ port: PORT, source: of }).LatencyHigh?.annotations.threshold;
    expect(limit(fastApi())).toBe('2');
    expect(limit(expressPromBundle())).toBe('1.5');
    // Its quantile is never above 1, so 1 could not be crossed.
    expect(limit(own([0.1, 0.5, 1]))).toBe('0.5');
    expect(limit(own([1]))).toBeUndefined();
    expect(limit(own([5, 10]))).toBeUndefined();
  });

  test('are slow at a bound of the histogram that has another above it, and at no other', () => {
    const at = (threshold: number, of = fastApi()) => {
      const shop = system();
      const api = service(shop, 'api', { metrics: { port: PORT, source: of } });
      tune(api, { alert: 'LatencyHigh', threshold, reason: 'r', owner: 'o', expires: '2099-01-01' });
      return rendered(shop).findings;
    };
    expect(at(5)).toEqual([]);
    expect(at(5, expressPromBundle())).toEqual([
      expect.stringContaining(
        'the threshold of LatencyHigh is 5 s, and http_request_duration_seconds can tell 0.003, 0.03, 0.1, 0.3, 1.5',
      ),
    ]);
    expect(at(60)).toEqual([expect.stringContaining('the threshold of LatencyHigh is 60 s')]);
  });

  test('that callers get wrong count where a source knows them', () => {
    expect(limits({ port: PORT, source: fastApi() }).ClientErrorsHigh!.expr).toContain(
      'status=~"4..",status!~"401|403|404|429"',
    );
    const bare = source({ requests: counter('requests_total', 'Requests', ['code']), errors: 'code="500"' });
    expect(limits({ port: PORT, source: bare })).not.toHaveProperty('ClientErrorsHigh');
  });

  test('are not judged where nothing counts them', () => {
    const names = Object.keys(limits({ port: PORT }));
    expect(names).toContain('MetricsAbsent');
    expect(names).not.toContain('ServiceDown');
  });
});

describe('an autoscaler', () => {
  test('is at its maximum at the number that the author gave', () => {
    const shop = system();
    service(shop, 'api', { replicas: { min: 2, max: 7, targetCpuPercent: 70 } });
    service(shop, 'same', { replicas: { min: 3, max: 3, targetCpuPercent: 70 } });
    expect(alertsOf(shop, 'api').AutoscalerAtMaximum!.expr).toMatch(/>= 7$/);
    expect(alertsOf(shop, 'api')).not.toHaveProperty('ScalerFailing');
    expect(alertsOf(shop, 'same')).not.toHaveProperty('AutoscalerAtMaximum');
  });

  test('that KEDA makes may hear nothing only where it asks Prometheus', () => {
    const shop = system();
    const replicas = { min: 2, max: 7, targetRequestsPerMinute: 100 };
    service(shop, 'api', { replicas, metrics: { port: PORT, source: fastApi() } });
    expect(alertsOf(shop, 'api')).toHaveProperty('ScalerHearsNothing');
    const resting = system({ tier: 'development', ...RESTS });
    service(resting, 'api', { replicas: 1 });
    expect(alertsOf(resting, 'api')).toHaveProperty('ScalerFailing');
    expect(alertsOf(resting, 'api')).not.toHaveProperty('ScalerHearsNothing');
  });
});

describe('a scheduled job', () => {
  const suspend = (it: { spec: { suspend: boolean } }) => {
    it.spec.suspend = true;
  };
  const cronJob = (props: object = {}, site: Partial<Site> = {}, change: (it: CronJob) => void = () => {}) => {
    const shop = system(site);
    change(new CronJob(shop, 'nightly', { ...RUN, schedule: '0 2 * * *', ...props }));
    return alertsOf(shop, 'nightly');
  };

  test('is late after its longest pause, the time that it may be late and the time that it may take', () => {
    const { CronJobNotSucceeded } = cronJob();
    expect(CronJobNotSucceeded!.annotations.threshold).toBe(String(86_400 + 600 + 900));
    expect(CronJobNotSucceeded!.expr).toContain('[1d25m]');
  });

  test('that somebody relies on is looked at the same day, even where that is said after it was made', () => {
    expect(cronJob().CronJobNotSucceeded!.labels.severity).toBe('P3');
    const kept = cronJob({}, {}, it =>
      (it.node.findChild('cron-job') as KubeObject<never>).metadata.addAnnotation(KEEPS, 'dumps for 30 days'),
    );
    expect(kept.CronJobNotSucceeded!.labels.severity).toBe('P2');
    expect(kept.CronJobNotSucceeded!.annotations.description).toContain('It keeps dumps for 30 days.');
    expect(kept.CronJobRunFailed!.labels.severity).toBe('P2');
  });

  test.each([
    ['by its site', { needsPrimary: true }, { role: 'standby' }],
    ['by its patch', { patch: { cronJob: suspend } }, {}],
  ])('that is suspended %s is never late', (_, props, site) => {
    const names = Object.keys(cronJob(props, site as Partial<Site>));
    expect(names.filter(name => name.startsWith('CronJob'))).toEqual(['CronJobMissing', 'CronJobRunFailed']);
  });
});

test('a job that everything waits for is looked at the same day', () => {
  const shop = system();
  new Job(shop, 'before', { ...RUN, runs: 'before the rollout' });
  new Job(shop, 'after', { ...RUN, runs: 'after the rollout' });
  expect(alertsOf(shop, 'before').JobFailed!.labels.severity).toBe('P2');
  expect(alertsOf(shop, 'after').JobFailed!.labels.severity).toBe('P3');
});

test('every number that can be tuned stands in its expression', () => {
  const shop = system();
  const api = service(shop, 'api', { metrics: { port: PORT, source: fastApi() } });
  const alerts = api.rules.alerts.filter(
    (alert): alert is Alert & { threshold: number } => alert.threshold !== undefined,
  );
  expect(alerts.length).toBeGreaterThan(4);
  for (const { expr, threshold } of alerts) {
    if (typeof expr === 'string') throw new Error(`${expr} takes no threshold`);
    expect(expr(threshold * 2)).not.toBe(expr(threshold));
  }
});
