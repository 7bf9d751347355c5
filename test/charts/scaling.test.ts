import { describe, expect, test } from 'vitest';
import { Duration, fastApi, type Replicas, type Site, type WebServiceProps } from '../../charts/index.ts';
import { rendered, service, system } from './fixture.ts';

const METRICS = { port: 9464, source: fastApi() };
const HOURS = { timeZone: 'Europe/Berlin', days: '1-5', from: 7, to: 20 };

function made(props: Partial<WebServiceProps>, site: Partial<Site> = {}) {
  const shop = system(site);
  service(shop, 'web', props);
  return rendered(shop).objects;
}

describe('what moves the number of pods', () => {
  test('CPU and memory: Kubernetes’ own autoscaler', () => {
    const objects = made({ replicas: { min: 2, max: 8, targetCpuPercent: 70, targetMemoryPercent: 75 } });
    expect(objects).not.toHaveProperty('ScaledObject web');
    expect(objects['HorizontalPodAutoscaler web']).not.toHaveProperty('spec.behavior');
  });

  test('requests: KEDA alone, which keeps what is there when Prometheus does not answer', () => {
    const objects = made({
      metrics: METRICS,
      replicas: { min: 2, max: 10, targetCpuPercent: 70, targetRequestsPerMinute: 1000 },
    });
    expect(objects).not.toHaveProperty('HorizontalPodAutoscaler web');
    expect(objects['ScaledObject web']).toMatchObject({
      spec: {
        fallback: { behavior: 'currentReplicasIfHigher', replicas: 2 },
        minReplicaCount: 2,
        triggers: [
          { type: 'cpu', metadata: { value: '70' } },
          {
            type: 'prometheus',
            metadata: {
              query: '60 * sum(rate(http_requests_total{namespace="shop",job="web"}[2m]))',
              threshold: '1000',
              ignoreNullValues: 'false',
            },
          },
        ],
      },
    });
    expect(objects['Deployment web']).not.toHaveProperty('spec.replicas');
  });

  test('what waits: the gauge that every pod tells alike', () => {
    const objects = made({
      metrics: { ...METRICS, queueGauge: 'jobs_waiting' },
      replicas: { min: 1, max: 10, targetQueueLength: 100 },
    });
    expect(objects['ScaledObject web']).toHaveProperty(
      'spec.triggers.0.metadata.query',
      'max(jobs_waiting{namespace="shop",job="web"})',
    );
  });

  test('every service gets recommendations, and nothing that acts on them', () => {
    expect(made({})['VerticalPodAutoscaler web']).toHaveProperty('spec.updatePolicy.updateMode', 'Off');
  });
});

describe('a cooldown', () => {
  const cooldown = { up: Duration.seconds(300), down: Duration.seconds(600) };
  const behavior = {
    scaleDown: {
      policies: [{ periodSeconds: 600, type: 'Percent', value: 50 }],
      selectPolicy: 'Max',
      stabilizationWindowSeconds: 600,
    },
    scaleUp: {
      policies: [{ periodSeconds: 300, type: 'Percent', value: 100 }],
      selectPolicy: 'Max',
      stabilizationWindowSeconds: 0,
    },
  };

  test('is the same for both scalers', () => {
    const hpa = made({ replicas: { min: 2, max: 10, targetCpuPercent: 70, cooldown } });
    expect(hpa['HorizontalPodAutoscaler web']).toHaveProperty('spec.behavior', behavior);
    const keda = made({ metrics: METRICS, replicas: { min: 2, max: 10, targetRequestsPerMinute: 1000, cooldown } });
    expect(keda['ScaledObject web']).toHaveProperty('spec.advanced.horizontalPodAutoscalerConfig.behavior', behavior);
  });
});

