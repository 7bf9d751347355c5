import { describe, expect, test } from 'vitest';
import { type ArchiveUse, archiveEnv, archiveFiles, repository } from '../../charts/archive-store.ts';
import { CloudRole } from '../../charts/cloud-role.ts';
import type { ObjectStore } from '../../charts/cluster.ts';
import type { Site } from '../../charts/index.ts';
import { archiveOf, placeOf } from '../../charts/postgres/archive.ts';
import { rendered, SITE, service, system } from './fixture.ts';

const S3: ObjectStore = { provider: 's3', bucket: 'test-backups', region: 'eu-north-1' };
const MINIO: ObjectStore = { ...S3, endpoint: 'http://minio.test:9000', addresses: ['10.1.2.3/32'] };
const AZURE: ObjectStore = { provider: 'azure', account: 'testwarm', bucket: 'backups', region: 'northeurope' };
const GCS: ObjectStore = { provider: 'gcs', bucket: 'test-archive', region: 'europe-north1' };

const archive = (store: ObjectStore) => archiveOf({ ...SITE, objectStores: { attic: store } }, 'shop', 'db', 'attic');

/** A workload that reaches an archive. */
function reaching(store: ObjectStore, use: ArchiveUse, site: Partial<Site> = {}) {
  const shop = system({ network: { ...SITE.network, plugin: 'cilium' }, ...site });
  const env = archiveEnv(archive(store), { use });
  const job = service(shop, 'job', { env, files: archiveFiles(archive(store)) });
  return { job, env, objects: rendered(shop).objects };
}

test('a cluster, a system and a database have an archive of their own', () => {
  expect(archive(S3)).toMatchObject({ path: '/staging/shop/db', stanza: 'shop-db', cipher: 'db/archive/1' });
  expect(() => archiveOf(SITE, 'shop', 'db', 'attic')).toThrow(
    'staging has no object store "attic"; it has backups: add it in clusters/',
  );
});

test.each([
  [S3, 's3://test-backups/staging/shop/db shop-db'],
  [MINIO, 's3://minio.test:9000/test-backups/staging/shop/db shop-db'],
  [AZURE, 'azure://testwarm/backups/staging/shop/db shop-db'],
  [GCS, 'gcs://test-archive/staging/shop/db shop-db'],
])('%j is one place', (store, place) => {
  expect(placeOf(archive(store))).toBe(place);
});

describe('what pgBackRest is told', () => {
  const options = (store: ObjectStore) => repository(archive(store));

  test('S3 by a role, keys for another store, which may speak plain HTTP', () => {
    expect(options(S3)).toMatchObject({
      'repo1-s3-endpoint': 's3.eu-north-1.amazonaws.com',
      'repo1-s3-key-type': 'web-id',
    });
    expect(options(MINIO)).toMatchObject({
      'repo1-s3-endpoint': 'minio.test',
      'repo1-s3-key-type': 'shared',
      'repo1-s3-uri-style': 'path',
      'repo1-storage-host': 'http://minio.test',
      'repo1-storage-port': '9000',
    });
    expect(options({ ...S3, endpoint: 'https://r2.test' })).toMatchObject({
      'repo1-storage-host': 'r2.test',
      'repo1-storage-port': '443',
    });
  });

  test('Azure and Google', () => {
    expect(options(AZURE)).toMatchObject({ 'repo1-azure-account': 'testwarm', 'repo1-azure-container': 'backups' });
    expect(options({ ...GCS, endpoint: 'https://gcs.test:4443' })).toMatchObject({
      'repo1-gcs-endpoint': 'gcs.test:4443',
      'repo1-gcs-key': '/etc/drydock/gcs/key.json',
    });
  });

  test('nothing secret', () => {
    for (const store of [S3, MINIO, AZURE, GCS])
      expect(Object.keys(options(store)).filter(name => /pass|secret|azure-key$/.test(name))).toEqual([]);
  });
});

test.each([
  [S3, ['PGBACKREST_REPO1_CIPHER_PASS']],
  [MINIO, ['PGBACKREST_REPO1_CIPHER_PASS', 'PGBACKREST_REPO1_S3_KEY', 'PGBACKREST_REPO1_S3_KEY_SECRET']],
  [AZURE, ['PGBACKREST_REPO1_CIPHER_PASS', 'PGBACKREST_REPO1_AZURE_KEY']],
  [GCS, ['PGBACKREST_REPO1_CIPHER_PASS']],
])('the secrets of %j', (store, variables) => {
  const { env, objects } = reaching(store, 'archive');
  expect(Object.keys(env)).toEqual(variables);
  const { data } = (objects['ExternalSecret job'] as unknown as { spec: { data: { remoteRef: { key: string } }[] } })
    .spec;
  expect(data.map(({ remoteRef }) => remoteRef.key)).toContain('shop/db/archive/1');
});

test.each([
  [S3, ['sts.amazonaws.com', 'sts.eu-north-1.amazonaws.com', 'test-backups.s3.eu-north-1.amazonaws.com'], 443],
  [AZURE, ['testwarm.blob.core.windows.net'], 443],
  [GCS, ['oauth2.googleapis.com', 'storage.googleapis.com'], 443],
  [MINIO, ['minio.test'], 9000],
])('the way to %j and no further', (store, hosts, port) => {
  const wires = reaching(store, 'read').job.network.own;
  const opened = wires.flatMap(({ to, port }) => (to.is === 'hosts' ? to.hosts.map(host => `${host}:${port}`) : []));
  expect(opened.sort()).toEqual(hosts.map(host => `${host}:${port}`));
});

test.each<[ArchiveUse, string[]]>([
  ['archive', ['s3:GetObject', 's3:PutObject']],
  ['backup', ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']],
  ['read', ['s3:GetObject']],
])('who has an archive to %s may do no more', (use, actions) => {
  const { job } = reaching(S3, use);
  expect(CloudRole.of(job).rights).toEqual([
    { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::test-backups'] },
    { actions, resources: ['arn:aws:s3:::test-backups/staging/shop/db/*'] },
  ]);
});

test('an account takes on one role', () => {
  const { job } = reaching(S3, 'read');
  expect(() => CloudRole.of(job, 'other')).toThrow(
    'its account has the role job and would get other; an account takes on one',
  );
});
