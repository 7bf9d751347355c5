import { describe, expect, test } from 'vitest';
import {
  Cpu,
  CronJob,
  type CronJobProps,
  Duration,
  Job,
  type JobProps,
  type Site,
  Size,
  secret,
} from '../../charts/index.ts';
import { rendered, service, system } from './fixture.ts';

const BASE = {
  image: 'ghcr.io/shop/tools:1.0.0',
  cpu: Cpu.millis(100),
  memory: Size.mebibytes(128),
  deadline: Duration.minutes(15),
};

function cronJob(props: Partial<CronJobProps> = {}, site: Partial<Site> = {}, id = 'clean-up') {
  const shop = system(site);
  new CronJob(shop, id, { ...BASE, schedule: '0 2 * * *', ...props });
  return rendered(shop).objects;
}

describe('CronJob', () => {
  test('a run is late, overlaps and ends only as said, and an evicted pod is no failure', () => {
    expect(cronJob({ attempts: 2 })['CronJob clean-up']).toMatchObject({
      spec: {
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 600,
        suspend: false,
        timeZone: 'Etc/UTC',
        jobTemplate: {
          spec: {
            activeDeadlineSeconds: 900,
            backoffLimit: 1,
            podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
            template: { spec: { restartPolicy: 'Never', priorityClassName: 'batch' } },
          },
        },
      },
    });
  });

  test('one that writes is suspended where the database only follows', () => {
    const suspended = (role: Site['role'], needsPrimary = true) =>
      (cronJob({ needsPrimary }, { role })['CronJob clean-up'] as unknown as { spec: { suspend: boolean } }).spec
        .suspend;
    expect(['primary', 'independent', 'replica', 'standby'].map(role => suspended(role as Site['role']))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(suspended('standby', false)).toBe(false);
  });

  test.each([
    [{ deadline: undefined as never }, 'deadline is missing; write Duration.seconds(20)'],
    [{ attempts: 0 }, 'attempts is 0'],
    [{ concurrency: 'forbid' as never }, 'concurrency is "forbid"; write Forbid, Replace or Allow'],
    [{ keep: { succeeded: -1, failed: 1 } }, 'keep.succeeded is -1'],
    [{ retries: 3 } as never, 'retries is no option'],
  ])('refuses %j', (props, reason) => {
    expect(() => cronJob(props)).toThrow(reason);
  });

  test('refuses a name to which the controller could not append', () => {
    expect(() => cronJob({}, {}, 'a'.repeat(53))).toThrow('shorten it to 52');
  });
});

describe('Job', () => {
  function job(runs: JobProps['runs'], props: Partial<JobProps> = {}) {
    const shop = system();
    new Job(shop, 'move', { ...BASE, runs, env: { TOKEN: secret('move/token') }, files: { '/etc/a': 'a' }, ...props });
    return rendered(shop).objects;
  }
  const wave = (of: unknown) =>
    (of as { metadata: { annotations?: Record<string, string> } }).metadata.annotations?.[
      'argocd.argoproj.io/sync-wave'
    ];

  test('before the rollout, all that its pod needs is there before it, and all else comes after', () => {
    const objects = job('before the rollout');
    expect(objects['Job move']).toHaveProperty(['metadata', 'annotations', 'argocd.argoproj.io/hook'], 'Sync');
    expect(wave(objects['Namespace shop'])).toBe('-3');
    for (const needed of ['ServiceAccount', 'NetworkPolicy', 'ExternalSecret', 'ConfigMap'])
      expect(wave(objects[`${needed} move`]), needed).toBe('-2');
    expect(wave(objects['Job move'])).toBe('-1');
  });

  test('before the rollout it cannot call what comes with it; what it may call lets it in first', () => {
    const shop = system();
    const web = service(shop, 'web');
    const env = { WEB_URL: web.url };
    expect(() => new Job(shop, 'move', { ...BASE, runs: 'before the rollout', env })).toThrow(
      'shop/move: it runs before the rollout and calls web, which in a new cluster is not there yet',
    );
    new Job(shop, 'smoke', { ...BASE, runs: 'after the rollout', env });
    expect(wave(rendered(shop).objects['NetworkPolicy web'])).toBe('-2');
  });

  test('after the rollout it waits for everything to be healthy', () => {
    const objects = job('after the rollout');
    expect(objects['Job move']).toHaveProperty(['metadata', 'annotations', 'argocd.argoproj.io/hook'], 'PostSync');
    expect(wave(objects['Job move'])).toBeUndefined();
  });

  test.each([
    [{ runs: 'before' } as never, `runs is "before"; write 'before the rollout'`],
    [{ deadline: 600 } as never, 'deadline is 600; write Duration.seconds(20)'],
    [{ replicas: 2 } as never, 'replicas is no option'],
  ])('refuses %j', (props, reason) => {
    expect(() => job('after the rollout', props)).toThrow(reason);
  });
});
