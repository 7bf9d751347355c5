import { expect, test } from 'vitest';
import { edited, files, judged, type Objects, shop } from './judged.ts';

const CLAIMS = 'data-db-0, data-db-1, data-db-2';
const without = (it: Objects, which: (name: string) => boolean) => {
  for (const name of Object.keys(it)) if (which(name)) delete it[name];
};
const isClaim = (name: string) => name.startsWith('PersistentVolumeClaim');

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a claim',
    it => {
      delete it['PersistentVolumeClaim data-db-2'];
    },
    ['shop/data-db-2: PersistentVolumeClaim data-db-2 goes, and its data with it; put it back'],
  ],
  [
    'pods and their claims',
    it => {
      it['StatefulSet db'].spec.replicas = 1;
      without(it, name => /data-db-[12]/.test(name));
    },
    [
      'shop/data-db-1: PersistentVolumeClaim data-db-1 goes, and its data with it; put it back',
      'shop/data-db-2: PersistentVolumeClaim data-db-2 goes, and its data with it; put it back',
    ],
  ],
  [
    'a StatefulSet, while its claims stay',
    it => {
      delete it['StatefulSet db'];
    },
    [`shop/db: StatefulSet db goes, and leaves behind the data of ${CLAIMS}; put it back`],
  ],
  [
    'a StatefulSet and its claims: one finding',
    it => without(it, name => name === 'StatefulSet db' || isClaim(name)),
    [`shop/db: StatefulSet db goes, and with it the data of ${CLAIMS}; put it back`],
  ],
  [
    'a StatefulSet renamed',
    it => {
      it['StatefulSet db'].metadata.name = 'database';
      it['Service other'] = { ...it['Service db-pods'], metadata: { name: 'other', namespace: 'shop-data' } };
    },
    [
      `shop/db: StatefulSet db goes, and leaves behind the data of ${CLAIMS}; StatefulSet database, which is new, would begin with empty volumes; put it back`,
    ],
  ],
  [
    'a layer: one finding for its namespace',
    it => without(it, name => !/^Namespace shop$|^StorageClass/.test(name)),
    [
      `shop/shop-data: Namespace shop-data goes, and with it the data of ${CLAIMS}; the backups of the orders; what stands in s3://backups/shop, stanza db; put it back`,
    ],
  ],
  [
    'a namespace that holds nothing',
    it => {
      delete it['Namespace shop'];
    },
    [],
  ],
  [
    'a StorageClass',
    it => {
      delete it['StorageClass block'];
    },
    ['shop/block: StorageClass block goes: no volume of it could grow, and none be made; put it back'],
  ],
  [
    'a schedule of backups',
    it => {
      delete it['CronJob backup'];
    },
    ['shop/backup: CronJob backup goes: backups of the orders would stop; put it back'],
  ],
  [
    'what says where backups are',
    it => {
      delete it['ConfigMap pgbackrest'];
    },
    ['shop/pgbackrest: ConfigMap pgbackrest goes, which leads to s3://backups/shop, stanza db; put it back'],
  ],
])('%s', (_, edit, expected) => expect(edited(edit)).toEqual(expected));

test('claims that only the StatefulSet makes are known by its template, its pods and its first ordinal', () => {
  const before = shop();
  without(before, isClaim);
  Object.assign(before['StatefulSet db'].spec, { replicas: 2, ordinals: { start: 5 } });
  const after = structuredClone(before);
  delete after['StatefulSet db'];
  expect(judged(files(before), files(after)).lines).toEqual([
    expect.stringContaining('StatefulSet db goes, and leaves behind the data of data-db-5, data-db-6;'),
  ]);
});

test('a StatefulSet without claims goes as it likes', () => {
  const before = shop();
  without(before, isClaim);
  before['StatefulSet db'].spec.volumeClaimTemplates = [];
  const after = structuredClone(before);
  delete after['StatefulSet db'];
  expect(judged(files(before), files(after)).lines).toEqual([]);
});