describe('where people work by day only', () => {
  const cron = (desired: string) => ({
    type: 'cron',
    metadata: { desiredReplicas: desired, start: '0 7 * * 1-5', end: '0 20 * * 1-5', timezone: 'Europe/Berlin' },
  });

  test('a fixed number rests at none and is back in the morning', () => {
    const objects = made({ replicas: 2 }, { workingHours: HOURS });
    expect(objects['ScaledObject web']).toMatchObject({
      spec: { minReplicaCount: 0, maxReplicaCount: 2, triggers: [cron('2')] },
    });
    expect(objects['Deployment web']).not.toHaveProperty('spec.replicas');
  });

  test('a range is back at its minimum, and pods that are not there answer nothing, which is no fault there', () => {
    const objects = made(
      { metrics: METRICS, replicas: { min: 2, max: 4, targetCpuPercent: 70, targetRequestsPerMinute: 1000 } },
      { workingHours: HOURS },
    );
    const { triggers } = (objects['ScaledObject web'] as unknown as { spec: { triggers: { metadata: object }[] } })
      .spec;
    expect(triggers[2]).toEqual(cron('2'));
    expect(triggers[1]!.metadata).toMatchObject({
      query: expect.stringMatching(/ or vector\(0\)$/),
      // Below one pod's worth it may rest: health probes are counted too.
      activationThreshold: '1000',
    });
  });
});

test.each<[Replicas, string]>([
  [{ min: 2, max: 8 }, 'replicas has no target; say what it scales on'],
  [{ min: 2, max: 8, targetRequestsPerMinute: 0 }, 'replicas.targetRequestsPerMinute is 0'],
  [{ min: 2, max: 8, targetRequestsPerMinute: 100 }, 'has nothing that counts; give metrics'],
  [{ min: 2, max: 8, targetQueueLength: 100 }, 'give metrics: { port: …, queueGauge'],
  [{ min: 2, max: 8, targetCpuPercent: 70, peakRequestsPerMinute: 10 }, 'nothing to be held against'],
  [
    { min: 2, max: 8, targetCpuPercent: 70, cooldown: { up: 300, down: Duration.seconds(600) } as never },
    'replicas.cooldown.up is 300; give 15 seconds to 30 minutes',
  ],
  [
    { min: 2, max: 8, targetCpuPercent: 70, cooldown: { up: Duration.seconds(1), down: Duration.seconds(600) } },
    'replicas.cooldown.up is 1 s',
  ],
])('refuses %j', (replicas, reason) => {
  expect(() => made({ replicas })).toThrow(reason);
});

test.each([
  [{ port: 80 }, 'metrics.port is 80'],
  [{ port: 9464, pth: '/m' } as never, 'metrics.pth is no option'],
  [{ port: 9464, path: 'm' }, 'metrics.path is "m"; begin it with /'],
  [{ port: 9464, queueGauge: 'a b{' }, 'metrics.queueGauge is "a b{"; give a metric’s name alone'.replace('’', "'")],
])('refuses the metrics %j', (metrics, reason) => {
  expect(() => made({ metrics })).toThrow(reason);
});

test('a rate is taken over four answers', () => {
  const objects = made({ metrics: METRICS, replicas: { min: 2, max: 4, targetRequestsPerMinute: 1000 } });
  expect(objects['PodMonitor web']).toHaveProperty('spec.podMetricsEndpoints.0.interval', '30s');
  expect(JSON.stringify(objects['ScaledObject web'])).toContain('[2m]');
});

test('KEDA takes over the autoscaler that stands there, by its name', () => {
  const objects = made({ metrics: METRICS, replicas: { min: 2, max: 4, targetRequestsPerMinute: 1000 } });
  expect(objects['ScaledObject web']).toMatchObject({
    metadata: { annotations: { 'scaledobject.keda.sh/transfer-hpa-ownership': 'true' } },
    spec: { advanced: { horizontalPodAutoscalerConfig: { name: 'web' } } },
  });
});

test('a peak that the maximum cannot answer stops the render, with both numbers', () => {
  const replicas = { min: 3, max: 40, targetRequestsPerMinute: 1000, peakRequestsPerMinute: 600_000 };
  expect(() => made({ metrics: METRICS, replicas })).toThrow(
    'shop/web: the peak of 600000 requests a minute needs 600 pods of 1000 each, and replicas.max is 40; raise max to at least 600',
  );
  expect(() => made({ metrics: METRICS, replicas: { ...replicas, max: 600 } })).not.toThrow();
});
