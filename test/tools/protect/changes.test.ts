import { describe, expect, test } from 'vitest';
import { edited, files, judged, type Objects, shop } from './judged.ts';

const SET = 'StatefulSet db';
const CLAIM = 'PersistentVolumeClaim data-db-1';
const ANEW =
  'give it back its old value (a new one needs a new StatefulSet: `kubectl delete --cascade=orphan` before the sync, which lets its pods run)';
const MADE = 'give it back its old value, with which its volume was made';
const CLASS = 'give it back its old value, and add a class of another name for new volumes';

describe('what Kubernetes refuses, and what takes a guard off', () => {
  test.each<[string, (it: Objects) => void, string[]]>([
    [
      'a StatefulSet’s Service',
      it => {
        it[SET].spec.serviceName = 'other';
      },
      [`shop/db: spec.serviceName changes from db-pods to other, which Kubernetes refuses; ${ANEW}`],
    ],
    [
      'two fields of a StatefulSet: one finding each',
      it => {
        it[SET].spec.podManagementPolicy = 'Parallel';
        it[SET].spec.selector.matchLabels = { app: 'database' };
      },
      [
        `shop/db: spec.podManagementPolicy changes from OrderedReady to Parallel, which Kubernetes refuses; ${ANEW}`,
        `shop/db: spec.selector.matchLabels.app changes from db to database, which Kubernetes refuses; ${ANEW}`,
      ],
    ],
    [
      'a field that nobody here knows',
      it => {
        it[SET].spec.novelty = true;
      },
      [`shop/db: spec.novelty changes from nothing to true, which Kubernetes refuses; ${ANEW}`],
    ],
    [
      'the size in a template of claims: the old one stays, and the claims grow',
      it => {
        it[SET].spec.volumeClaimTemplates[0].spec.resources.requests.storage = '200Gi';
      },
      [
        'shop/db: spec.volumeClaimTemplates.data.spec.resources.requests.storage changes from 100Gi to 200Gi, which Kubernetes refuses; ' +
          'keep the size it was created with: `storage: { created: Size.gibibytes(100), now: Size.gibibytes(200) }`',
      ],
    ],
    [
      'a label of a template of claims',
      it => {
        it[SET].spec.volumeClaimTemplates[0].metadata.labels = { app: 'db' };
      },
      [
        `shop/db: spec.volumeClaimTemplates.data.metadata.labels changes from nothing to {"app":"db"}, which Kubernetes refuses; ${ANEW}`,
      ],
    ],
    [
      'a template of claims that goes: one finding',
      it => {
        it[SET].spec.volumeClaimTemplates = [];
      },
      [
        expect.stringMatching(
          /^shop\/db: spec\.volumeClaimTemplates\.data changes from \{"metadata":.*\} to nothing, which Kubernetes refuses; /,
        ),
      ],
    ],
    [
      'fewer shards, however many pods',
      it => {
        it[SET].metadata.annotations['drydock/shards'] = '2';
      },
      [
        'shop/db: it had 3 shards and now has 2: the keys of 1 would be in no backup, and lost with their pods; ' +
          'write 3 again; for fewer shards make a second cluster with restoreFrom, and move its clients there',
      ],
    ],
    [
      'a database that is called otherwise',
      it => {
        it[SET].metadata.annotations['drydock/databases'] = 'sales, stock';
      },
      [
        'shop/db: it declared the database orders, and no longer does: its rows stay where nobody gets in; ' +
          'declare it again; for another name rename it on the server first',
      ],
    ],
    [
      'a password that skips a number',
      it => {
        it['ConfigMap db-roles'].data.logins = 'orders_app_3\norders_app_4\norders_clerk_1\n';
      },
      [
        'shop/db-roles: the login orders_app_2, which clients have, is taken away at once: they would be locked out; ' +
          'let its password be 3, and the next when every client has that',
      ],
    ],
    [
      'claims that go with their pods',
      it => {
        it[SET].spec.persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Retain', whenScaled: 'Delete' };
      },
      [
        'shop/db: spec.persistentVolumeClaimRetentionPolicy.whenScaled changes from Retain to Delete: claims would go with their pods; write Retain',
      ],
    ],
    [
      'a claim that shrinks',
      it => {
        it[CLAIM].spec.resources.requests.storage = '50Gi';
      },
      [
        'shop/data-db-1: spec.resources.requests.storage shrinks from 100Gi to 50Gi, which Kubernetes refuses; write 100Gi; for a smaller volume restore into a new database',
      ],
    ],
    [
      'what a claim is',
      it => {
        Object.assign(it[CLAIM].spec, { accessModes: ['ReadWriteMany'], storageClassName: 'shared' });
        Object.assign(it[CLAIM].spec, { volumeMode: 'Block', volumeName: 'pv-1' });
      },
      [
        `shop/data-db-1: spec.accessModes changes from ["ReadWriteOnce"] to ["ReadWriteMany"], which Kubernetes refuses; ${MADE}`,
        `shop/data-db-1: spec.storageClassName changes from block to shared, which Kubernetes refuses; ${MADE}`,
        `shop/data-db-1: spec.volumeMode changes from Filesystem to Block, which Kubernetes refuses; ${MADE}`,
        `shop/data-db-1: spec.volumeName changes from nothing to pv-1, which Kubernetes refuses; ${MADE}`,
      ],
    ],
    [
      'a StorageClass',
      it => {
        it['StorageClass block'].parameters.type = 'io2';
        it['StorageClass block'].reclaimPolicy = 'Retain';
      },
      [
        `shop/block: parameters.type changes from gp3 to io2, which Kubernetes refuses; ${CLASS}`,
        `shop/block: reclaimPolicy changes from Delete to Retain, which Kubernetes refuses; ${CLASS}`,
      ],
    ],
    [
      'a person’s word that is no longer asked',
      it => {
        it['StorageClass block'].metadata.annotations = { 'argocd.argoproj.io/sync-options': 'Delete=confirm' };
      },
      [
        'shop/block: its annotation argocd.argoproj.io/sync-options loses Prune=confirm: Argo CD would delete it without a person’s word; write it again',
      ],
    ],
    [
      'backups that are looked for elsewhere',
      it => {
        it['ConfigMap pgbackrest'].metadata.annotations['drydock/holds'] = 's3://backups/store, stanza db';
      },
      [
        'shop/pgbackrest: it held s3://backups/shop, stanza db, and now s3://backups/store, stanza db: what stands there would be left behind; keep the old place',
      ],
    ],
    [
      'a schedule that no longer says what it keeps',
      it => {
        delete it['CronJob backup'].metadata.annotations;
      },
      ['shop/backup: it no longer says that it makes the backups of the orders (drydock/keeps); say so again'],
    ],
  ])('%s', (_, edit, expected) => expect(edited(edit)).toEqual(expected));
});

