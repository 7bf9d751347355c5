import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { minors } from '../../fleet.ts';
import { messageOf } from '../../tools/control-plane/api.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start.ts';
import { claim } from '../../tools/protect/claim.ts';
import { statefulSet } from '../../tools/protect/stateful-set.ts';
import { storageClass } from '../../tools/protect/storage-class.ts';
import type { Manifest } from '../../tools/render/manifest.ts';

/**
 * The guard's tables of what never changes, against a real kube-apiserver: each change is sent as Argo CD would send it, and
 * the server refuses exactly what the guard says.
 */
const CLAIM = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '10Gi' } },
  storageClassName: 'block',
  volumeMode: 'Filesystem',
};
const OTHER = { kind: 'PersistentVolumeClaim', name: 'other' };
const SMALLER = { requests: { storage: '5Gi' } };
const SAME = { requests: { storage: '10240Mi' } };
const LARGER = { requests: { storage: '20Gi' } };
const LIMITED = { requests: { storage: '10Gi' }, limits: { storage: '20Gi' } };

const template = (spec: object = CLAIM, metadata = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', ...metadata },
  spec,
});

interface Kind {
  readonly judge: typeof claim;
  readonly before: Manifest;
  /** Where the server describes the fields, and below which one of the object they stand. */
  readonly schema: readonly [path: string, name: string];
  readonly fields: (manifest: Manifest) => Record<string, unknown>;
  /** New values of each field there is; `undefined` takes it away. */
  readonly changes: Readonly<Record<string, readonly unknown[]>>;
}

const spec = (manifest: Manifest) => manifest.spec as Record<string, unknown>;

const KINDS: Readonly<Record<string, Kind>> = {
  StatefulSet: {
    judge: statefulSet,
    before: {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace: 'default' },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'db' } },
        serviceName: 'db',
        template: {
          metadata: { labels: { app: 'db', also: 'db' } },
          spec: { containers: [{ name: 'c', image: 'c' }] },
        },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        volumeClaimTemplates: [template()],
      },
    },
    schema: ['apis/apps/v1', 'io.k8s.api.apps.v1.StatefulSetSpec'],
    fields: spec,
    changes: {
      minReadySeconds: [5],
      ordinals: [{ start: 1 }],
      persistentVolumeClaimRetentionPolicy: [{ whenDeleted: 'Delete', whenScaled: 'Retain' }],
      podManagementPolicy: ['Parallel', 'OrderedReady'],
      replicas: [1, 5],
      revisionHistoryLimit: [3],
      selector: [{ matchLabels: { also: 'db' } }],
      serviceName: ['other', undefined],
      template: [{ metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'd', image: 'd' }] } }],
      updateStrategy: [{ type: 'RollingUpdate', rollingUpdate: { partition: 1 } }],
      volumeClaimTemplates: [
        [],
        [template(), { ...template(), metadata: { name: 'more' } }],
        [template(CLAIM, { labels: { app: 'db' } })],
        [template(CLAIM, { annotations: { about: 'db' } })],
        [template({ ...CLAIM, resources: LARGER })],
        [template({ ...CLAIM, resources: SMALLER })],
        [template({ ...CLAIM, resources: LIMITED })],
        [template({ ...CLAIM, storageClassName: 'other' })],
        [template({ ...CLAIM, accessModes: ['ReadWriteMany'] })],
        [template({ ...CLAIM, volumeMode: 'Block' })],
        [template({ ...CLAIM, volumeAttributesClassName: 'fast' })],
        // The same in other words.
        [template({ ...CLAIM, resources: SAME })],
        [template({ ...CLAIM, volumeMode: undefined })],
        [{ metadata: { name: 'data' }, spec: CLAIM }],
        [template(CLAIM, { labels: {} })],
      ],
    },
  },
  PersistentVolumeClaim: {
    judge: claim,
    before: {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'default' },
      spec: { ...CLAIM, volumeName: 'pv' },
    },
    schema: ['api/v1', 'io.k8s.api.core.v1.PersistentVolumeClaimSpec'],
    fields: spec,
    changes: {
      accessModes: [['ReadWriteMany']],
      dataSource: [OTHER],
      dataSourceRef: [OTHER],
      resources: [SMALLER, SAME, LARGER, LIMITED],
      selector: [{ matchLabels: { app: 'db' } }],
      storageClassName: ['other', undefined],
      volumeAttributesClassName: ['fast'],
      volumeMode: ['Block', undefined],
      volumeName: ['other', undefined],
    },
  },
  StorageClass: {
    judge: storageClass,
    before: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'block' },
      allowVolumeExpansion: true,
      parameters: { type: 'gp3' },
      provisioner: 'ebs.csi.aws.com',
      reclaimPolicy: 'Retain',
    },
    schema: ['apis/storage.k8s.io/v1', 'io.k8s.api.storage.v1.StorageClass'],
    fields: manifest => manifest,
    changes: {
      allowVolumeExpansion: [false],
      allowedTopologies: [[{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }]],
      mountOptions: [['noatime']],
      parameters: [{ type: 'io2' }, { type: 'gp3', iops: '4000' }, undefined],
      provisioner: ['efs.csi.aws.com'],
      reclaimPolicy: ['Delete', undefined],
      volumeBindingMode: ['WaitForFirstConsumer', 'Immediate'],
    },
  },
};

describe.each(minors())('Kubernetes %s', version => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane({ version });
    // The class first: a claim asks whether it may grow.
    for (const kind of ['StorageClass', 'StatefulSet', 'PersistentVolumeClaim']) {
      const answer = await apply(KINDS[kind]!.before);
      if (answer.status !== 201) throw new Error(`${kind}: ${messageOf(answer)}`);
    }
    const bound = { status: { phase: 'Bound', capacity: { storage: '10Gi' }, accessModes: ['ReadWriteOnce'] } };
    const merge = { 'Content-Type': 'application/merge-patch+json' };
    const status = '/api/v1/namespaces/default/persistentvolumeclaims/data/status';
    expect((await plane.api.request('PATCH', status, bound, merge)).status).toBe(200);
  });
  afterAll(() => plane?.stop());

  const apply = (object: Manifest, dryRun = false) =>
    plane.api.applyServerSide(object, { fieldManager: 'argocd-controller', force: true, dryRun });

  describe.each(Object.entries(KINDS))('%s', (_, { judge, before, schema: [path, name], fields, changes }) => {
    test('every field that the server knows is asked about', async () => {
      const { components } = (await plane.api.get(`/openapi/v3/${path}`)) as {
        components: { schemas: Record<string, { properties: object }> };
      };
      const known = Object.keys(components.schemas[name]!.properties);
      const asked = [...Object.keys(changes), 'apiVersion', 'kind', 'metadata'];
      expect(known.filter(field => !asked.includes(field))).toEqual([]);
    });

    test('the server refuses what the guard refuses, and takes the rest', async () => {
      const differing: string[] = [];
      const verdicts = new Set<boolean>();
      for (const [field, values] of Object.entries(changes)) {
        for (const value of values) {
          const after = structuredClone(before);
          fields(after)[field] = value;
          const refused = judge(before, after).some(({ change }) => change === 'rejected');
          verdicts.add(refused);
          const answer = await apply(JSON.parse(JSON.stringify(after)) as Manifest, true);
          if (refused !== answer.status >= 300)
            differing.push(`${field}: ${JSON.stringify(value)}: ${answer.status} ${refused ? '' : messageOf(answer)}`);
        }
      }
      expect(differing).toEqual([]);
      expect([...verdicts].sort()).toEqual([false, true]);
    });
  });
});
