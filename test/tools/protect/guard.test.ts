import { expect, test } from 'vitest';
import { CHANGES } from '../../../charts/acknowledge.ts';
import { Guard, type PlacedAcknowledgement } from '../../../tools/protect/index.ts';
import { AGREED, files, judged, type Objects, shop, UNIT } from './judged.ts';

const CLAIM = 'PersistentVolumeClaim data-db-2';
const meant: PlacedAcknowledgement = {
  cluster: 'us-east-1a',
  unit: UNIT,
  construct: 'shop/db',
  object: CLAIM,
  change: 'deletes',
  ...AGREED,
};

function without(name: string): Map<string, string> {
  const after = shop();
  delete after[name];
  return files(after);
}

test('a finding says how it is acknowledged, and that lets it through', () => {
  const { lines } = judged(files(shop()), without(CLAIM));
  expect(lines).toEqual([
    `us-east-1a: shop/data-db-2: ${CLAIM} goes, and its data with it; put it back, or acknowledge it: ` +
      `acknowledge(this, { object: '${CLAIM}', change: 'deletes', reason, owner, expires }) [data-guard]`,
  ]);
  const { findings, waived, done } = judged(files(shop()), without(CLAIM), [meant]);
  expect([findings, done]).toEqual([[], []]);
  expect(waived).toEqual([
    {
      finding: expect.objectContaining({ file: `${UNIT}/data/shop-data/PersistentVolumeClaim.data-db-2.yaml` }),
      waiver: expect.objectContaining({ rule: 'data-guard', ...AGREED }),
    },
  ]);
});

test.each<[string, Partial<PlacedAcknowledgement>]>([
  ['another object', { object: 'PersistentVolumeClaim data-db-1' }],
  ['another change', { change: 'rejected' }],
  ['another unit', { unit: 'us-east-1a/other' }],
  ['another cluster', { cluster: 'us-west-2', unit: 'us-west-2/shop' }],
])('an acknowledgement of %s lets nothing through, and says that it is of no use', (_, other) => {
  const { findings, done } = judged(files(shop()), without(CLAIM), [{ ...meant, ...other }]);
  expect(findings).toHaveLength(1);
  expect(done).toHaveLength(1);
});

test('one line of code that does its work in one cluster is of use in all', () => {
  const elsewhere = { ...meant, cluster: 'us-west-2', unit: 'us-west-2/shop' };
  expect(judged(files(shop()), without(CLAIM), [meant, elsewhere]).done).toEqual([]);
  expect(judged(files(shop()), files(shop()), [meant, elsewhere]).done).toEqual([
    `shop/db: ${CLAIM}: the change "deletes" that it acknowledges is done; remove it`,
  ]);
});

test('that a unit leaves lets it go, and no other', () => {
  const leaves: PlacedAcknowledgement = { ...meant, construct: 'fleet.ts', object: UNIT, change: 'leaves' };
  const other = { ...leaves, unit: 'us-east-1a/store', object: 'us-east-1a/store' };
  const after = new Map([['us-west-2/shop/x', 'other']]);
  expect(judged(files(shop()), after, [leaves])).toMatchObject({ findings: [], done: [] });
  expect(judged(files(shop()), after, [other]).findings).toHaveLength(1);
  expect(judged(files(shop()), files(shop()), [leaves]).done).toEqual([
    `fleet.ts: ${UNIT}: the change "leaves" that it acknowledges is done; remove it`,
  ]);
});

test('what an app can acknowledge is what the guard can say of an object', () => {
  const said = new Set<string>();
  const edits: ((it: Objects) => void)[] = [
    it => delete it[CLAIM],
    it => delete it['StatefulSet db'],
    it => delete it['CronJob backup'],
    it => Object.assign(it[CLAIM].spec, { volumeMode: 'Block' }),
    it => delete it[CLAIM].metadata.annotations,
  ];
  for (const edit of edits) {
    const after = shop();
    edit(after);
    for (const { remedy } of judged(files(shop()), files(after)).findings)
      said.add(/change: '(\w+)'/.exec(remedy)![1]!);
  }
  expect([...said].sort()).toEqual([...CHANGES].sort());
});

test('only what changed is read', () => {
  const after = shop();
  after['Service db-pods'].metadata.labels = { app: 'db' };
  expect(judged(files(shop()), files(after)).read).toEqual([`${UNIT}/data/shop-data/Service.db-pods.yaml`]);
});

test('a file is known by the id that git gives its content', () => {
  const guard = new Guard(new Map([['a/b/data/x', 'ce013625030ba8dba906f756967f9e9ca394464a']]));
  guard.see('a/b/data/x', 'hello\n');
  guard.judge(() => expect.unreachable(), []);
});

test('with nothing to compare with, everything is new', () => {
  expect(judged(new Map(), files(shop()))).toMatchObject({ findings: [], read: [] });
});

test('a file of somebody else, and one of ours that is broken, is no object that could be lost', () => {
  const before = new Map([
    [
      `${UNIT}/data/shop/PersistentVolumeClaim.a.yaml`,
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: a }\n',
    ],
    [`${UNIT}/data/shop/PersistentVolumeClaim.b.yaml`, '# drydock: b\nkind: Edited\n'],
    [`${UNIT}/data/shop/PersistentVolumeClaim.c.yaml`, '# drydock: c\n}{'],
  ]);
  expect(judged(before, new Map([[`${UNIT}/data/shop/x`, 'x']])).lines).toEqual([]);
});