test('a place of several lines that differs in the second', () => {
  const [before, after] = ['one', 'two'].map(stanza => {
    const it = shop();
    it['ConfigMap pgbackrest'].metadata.annotations['drydock/holds'] = `s3://backups/shop\nstanza ${stanza}`;
    return files(it);
  });
  expect(judged(before!, after!).findings).toHaveLength(1);
});

describe('how long backups are kept', () => {
  const OLD = 'copies of shop-data/db in cold for 2555 days';
  const changed = (before: string, after: string) => {
    const [old, now] = [before, after].map(keeps => {
      const it = shop();
      it['CronJob backup'].metadata.annotations['drydock/keeps'] = keeps;
      return files(it);
    });
    return judged(old!, now!).lines;
  };

  test('for fewer days is refused, and says how it is meant', () => {
    expect(changed(OLD, 'copies of shop-data/db in cold for 31 days')).toEqual([
      `us-east-1a: shop/backup: it kept ${OLD}, and now for 31: its next run deletes all that is older; keep them for 2555 days, ` +
        "or acknowledge it: acknowledge(this, { object: 'CronJob backup', change: 'deletes', reason, owner, expires }) [data-guard]",
    ]);
    // As numbers, not as texts.
    expect(changed('dumps for 100 days', 'dumps for 99 days')).toHaveLength(1);
    expect(changed('dumps for 99 days', 'dumps for 100 days')).toEqual([]);
  });

  test('under another name too', () => {
    expect(changed(OLD, 'copies of shop-data/db in glacier for 2554 days')).toHaveLength(1);
  });

  test('for no number of days any more', () => {
    expect(changed(OLD, 'copies of shop-data/db for 7 years')).toEqual([
      expect.stringContaining(
        `it kept ${OLD}, and now says no number of days: "copies of shop-data/db for 7 years" (drydock/keeps); say so again, or acknowledge it: acknowledge(this, { object: 'CronJob backup', change: 'unguards'`,
      ),
    ]);
  });

  test.each([
    ['for more days', OLD.replace('2555', '2557')],
    ['for as long, said otherwise', 'all copies for 2555 days'],
  ])('%s is no finding', (_, after) => expect(changed(OLD, after)).toEqual([]));
});

