import { createHash } from 'node:crypto';
import type { PlacedAcknowledgement } from '../../../tools/protect/index.ts';
import { Guard } from '../../../tools/protect/index.ts';
import { asText } from '../../../tools/render/finding.ts';
import type { Manifest } from '../../../tools/render/manifest.ts';
import { placeOf } from '../../../tools/render/place.ts';
import { toYaml } from '../../../tools/render/yaml.ts';

export const UNIT = 'us-east-1a/shop';
export const AGREED = { reason: 'it is meant', owner: 'ordering', expires: '2027-03-31' };
const CONFIRM = { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' };

// biome-ignore lint/suspicious/noExplicitAny: tests break what the types promise
type Loose = any;
export type Objects = Record<string, Loose>;

const claimSpec = (storage: string) => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage } },
  storageClassName: 'block',
  volumeMode: 'Filesystem',
});

/** A unit with a database of three pods, its claims, a schedule and a place for backups; and the class of its volumes. */
export function shop(): Objects {
  const namespaced = (name: string, annotations?: Record<string, string>) => ({
    name,
    namespace: 'shop-data',
    ...(annotations && { annotations }),
  });
  const claims = [0, 1, 2].map(ordinal => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: namespaced(`data-db-${ordinal}`, CONFIRM),
    spec: claimSpec('100Gi'),
  }));
  const objects: Loose[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', annotations: CONFIRM } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-data' } },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: namespaced('db', { ...CONFIRM, 'drydock/shards': '3', 'drydock/databases': 'orders, stock' }),
      spec: {
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        replicas: 3,
        selector: { matchLabels: { app: 'db' } },
        serviceName: 'db-pods',
        template: { metadata: { labels: { app: 'db' } } },
        volumeClaimTemplates: [
          { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: claimSpec('100Gi') },
        ],
      },
    },
    ...claims,
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: namespaced('db-roles', { 'drydock/databases': 'orders' }),
      data: { logins: 'orders_app_1\norders_app_2\norders_clerk_1\n' },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: namespaced('backup', { 'drydock/keeps': 'the orders' }),
      spec: {},
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: namespaced('pgbackrest', { 'drydock/holds': 's3://backups/shop, stanza db' }),
    },
    { apiVersion: 'v1', kind: 'Service', metadata: namespaced('db-pods') },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'block', annotations: CONFIRM },
      parameters: { type: 'gp3' },
      provisioner: 'ebs.csi.aws.com',
    },
  ];
  return Object.fromEntries(objects.map(object => [`${object.kind} ${object.metadata.name}`, object]));
}

/** Files of a unit, the objects of its layers told apart by their namespaces. */
export function files(objects: Objects, unit = UNIT, ambiguous: string[] = []): Map<string, string> {
  return new Map(
    Object.values(objects).map((manifest: Manifest): [string, string] => [
      `${unit}/data/${placeOf(manifest, new Set(ambiguous))}`,
      `# drydock: shop/${manifest.metadata.name}\n${toYaml(manifest)}`,
    ]),
  );
}

/** What the guard says of a change of files. */
export function judged(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  acknowledgements: readonly PlacedAcknowledgement[] = [],
) {
  const read: string[] = [];
  const byId = new Map([...before].map(([file, text]) => [id(text), { file, text }]));
  const guard = new Guard(new Map([...before].map(([file, text]) => [file, id(text)])));
  for (const [file, text] of after) guard.see(file, text);
  const textsOf = (blobs: readonly string[]) =>
    blobs.map(blob => {
      const { file, text } = byId.get(blob)!;
      read.push(file);
      return text;
    });
  const { findings, waived, done } = guard.judge(textsOf, acknowledgements);
  return { lines: findings.map(asText), findings, waived, done, read };
}

/** What the guard says of an edit of the shop, without the way to acknowledge it. */
export function edited(edit: (it: Objects) => void): string[] {
  const after = shop();
  edit(after);
  return judged(files(shop()), files(after)).findings.map(
    ({ construct, given, remedy }) => `${construct}: ${given}; ${remedy.split(', or acknowledge it:')[0]}`,
  );
}

/** `git hash-object`. */
function id(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest('hex');
}
