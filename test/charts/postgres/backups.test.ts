import { describe, expect, test } from 'vitest';
import { Duration, type Site } from '../../../charts/index.ts';
import type { Backups } from '../../../charts/postgres/backups.ts';
import type { ConfigMap, CronJob, NetworkPolicy, ServiceAccount } from '../../../imports/kubernetes.ts';
import { judged, rendered } from '../fixture.ts';
import { postgres } from './fixture.ts';

const DAILY: Backups = { full: '0 2 * * *', keep: Duration.days(30) };
const STORES: Site['objectStores'] = {
  backups: { provider: 's3', bucket: 'test-backups', region: 'eu-north-1' },
  warm: { provider: 'azure', account: 'testwarm', bucket: 'backups', region: 'northeurope' },
  cold: { provider: 'gcs', bucket: 'test-archive', region: 'europe-north1' },
};

function objectsOf(backups: Backups, site: Partial<Site> = {}) {
  const { objects, findings } = rendered(postgres({ backups }, { objectStores: STORES, ...site }).shop);
  expect(findings).toEqual([]);
  return objects;
}

/** The options of a pgbackrest.conf by section. */
function optionsIn(objects: ReturnType<typeof objectsOf>, name: string, key = 'etc_pgbackrest_pgbackrest.conf') {
  const sections: Record<string, string[]> = {};
  let options: string[] = [];
  for (const line of (objects[`ConfigMap ${name}`] as ConfigMap).data![key]!.split('\n')) {
    if (line.startsWith('[')) {
      options = [];
      sections[line.slice(1, -1)] = options;
    } else if (line !== '') options.push(line);
  }
  return sections;
}

const schedules = (objects: ReturnType<typeof objectsOf>) =>
  Object.values(objects)
    .filter(({ kind, metadata }) => kind === 'CronJob' && metadata.name.includes('backup'))
    .map(({ metadata, spec }) => `${metadata.name}: ${(spec as CronJob['spec'])!.schedule}`);

describe('schedules', () => {
  test('a CronJob for each kind, none for what is not asked', () => {
    expect(schedules(objectsOf(DAILY))).toEqual(['database-backup-full: 0 2 * * *']);
    expect(
      schedules(objectsOf({ ...DAILY, full: '0 2 * * 0', differential: '0 2 * * 1-6', incremental: '0 8 * * *' })),
    ).toEqual([
      'database-backup-differential: 0 2 * * 1-6',
      'database-backup-full: 0 2 * * 0',
      'database-backup-incremental: 0 8 * * *',
    ]);
  });

  test('one run at a time, in UTC, with an end; it says what it keeps and what it holds', () => {
    const { metadata, spec } = objectsOf(DAILY)['CronJob database-backup-full'] as unknown as CronJob;
    expect(spec).toMatchObject({ concurrencyPolicy: 'Forbid', timeZone: 'Etc/UTC', suspend: false });
    expect(spec!.startingDeadlineSeconds).toBe(3600);
    expect(spec!.jobTemplate.spec!.activeDeadlineSeconds).toBe(12 * 3600);
    expect(metadata!.annotations).toEqual({
      'drydock/holds': 's3://test-backups/staging/shop/database shop-database',
      'drydock/keeps': 'full backups of shop-data/database for 30 days',
    });
  });

  test('suspended where the system only follows', () => {
    const follows = { name: 'primary', objectStores: STORES } as Site;
    const { spec } = objectsOf(DAILY, { role: 'standby', follows })[
      'CronJob database-backup-full'
    ] as unknown as CronJob;
    expect(spec!.suspend).toBe(true);
  });

  test('the job knows every member and how long to keep, and nothing of who leads', () => {
    const objects = objectsOf(DAILY);
    const { global, 'shop-database': stanza } = optionsIn(objects, 'database-backup-full');
    expect(global).toEqual(
      expect.arrayContaining(['repo1-retention-full-type=time', 'repo1-retention-full=30', 'backup-standby=y']),
    );
    const host = (n: number) => `database-staging-${n}.database-pods.shop-data.svc.cluster.local`;
    expect(stanza!.filter(line => line.includes('-host='))).toEqual([0, 1, 2].map(n => `pg${n + 1}-host=${host(n)}`));
    const alone = rendered(postgres({ backups: DAILY, instances: 1 }).shop).objects;
    expect(optionsIn(alone, 'database-backup-full').global).not.toContain('backup-standby=y');
  });

  test('pods and jobs have the same repository, and the pods let nobody in but the jobs', () => {
    const objects = objectsOf(DAILY);
    const pods = optionsIn(objects, 'database-pgbackrest', 'pgbackrest.conf');
    const jobs = optionsIn(objects, 'database-backup-full');
    const where = (lines: string[]) => lines.filter(line => line.startsWith('repo1-') && !line.includes('retention'));
    expect(where(pods.global!)).toEqual(where(jobs.global!));
    // Removing is the jobs' alone: with a time for it in the pods' file, any of them could expire backups.
    expect(pods.global!.filter(line => line.includes('retention'))).toEqual([]);
    expect(pods.global!.filter(line => line.startsWith('tls-server-auth'))).toEqual([
      'tls-server-auth=database-backup-full.shop-data=shop-database',
    ]);
    expect(objects['ConfigMap database-pgbackrest']!.metadata.annotations).toEqual({
      'drydock/holds': 's3://test-backups/staging/shop/database shop-database',
    });
  });

  test('port 8432 is open to the jobs alone', () => {
    const { spec } = objectsOf(DAILY)['NetworkPolicy database'] as NetworkPolicy;
    const from = spec!
      .ingress!.filter(({ ports }) => ports!.some(({ port }) => port === 8432))
      .flatMap(each => each.from!);
    expect(from.map(({ podSelector }) => podSelector!.matchLabels)).toEqual([
      { 'app.kubernetes.io/instance': 'database-backup-full' },
    ]);
  });

  test('all laws hold', () => {
    const copies = [
      { to: 'warm', schedule: '0 4 * * 0', keep: Duration.days(90) },
      { to: 'cold', schedule: '0 5 1 * *', keep: Duration.days(7 * 365) },
    ];
    const { shop } = postgres(
      { backups: { ...DAILY, incremental: '0 8,14,20 * * *', copies } },
      { objectStores: STORES },
    );
    expect(judged(shop).filter(finding => !/proof|disruption-budget/.test(finding))).toEqual([]);
  });

  test('a weekly backup kept for five days is refused, and two in one minute', () => {
    const findings = (backups: Backups) =>
      judged(postgres({ backups }).shop).filter(text => /^(kept|backups)/.test(text));
    expect(findings({ full: '0 2 * * 0', keep: Duration.days(5) })).toEqual([
      'kept-long-enough: shop/database/database-backup-full/cron-job: full backups of shop-data/database are kept for 5 days and come up to 7 days apart ("0 2 * * 0")',
    ]);
    expect(findings({ ...DAILY, incremental: '0 */2 * * *' })).toEqual([
      expect.stringContaining('backups-apart: shop/database/database-backup-incremental/cron-job'),
    ]);
  });
});

