import { describe, expect, test } from 'vitest';
import { Cpu, Duration, Migration, type MigrationProps, Postgres, type Site, Size } from '../../charts/index.ts';
import type { JobSpec } from '../../imports/kubernetes.ts';
import type { Manifest } from '../../tools/render/manifest.ts';
import { rendered, system } from './fixture.ts';

const SIZE = { cpu: Cpu.millis(100), memory: Size.mebibytes(512) };

/** A shop with a database whose role `migrations` may migrate, and a migration. */
function shop(props: Partial<MigrationProps> = {}, site: Partial<Site> = {}, roles = {}) {
  const of = system(site);
  const database = new Postgres(of, 'database', {
    version: '16',
    instances: 1,
    storage: Size.gibibytes(10),
    ...SIZE,
    databases: { shop: { roles: { app: { may: 'own' }, migrations: { may: 'migrate' }, ...roles } } },
  });
  new Migration(of, 'migrate', {
    database,
    image: 'ghcr.io/shop/api:2.0.0',
    command: ['migrate'],
    verify: ['migrate', '--verify'],
    writes: 'stop',
    deadline: Duration.minutes(10),
    ...SIZE,
    ...props,
  });
  return rendered(of);
}

function job(all: readonly Manifest[], name = 'migrate') {
  const found = all.find(({ kind, metadata }) => kind === 'Job' && metadata.name === name)!;
  const { initContainers = [], containers } = (found.spec as JobSpec).template.spec!;
  return { found, spec: found.spec as JobSpec, initContainers, containers };
}

const names = (containers: readonly { name: string }[]) => containers.map(({ name }) => name);

describe('a migration', () => {
  test('is prepared, run, verified and finished in one pod, before the rollout', () => {
    const { found, spec, initContainers, containers } = job(shop().all);
    expect(names([...initContainers, ...containers])).toEqual(['prepare', 'migrate', 'verify', 'finish']);
    expect(found.metadata).toMatchObject({
      namespace: 'shop',
      annotations: { 'argocd.argoproj.io/hook': 'Sync', 'argocd.argoproj.io/sync-wave': '-1' },
    });
    // What failed half-way is taken back before anybody tries again.
    expect(spec.backoffLimit).toBe(0);
  });

  test('is taken back by a job of its own when the sync fails', () => {
    const { found, initContainers, containers } = job(shop().all, 'migrate-undo');
    expect(names([...initContainers, ...containers])).toEqual(['undo']);
    expect(found.metadata.annotations).toMatchObject({ 'argocd.argoproj.io/hook': 'SyncFail' });
  });

  test('comes as the role that may migrate, to the primary itself', () => {
    const { initContainers } = job(shop().all);
    const own = initContainers.find(({ name }) => name === 'migrate')!;
    expect(own.image).toBe('ghcr.io/shop/api:2.0.0');
    expect(own.env?.find(({ name }) => name === 'DATABASE_URL')?.value).toMatch(
      /^postgresql:\/\/shop_migrations_1:\$\(DATABASE_URL_PASSWORD\)@database\.shop-data\.svc:5432\/shop\?sslmode=verify-full/,
    );
  });

  test('shows the service’s image nothing of the poolers’ console', () => {
    const { initContainers, containers } = job(shop().all);
    const hasConsole = ({ env }: { env?: readonly { name: string }[] }) =>
      env?.some(({ name }) => name.startsWith('MIGRATION_'));
    expect(initContainers.filter(hasConsole).map(({ name }) => name)).toEqual(['prepare']);
    expect(containers.filter(hasConsole).map(({ name }) => name)).toEqual(['finish']);
  });

  test('is another one with another command, though the image is the same', () => {
    const identity = (command: readonly string[]) =>
      job(shop({ command }).all).containers[0]!.env?.find(({ name }) => name === 'MIGRATION_IMAGE')?.value;
    expect(identity(['up'])).toMatch(/^ghcr\.io\/shop\/api:2\.0\.0@[0-9a-f]{8}$/);
    expect(identity(['up'])).toBe(identity(['up']));
    expect(identity(['down'])).not.toBe(identity(['up']));
  });

  test('has no console where writes go on', () => {
    const { initContainers } = job(shop({ writes: 'go on' }).all);
    const variables = initContainers.flatMap(({ env = [] }) => env.map(({ name }) => name));
    expect(variables).not.toContain('MIGRATION_CONSOLE');
    expect(variables).toContain('MIGRATION_URL');
  });

  test('is nothing where the system only follows: the change comes with the data', () => {
    const follows = { ...system().site };
    const { all } = shop({}, { role: 'standby', follows });
    expect(all.filter(({ kind }) => kind === 'Job')).toEqual([]);
  });

  test.each<[string, Partial<MigrationProps>, RegExp]>([
    ['writes', { writes: 'maybe' as never }, /shop\/migrate: writes is "maybe"; write 'go on' or 'stop'/],
    ['a copy that nobody makes', { writes: 'go on', copyUpTo: Size.gibibytes(1) }, /copyUpTo where writes go on; /],
    ['no command', { command: [] }, /command is \[\]; give the program/],
    ['an empty verification', { verify: [] }, /verify is \[\]; give the program/],
    ['a second address', { env: { DATABASE_URL: 'x' } }, /env has DATABASE_URL; leave it out/],
    ['another database', { of: 'stock' }, /of is "stock", and the databases are shop; name one of them/],
    ['a deadline without a unit', { deadline: 10 as never }, /deadline is 10; write Duration/],
    ['what nobody knows', { attempts: 3 } as never, /attempts/],
  ])('%s: refused', (_, props, message) => {
    expect(() => shop(props)).toThrow(message);
  });

  test('without a role that may migrate: refused, with what to write', () => {
    expect(() => shop({}, {}, { migrations: { may: 'write' } })).toThrow(
      /no role of the database shop may migrate; add one .*migrations: \{ may: 'migrate' \}/,
    );
  });
});