test('a unit that leaves is one finding, which says how it is meant', () => {
  expect(judged(files(shop()), files(shop(), 'us-west-2/shop')).lines).toEqual([
    `us-east-1a: shop: shop leaves us-east-1a, and nobody would look after the data of ${CLAIMS}; the backups of the orders; what stands in s3://backups/shop, stanza db; ` +
      "put it back, or say in departures of fleet.ts that it is meant: { cluster: 'us-east-1a', system: 'shop', reason, owner, expires } [data-guard]",
  ]);
});

test('a unit without data leaves as it likes, with its cluster’s classes', () => {
  const before = shop();
  without(before, name => !/^Namespace shop$|^StorageClass|^Service/.test(name));
  expect(judged(files(before), new Map([['us-west-2/shop/x', 'other']])).lines).toEqual([]);
});

test('an object is the same wherever its file stands', () => {
  expect(judged(files(shop()), files(shop(), 'us-east-1a/store')).lines).toEqual([]);
  // A second group took the kind's name, and the file's name says which is which.
  expect(judged(files(shop()), files(shop(), undefined, ['StatefulSet', 'StorageClass'])).lines).toEqual([]);

  const changed = shop();
  changed['StatefulSet db'].spec.serviceName = 'other';
  expect(judged(files(shop()), files(changed, 'us-east-1a/store')).lines).toEqual([
    expect.stringContaining('shop/db: spec.serviceName changes from db-pods to other'),
  ]);
});

test('an object of another group is another', () => {
  const other = shop();
  other['StatefulSet db'].apiVersion = 'apps.kruise.io/v1';
  expect(judged(files(shop()), files(other)).lines).toEqual([
    expect.stringContaining('StatefulSet db goes, and leaves behind the data of'),
  ]);
});

test('claims that go with their StatefulSet are deleted, those that stay are orphaned', () => {
  const after = shop();
  delete after['StatefulSet db'];
  expect(judged(files(shop()), files(after)).lines[0]).toContain("object: 'StatefulSet db', change: 'orphans'");
  without(after, isClaim);
  expect(judged(files(shop()), files(after)).lines[0]).toContain("object: 'StatefulSet db', change: 'deletes'");
});

test('an object in another cluster or namespace is another', () => {
  // A file of the same name comes in another cluster at the same time.
  const elsewhere = files({ claim: shop()['PersistentVolumeClaim data-db-2'] }, 'us-west-2/shop');
  const less = shop();
  delete less['PersistentVolumeClaim data-db-2'];
  expect(judged(files(shop()), new Map([...files(less), ...elsewhere])).lines).toHaveLength(1);

  const moved = shop();
  moved['PersistentVolumeClaim data-db-2'].metadata.namespace = 'shop';
  expect(judged(files(shop()), files(moved)).lines).toEqual([
    expect.stringContaining('PersistentVolumeClaim data-db-2 goes, and its data with it'),
  ]);
});

test('a namespace takes along what stands in it, and nothing of its like in another cluster', () => {
  const west = shop();
  delete west['PersistentVolumeClaim data-db-2'];
  const east = shop();
  without(east, name => !/^Namespace shop$/.test(name));
  const before = new Map([...files(shop()), ...files(shop(), 'us-west-2/shop')]);
  const after = new Map([...files(east), ...files(west, 'us-west-2/shop')]);
  expect(judged(before, after).findings.map(({ cluster, given }) => `${cluster}: ${given.split(' goes')[0]}`)).toEqual([
    'us-east-1a: Namespace shop-data',
    'us-east-1a: StorageClass block',
    'us-west-2: PersistentVolumeClaim data-db-2',
  ]);
});

test('each Argo CD is a cluster of its own', () => {
  const project = (name: string): Objects => ({
    project: {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: 'argocd', annotations: { 'drydock/holds': name } },
    },
  });
  const local = files(project('data'), 'argocd/local');
  const before = new Map([...files(project('data'), 'argocd/hub'), ...files(project('rest'), 'argocd/hub'), ...local]);
  const after = new Map([...files(project('rest'), 'argocd/hub'), ...local]);
  expect(judged(before, after).lines).toEqual([
    expect.stringContaining('argocd/hub: shop/data: Application data goes'),
  ]);
});