describe('what may change', () => {
  test.each<[string, (it: Objects) => void]>([
    [
      'all of a StatefulSet that Kubernetes lets change',
      it => {
        Object.assign(it[SET].spec, {
          replicas: 5,
          ordinals: { start: 0 },
          minReadySeconds: 5,
          revisionHistoryLimit: 2,
        });
        Object.assign(it[SET].spec, { template: {}, updateStrategy: { type: 'OnDelete' } });
      },
    ],
    [
      'fewer pods, whose claims stay',
      it => {
        it[SET].spec.replicas = 1;
      },
    ],
    [
      'a default that is written out',
      it => {
        it[SET].spec.podManagementPolicy = 'OrderedReady';
        it['StorageClass block'].volumeBindingMode = 'Immediate';
        it['StorageClass block'].mountOptions = [];
        it[SET].spec.volumeClaimTemplates[0].metadata.labels = {};
      },
    ],
    [
      'the same in other words',
      it => {
        it[SET].spec.volumeClaimTemplates = [
          {
            metadata: { name: 'data' },
            spec: { ...it[CLAIM].spec, volumeMode: undefined, resources: { requests: { storage: '102400Mi' } } },
          },
        ];
        it[CLAIM].spec.resources.requests.storage = '102400Mi';
      },
    ],
    [
      'a claim that grows, into another class of attributes',
      it => {
        it[CLAIM].spec.resources.requests.storage = '200Gi';
        it[CLAIM].spec.volumeAttributesClassName = 'fast';
      },
    ],
    [
      'the rest of a StorageClass',
      it => {
        Object.assign(it['StorageClass block'], { allowVolumeExpansion: true, mountOptions: ['noatime'] });
      },
    ],
    [
      'more options of Argo CD, in another order',
      it => {
        it[CLAIM].metadata.annotations['argocd.argoproj.io/sync-options'] =
          'Delete=confirm, ServerSideApply=true,Prune=confirm';
      },
    ],
    [
      'what backups are of, and an object that holds something for the first time',
      it => {
        it['CronJob backup'].metadata.annotations['drydock/keeps'] = 'the orders and the menu';
        it['Service db-pods'].metadata.annotations = { 'drydock/holds': 'a name' };
      },
    ],
    [
      'a password whose number is the next, and a role that goes',
      it => {
        it['ConfigMap db-roles'].data.logins = 'orders_app_2\norders_app_3\n';
      },
    ],
    [
      'what holds nothing',
      it => {
        delete it['Service db-pods'];
      },
    ],
  ])('%s', (_, edit) => expect(edited(edit)).toEqual([]));
});
