import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyToPath, Volume, VolumeProjection } from '../../../imports/kubernetes.ts';
import { amountOf, fieldOf } from './environment.ts';
import { applyFsGroup, type File, writeAtomically } from './files.ts';
import type { PodManifest } from './manifest.ts';
import { dataOf, type Objects } from './objects.ts';

export interface VolumeContext {
  readonly pod: PodManifest;
  readonly podIp: string;
  readonly objects: Objects;
  /** Where the pod's own volumes lie. */
  readonly folder: string;
  /** Where a claim lies, which outlives its pods. */
  readonly claim: (name: string) => string;
  /** What the API server would hand out. @param audience @default the API server itself */
  readonly token?: (serviceAccount: string, audience: string | undefined) => Promise<string>;
}

export interface PreparedVolume {
  readonly folder: string;
  readonly readOnly: boolean;
  /** Options of the tmpfs that the pod mounts there. */
  readonly tmpfs?: string;
  /** Writes what the objects say now, if it is something new. */
  readonly refresh?: () => Promise<void>;
}

/** The volumes of a pod as directories, owned as its fsGroup asks. */
export async function prepareVolumes(context: VolumeContext): Promise<Map<string, PreparedVolume>> {
  const prepared = new Map<string, PreparedVolume>();
  const { token } = context;
  const own = { ...context, token: token && once(token) };
  for (const volume of context.pod.spec.volumes ?? []) prepared.set(volume.name, await prepare(volume, own));
  return prepared;
}

/** A token is valid for an hour, longer than any test: it is asked for once. */
function once(token: NonNullable<VolumeContext['token']>): NonNullable<VolumeContext['token']> {
  const given = new Map<string | undefined, Promise<string>>();
  return (account, audience) => {
    const known = given.get(audience) ?? token(account, audience);
    given.set(audience, known);
    return known;
  };
}

async function prepare(volume: Volume, context: VolumeContext): Promise<PreparedVolume> {
  const { fsGroup, fsGroupChangePolicy } = context.pod.spec.securityContext ?? {};
  const own = join(context.folder, volume.name);
  if (volume.persistentVolumeClaim) {
    const folder = context.claim(volume.persistentVolumeClaim.claimName);
    if (fsGroup !== undefined)
      applyFsGroup(folder, fsGroup, { readOnly: false, onRootMismatch: fsGroupChangePolicy === 'OnRootMismatch' });
    return { folder, readOnly: volume.persistentVolumeClaim.readOnly ?? false };
  }
  mkdirSync(own, { recursive: true });
  if (volume.emptyDir?.medium === 'Memory') return { folder: own, readOnly: false, tmpfs: tmpfsOf(volume, fsGroup) };
  if (volume.emptyDir || volume.ephemeral) {
    chmodSync(own, volume.emptyDir ? 0o777 : 0o755);
    if (fsGroup !== undefined) applyFsGroup(own, fsGroup, { readOnly: false, onRootMismatch: false });
    return { folder: own, readOnly: false };
  }
  let written = '';
  const refresh = async () => {
    const files = await filesOf(volume, context);
    const now = JSON.stringify(files);
    if (now === written) return;
    written = now;
    writeAtomically(own, files);
    if (fsGroup !== undefined) applyFsGroup(own, fsGroup, { readOnly: true, onRootMismatch: false });
  };
  await refresh();
  return { folder: own, readOnly: true, refresh };
}

function tmpfsOf({ emptyDir }: Volume, fsGroup: number | undefined): string {
  const size = emptyDir?.sizeLimit === undefined ? [] : [`size=${amountOf(String(emptyDir.sizeLimit))}`];
  return [...(fsGroup === undefined ? ['mode=777'] : ['mode=2777', `gid=${fsGroup}`]), ...size].join(',');
}

async function filesOf(volume: Volume, context: VolumeContext): Promise<File[]> {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap) return objectFiles('ConfigMap', configMap.name, configMap, context);
  if (secret) return objectFiles('Secret', secret.secretName, secret, context);
  if (downwardAPI) return downwardFiles(downwardAPI.items, downwardAPI.defaultMode, context);
  if (projected) {
    const parts = (projected.sources ?? []).map(source => projectedFiles(source, projected.defaultMode, context));
    return (await Promise.all(parts)).flat();
  }
  throw new Error(
    `${context.pod.metadata.name}: volume ${volume.name} is of a kind that test/real/pods/volumes.ts does not know; add it there`,
  );
}

async function projectedFiles(
  { configMap, secret, downwardAPI, serviceAccountToken }: VolumeProjection,
  defaultMode: number | undefined,
  context: VolumeContext,
): Promise<File[]> {
  if (configMap) return objectFiles('ConfigMap', configMap.name, { ...configMap, defaultMode }, context);
  if (secret) return objectFiles('Secret', secret.name, { ...secret, defaultMode }, context);
  if (downwardAPI) return downwardFiles(downwardAPI.items, defaultMode, context);
  const { spec, metadata } = context.pod;
  if (!serviceAccountToken || !context.token)
    throw new Error(`${metadata.name}: it projects what this node has not; give the node an API server for tokens`);
  const content = Buffer.from(await context.token(spec.serviceAccountName ?? 'default', serviceAccountToken.audience));
  // With an fsGroup the kubelet starts from 0600, so that group and user can read it and nobody else.
  const mode = spec.securityContext?.fsGroup === undefined ? (defaultMode ?? 0o644) : 0o600;
  return [{ path: serviceAccountToken.path, content, mode }];
}

function objectFiles(
  kind: 'ConfigMap' | 'Secret',
  name = '',
  { items, defaultMode = 0o644, optional }: { items?: KeyToPath[]; defaultMode?: number; optional?: boolean },
  { objects, pod }: VolumeContext,
): File[] {
  const namespace = pod.metadata.namespace;
  const object = kind === 'ConfigMap' ? objects.configMap(namespace, name) : objects.secret(namespace, name);
  const missing = (what: string) =>
    new Error(`${pod.metadata.name}: its volumes need ${kind} ${namespace}/${what}; apply it to the node first`);
  if (!object) {
    if (optional) return [];
    throw missing(name);
  }
  const data = dataOf(object);
  const wanted: readonly KeyToPath[] = items ?? [...data.keys()].map(key => ({ key, path: key }));
  return wanted.flatMap(({ key, path, mode }) => {
    const content = data.get(key);
    if (content) return [{ path, content, mode: mode ?? defaultMode }];
    if (optional) return [];
    throw missing(`${name} with the key ${key}`);
  });
}

function downwardFiles(
  items: { path: string; mode?: number; fieldRef?: { fieldPath: string } }[] = [],
  defaultMode = 0o644,
  context: VolumeContext,
): File[] {
  return items.map(({ path, mode = defaultMode, fieldRef }) => ({
    path,
    mode,
    content: Buffer.from(fieldOf(fieldRef?.fieldPath ?? '', context)),
  }));
}

/** A fresh disk for a claim, as ext4 leaves it: root's, with lost+found. */
export function claimFolder(folder: string): string {
  if (!existsSync(folder)) mkdirSync(join(folder, 'lost+found'), { recursive: true, mode: 0o755 });
  return folder;
}
