import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Site } from '../../../charts/index.ts';
import { archiveOf } from '../../../charts/postgres/archive.ts';
import type { PostgresProps } from '../../../charts/postgres/options.ts';
import type { ConfigMap } from '../../../imports/kubernetes.ts';
import { production, staging } from '../../site.ts';
import { judged, rendered } from '../fixture.ts';
import { postgres } from './fixture.ts';

const OLD = archiveOf(staging, 'shop', 'old');
const STANDBY: Partial<Site> = { role: 'standby', follows: production };

describe('a point in time', () => {
  const { objects } = made({ recoverFrom: { source: OLD, at: '2026-11-20T12:00:00+02:00' } });

  it('is where the cluster begins, in UTC, from the source and by its own configuration', () => {
    const { bootstrap, postgresql } = patroni(objects);
    expect(bootstrap.method).toBe('pgbackrest_pitr');
    expect(bootstrap.pgbackrest_pitr).toEqual({
      command:
        "sh /etc/drydock/source/source.sh --type=time --target='2026-11-20 10:00:00.000+00' --target-action=promote " +
        `--recovery-option=restore_command='test -f /etc/drydock/source/source.sh && sh /etc/drydock/source/source.sh archive-get %f "%p"' restore`,
      no_params: true,
      keep_existing_recovery_conf: true,
    });
    expect(bootstrap.dcs.standby_cluster).toBeUndefined();
    expect(postgresql.create_replica_methods).toEqual(['pgbackrest', 'basebackup']);
    expect(source(objects)).toContain('repo1-path=/staging/shop/old\n');
    expect(source(objects)).toContain('[shop-old]\npg1-path=/pgdata/pg16');
  });

  it('is archived to a place of its own', () => {
    expect(file(objects, 'pgbackrest', 'pgbackrest.conf')).toContain('repo1-path=/staging/shop/database\n');
    expect(postgresqlOf(objects).parameters.archive_command).toContain('--stanza=shop-database');
  });

  it('breaks no law', () =>
    expect(made({ recoverFrom: { source: OLD, at: '2026-11-20T10:00:00Z' } }).laws).toEqual([]));

  it.each<[string | undefined, string]>([
    ['2026-11-20T10:00:00', 'a time without a zone'],
    ['20 November 2026', 'no ISO time'],
    ['2026-13-20T10:00:00Z', 'no date'],
    [undefined, 'nothing'],
  ])('%s is refused: %s', at => {
    expect(() => made({ recoverFrom: { source: OLD, at: at as string } })).toThrow(
      `shop/database: recoverFrom.at is "${at}"; write a moment with its zone: 2026-11-20T10:00:00Z`,
    );
  });

  it('is refused where it would archive into its source', () => {
    const source = archiveOf(staging, 'shop', 'database');
    expect(() => made({ recoverFrom: { source, at: '2026-11-20T10:00:00Z' } })).toThrow(
      'shop/database: it reads s3://test-backups/staging/shop/database shop-database and would archive into it; give it another id',
    );
  });

  it('is refused without a source, and beside a database to follow', () => {
    expect(() => made({ recoverFrom: { at: '2026-11-20T10:00:00Z' } as never })).toThrow(
      'recoverFrom without a source; name what is read',
    );
    expect(() => made({ recoverFrom: { source: OLD, at: '2026-11-20T10:00:00Z' }, standbyOf: OLD })).toThrow(
      'keep one',
    );
  });
});

describe('a database that follows', () => {
  it('reads the archive of the cluster where the system writes', () => {
    const { objects, laws } = made({}, STANDBY);
    const { bootstrap, postgresql } = patroni(objects);
    const fetch = 'test -f /etc/drydock/source/source.sh && sh /etc/drydock/source/source.sh archive-get %f "%p"';
    expect(bootstrap.dcs.standby_cluster).toEqual({
      create_replica_methods: ['pgbackrest_source'],
      restore_command: fetch,
    });
    expect(postgresql.create_replica_methods).toEqual(['pgbackrest_source', 'pgbackrest', 'basebackup']);
    expect(postgresql.pgbackrest_source.command).toBe(
      'sh /etc/drydock/source/source.sh --delta --type=standby restore',
    );
    expect(source(objects)).toContain('repo1-path=/production/shop/database\n');
    expect(laws).toEqual([]);
  });

  it('follows also where the new database of the primary was recovered: by its own archive', () => {
    const { objects } = made({ recoverFrom: { source: OLD, at: '2026-11-20T10:00:00Z' } }, STANDBY);
    expect(patroni(objects).bootstrap.method).toBeUndefined();
    expect(source(objects)).toContain('repo1-path=/production/shop/database\n');
  });

  it('is promoted by its role alone, and no pod begins anew for it', () => {
    const before = made({}, STANDBY).objects;
    const after = made({}, { role: 'primary' }).objects;
    expect(after['StatefulSet database-staging']).toEqual(before['StatefulSet database-staging']);
    expect(dynamic(before).standby_cluster).toBeDefined();
    expect(dynamic(after).standby_cluster).toBeUndefined();
    expect(after['ConfigMap database-source']).toBeUndefined();
  });

  it('holds the keys of what it follows as files, under names of their own', () => {
    const { objects } = made({}, STANDBY);
    const keys = (objects['ExternalSecret database']!.spec as { data: { secretKey: string }[] }).data.map(
      each => each.secretKey,
    );
    expect(keys).toContain('SOURCE_REPO1_CIPHER_PASS');
    expect(JSON.stringify(objects['StatefulSet database-staging'])).not.toContain('SOURCE_REPO1');
  });

  it('is refused where nobody writes', () => {
    expect(() => made({}, { role: 'standby' })).toThrow(
      'shop/database: shop is a standby in staging and follows nobody; give one cluster of fleet.ts the role primary, or name an archive: standbyOf',
    );
  });
});

type Objects = ReturnType<typeof rendered>['objects'];

function made(props: Partial<PostgresProps>, site: Partial<Site> = {}): { objects: Objects; laws: string[] } {
  const { shop } = postgres(props, site);
  return { objects: rendered(shop).objects, laws: judged(shop) };
}

interface Patroni {
  bootstrap: { method?: string; pgbackrest_pitr?: object; dcs: { standby_cluster?: object } };
  postgresql: {
    create_replica_methods: string[];
    pgbackrest_source: { command: string };
    parameters: { archive_command: string };
  };
}

function patroni(objects: Objects): Patroni {
  return parse(file(objects, 'patroni', 'patroni.yaml'));
}

function postgresqlOf(objects: Objects) {
  return patroni(objects).postgresql;
}

function dynamic(objects: Objects): { standby_cluster?: object } {
  return JSON.parse(file(objects, 'patroni', 'dynamic.json'));
}

function source(objects: Objects): string {
  return file(objects, 'source', 'pgbackrest.conf');
}

function file(objects: Objects, what: string, name: string): string {
  return (objects[`ConfigMap database-${what}`] as unknown as ConfigMap).data![name]!;
}