describe('who may do what in the store', () => {
  const role = (objects: ReturnType<typeof objectsOf>, name: string) =>
    (objects[`ServiceAccount ${name}`] as ServiceAccount).metadata!.annotations!['eks.amazonaws.com/role-arn'];

  test('jobs share a role of their own', () => {
    const objects = objectsOf({ ...DAILY, incremental: '0 8 * * *' });
    const arn = (name: string) => `arn:aws:iam::444444444444:role/staging.shop-data.${name}`;
    expect(role(objects, 'database')).toBe(arn('database'));
    expect(role(objects, 'database-backup-full')).toBe(arn('database-backup'));
    expect(role(objects, 'database-backup-incremental')).toBe(arn('database-backup'));
  });
});

describe('refused with a remedy', () => {
  test.each<[Partial<Backups>, string]>([
    [{ keep: 30 as never }, 'backups.keep is 30; write Duration.days(30)'],
    [{ keep: Duration.hours(36) }, 'backups.keep is 1.5 days; give whole days, from 1'],
    [{ full: undefined as never }, "backups.full is undefined; write a schedule in UTC, as in '0 2 * * *'"],
    [{ incremental: 6 as never }, 'backups.incremental is 6; write a schedule'],
    [{ to: 'attic' }, 'staging has no object store "attic"; it has backups, warm, cold: add it in clusters/'],
    [{ weekly: '0 2 * * 0' } as never, 'backups.weekly is no option; there are full, differential'],
    [{ copies: {} as never }, 'backups.copies is {}; give a list'],
    [{ copies: [{ to: 'warm', keep: Duration.days(90) } as never] }, 'backups.copies[0].schedule is undefined; write'],
    [{ copies: [{ to: 'warm', schedule: '0 4 * * 0' } as never] }, 'backups.copies[0].keep is undefined; write'],
    [
      { copies: [{ to: 'backups', schedule: '0 4 * * 0', keep: Duration.days(90) }] },
      'backups.copies[0] goes to "backups", where the backups of "backups" go; name a store in another place',
    ],
    [
      {
        copies: [
          { to: 'warm', schedule: '0 4 * * 0', keep: Duration.days(90) },
          { to: 'warm', schedule: '0 5 1 * *', keep: Duration.days(2557) },
        ],
      },
      'backups.copies[1] goes to "warm", where the backups of "warm" go',
    ],
  ])('%j', (wrong, reason) => {
    expect(() => objectsOf({ ...DAILY, ...wrong })).toThrow(reason);
  });
});
