import { describe, expect, it } from 'vitest';
import { CloudRole } from '../../../charts/cloud-role.ts';
import { Duration, type Site } from '../../../charts/index.ts';
import type { Backups } from '../../../charts/postgres/backups.ts';
import type { Workload } from '../../../charts/workload.ts';
import type { ConfigMap } from '../../../imports/kubernetes.ts';
import { production } from '../../site.ts';
import { judged, rendered } from '../fixture.ts';
import { postgres } from './fixture.ts';

const STORES: Partial<Site> = {
  objectStores: {
    ...production.objectStores,
    warm: { provider: 'azure', account: 'backups', bucket: 'warm', region: 'westeurope' },
    cold: { provider: 'gcs', bucket: 'cold', region: 'europe-west1' },
  },
};
const COPIES: Partial<Backups> = {
  copies: [
    { to: 'warm', schedule: '0 4 * * 0', keep: Duration.days(90) },
    { to: 'cold', schedule: '0 5 1 * *', keep: Duration.days(2557) },
  ],
};

describe('a restore proof', () => {
  it('comes every week where nothing is said', () => {
    const { objects, settings } = made({});
    expect(cronJobs(objects)).toEqual({ 'database-proof': '0 4 * * 0' });
    expect(settings('database-proof')).toMatchObject({
      stanza: 'shop-database',
      withinSeconds: 4 * 3600,
      // A day, and two hours for the backup itself.
      backupAgeSeconds: 26 * 3600,
      queries: {},
    });
    expect(settings('database-proof').copy).toBeUndefined();
  });

  it('comes with each copy, and then also where a schedule is given', () => {
    expect(cronJobs(made(COPIES).objects)).toEqual({
      'database-proof-warm': '0 4 * * 0',
      'database-proof-cold': '0 5 1 * *',
    });
    const schedules = cronJobs(made({ ...COPIES, proof: { schedule: '0 6 * * *' } }).objects);
    expect(schedules['database-proof']).toBe('0 6 * * *');
  });

  it('only reads the archive, and writes the copy with keys of its own', () => {
    const { objects, file, env } = made(COPIES);
    expect(env('database-proof-warm')).toEqual([
      'ARCHIVE_REPO1_CIPHER_PASS',
      'COPY_REPO1_AZURE_KEY',
      'COPY_REPO1_CIPHER_PASS',
    ]);
    expect(file('database-proof-warm', 'archive.conf')).not.toContain('retention');
    expect(file('database-proof-warm', 'copy.conf')).toContain(
      'repo1-retention-full-type=time\nrepo1-retention-full=90\n',
    );
    expect(file('database-proof-cold', 'copy.conf')).toContain('repo1-retention-full=2557\n');
    expect(objects['CronJob database-proof-cold']!.metadata.annotations).toMatchObject({
      'drydock/holds': 'gcs://cold/staging/shop/database shop-database',
      'drydock/keeps': 'copies of shop-data/database in cold for 2557 days',
    });
  });

  it('has a role of the cloud that reads the archive and nothing else', () => {
    const { shop } = postgres({ backups: { full: '0 2 * * *', keep: Duration.days(30) } }, STORES);
    const job = shop.node.findAll().find(({ node }) => node.id === 'database-proof') as Workload;
    const { name, rights } = CloudRole.of(job, 'database-proof');
    expect(name).toBe('staging.shop-data.database-proof');
    expect(rights).toEqual([
      { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::test-backups'] },
      { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::test-backups/staging/shop/database/*'] },
    ]);
  });

  it('reaches the stores and the push gateway, and nobody reaches it', () => {
    const { objects } = made(COPIES);
    const { spec } = objects['NetworkPolicy database-proof-warm'] as {
      spec?: { ingress?: unknown; egress: { ports: { port: number }[] }[] };
    };
    expect(spec!.ingress).toBeUndefined();
    expect(spec!.egress.flatMap(({ ports }) => ports.map(({ port }) => port)).sort()).toEqual([443, 53, 53, 9091]);
  });

  it('works on a volume as large as the database, which goes with the pod', () => {
    const { objects, all } = made({}, { storage: { ...production.storage, scratch: { name: 'gone' } } });
    const { volumes } = podOf(objects, 'database-proof');
    const { spec } = volumes.find(({ name }) => name === 'scratch')!.ephemeral!.volumeClaimTemplate;
    expect(spec).toMatchObject({ storageClassName: 'gone', resources: { requests: { storage: '20Gi' } } });
    const quota = all.find(({ kind, metadata }) => kind === 'ResourceQuota' && metadata.namespace === 'shop-data');
    // Three servers, a red run and the next.
    expect((quota!.spec as { hard: object }).hard).toMatchObject({
      persistentvolumeclaims: '5',
      'requests.storage': '100Gi',
    });
  });

  it('rests where the system does not write', () => {
    const { objects } = made({}, { role: 'standby', follows: production });
    expect(objects['CronJob database-proof']).toMatchObject({ spec: { suspend: true } });
  });

  it('allows a backup to be as old as its schedule is slow', () => {
    const age = (full: string) => made({ full }).settings('database-proof').backupAgeSeconds / 3600;
    expect([age('0 2 * * *'), age('0 2 * * 0'), age('0 2 1 * *')]).toEqual([26, 7 * 24 + 2, 31 * 24 + 2]);
  });

  it('asks what the application asks', () => {
    const queries = { shop: { 'there are orders': 'select count(*) > 0 from orders' } };
    expect(made({ proof: { queries } }).settings('database-proof').queries).toEqual(queries);
  });

  it('breaks no law', () => {
    const { shop } = postgres({ backups: { full: '0 2 * * *', keep: Duration.days(30), ...COPIES } }, STORES);
    expect(judged(shop).filter(law => law.includes('proof'))).toEqual([]);
  });
});

describe('refused, with what to do', () => {
  it('production without a proof', () => {
    expect(() => made({ proof: false }, { tier: 'production' })).toThrow(
      'shop/database: backups.proof is false in production; leave it out',
    );
    expect(cronJobs(made({ proof: false }).objects)).toEqual({});
  });

  it('copies of what nobody proved', () => {
    expect(() => made({ ...COPIES, proof: false })).toThrow(
      'copies are made of what is proven; leave one of the two out',
    );
  });

  it.each([
    [{ schedule: 7 }, "backups.proof.schedule is 7; write one in UTC, as in '0 4 * * 0'"],
    [{ within: 3600 }, 'backups.proof.within is 3600; write Duration.seconds(20)'],
    [{ within: Duration.hours(0) }, 'backups.proof.within is 0 s; give a whole number of seconds from 1'],
    [{ query: {} }, 'backups.proof.query is no option; there are schedule, within, queries'],
    [{ queries: { shop: 'select true' } }, 'backups.proof.queries.shop is "select true"; name each'],
  ])('%j', (proof, message) => {
    expect(() => made({ proof: proof as never })).toThrow(`shop/database: ${message}`);
  });
});

function made(backups: Partial<Backups>, site: Partial<Site> = {}) {
  const { shop } = postgres(
    { backups: { full: '0 2 * * *', keep: Duration.days(30), ...backups } },
    { ...STORES, ...site },
  );
  const { objects, all } = rendered(shop);
  const file = (job: string, name: string) =>
    (objects[`ConfigMap ${job}-scripts`] as unknown as ConfigMap).data![name]!;
  return {
    objects,
    all,
    file,
    settings: (job: string) => JSON.parse(file(job, 'settings.json')),
    env: (job: string) =>
      podOf(objects, job)
        .containers[0]!.env.map(({ name }) => name)
        .filter(name => /_REPO1_/.test(name)),
  };
}

type Objects = ReturnType<typeof rendered>['objects'];

interface Pod {
  containers: { env: { name: string }[] }[];
  volumes: { name: string; ephemeral?: { volumeClaimTemplate: { spec: object } } }[];
}

function podOf(objects: Objects, job: string): Pod {
  const { jobTemplate } = objects[`CronJob ${job}`]!.spec as { jobTemplate: { spec: { template: { spec: Pod } } } };
  return jobTemplate.spec.template.spec;
}

function cronJobs(objects: Objects): Record<string, string> {
  const proofs = Object.values(objects).filter(
    ({ kind, metadata }) => kind === 'CronJob' && metadata.name.includes('proof'),
  );
  return Object.fromEntries(
    proofs.map(({ metadata, spec }) => [metadata.name, (spec as { schedule: string }).schedule]),
  );
}
