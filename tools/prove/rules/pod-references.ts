import type { Container, KeyToPath, Volume } from '../../../imports/kubernetes.ts';
import { CONFIG_MAP, type Found, SECRET, SERVICE_ACCOUNT, STORAGE_CLASS } from './references.ts';
import type { Workload } from './view.ts';

/** All that a workload's pods need to find before they start; what is marked optional is left out. */
export function podReferences({ pod }: Workload, found: Found): void {
  const { spec, specAt, containers } = pod;
  const { serviceAccountName: account, priorityClassName: priority, runtimeClassName: runtime } = spec;
  if (account) found.here(`${specAt}.serviceAccountName`, SERVICE_ACCOUNT, account);
  if (priority) found.wide(`${specAt}.priorityClassName`, 'scheduling.k8s.io/v1/PriorityClass', priority);
  if (runtime) found.wide(`${specAt}.runtimeClassName`, 'node.k8s.io/v1/RuntimeClass', runtime);
  for (const [index, { name }] of (spec.imagePullSecrets ?? []).entries()) {
    if (name) found.here(`${specAt}.imagePullSecrets[${index}]`, SECRET, name);
  }
  for (const [index, volume] of (spec.volumes ?? []).entries()) ofVolume(volume, `${specAt}.volumes[${index}]`, found);
  for (const { at, container } of containers) {
    ofEnv(container, at, found);
    ofSubPaths(container, at, spec.volumes ?? [], found);
  }
}

function ofVolume(volume: Volume, at: string, found: Found): void {
  const { configMap, secret, projected, persistentVolumeClaim: claim, ephemeral } = volume;
  if (configMap) withItems(`${at}.configMap`, CONFIG_MAP, configMap, found);
  if (secret) withItems(`${at}.secret`, SECRET, { ...secret, name: secret.secretName }, found);
  for (const [index, source] of (projected?.sources ?? []).entries()) {
    const sourceAt = `${at}.projected.sources[${index}]`;
    if (source.configMap) withItems(`${sourceAt}.configMap`, CONFIG_MAP, source.configMap, found);
    if (source.secret) withItems(`${sourceAt}.secret`, SECRET, source.secret, found);
  }
  if (claim) found.here(`${at}.persistentVolumeClaim`, 'v1/PersistentVolumeClaim', claim.claimName);
  const storage = ephemeral?.volumeClaimTemplate?.spec.storageClassName;
  if (storage) found.wide(`${at}.ephemeral.volumeClaimTemplate.spec.storageClassName`, STORAGE_CLASS, storage);
}

interface Source {
  readonly name?: string;
  readonly optional?: boolean;
  readonly items?: readonly KeyToPath[];
}

function withItems(at: string, kind: string, { name, optional, items = [] }: Source, found: Found): void {
  if (!name || optional) return;
  found.here(at, kind, name);
  for (const [index, { key }] of items.entries()) found.here(`${at}.items[${index}]`, kind, name, key);
}

function ofEnv({ env = [], envFrom = [] }: Container, at: string, found: Found): void {
  for (const [index, { valueFrom }] of env.entries()) {
    if (valueFrom === undefined) continue;
    const { configMapKeyRef: map, secretKeyRef: hidden } = valueFrom;
    if (map?.name && !map.optional)
      found.here(`${at}.env[${index}].valueFrom.configMapKeyRef`, CONFIG_MAP, map.name, map.key);
    if (hidden?.name && !hidden.optional)
      found.here(`${at}.env[${index}].valueFrom.secretKeyRef`, SECRET, hidden.name, hidden.key);
  }
  for (const [index, { configMapRef: map, secretRef: hidden }] of envFrom.entries()) {
    if (map?.name && !map.optional) found.here(`${at}.envFrom[${index}].configMapRef`, CONFIG_MAP, map.name);
    if (hidden?.name && !hidden.optional) found.here(`${at}.envFrom[${index}].secretRef`, SECRET, hidden.name);
  }
}

/** A mount of one key: the kubelet makes an empty directory where the key is missing, and says nothing. */
function ofSubPaths({ volumeMounts = [] }: Container, at: string, volumes: readonly Volume[], found: Found): void {
  for (const [index, { name: volume, subPath }] of volumeMounts.entries()) {
    if (!subPath) continue;
    const { configMap, secret } = volumes.find(each => each.name === volume) ?? {};
    const source: Source | undefined = configMap ?? (secret && { ...secret, name: secret.secretName });
    if (!source?.name || source.optional || (!source.items && subPath.includes('/'))) continue;
    const key = source.items ? source.items.find(({ path }) => path === subPath)?.key : subPath;
    if (key !== undefined)
      found.here(`${at}.volumeMounts[${index}].subPath`, configMap ? CONFIG_MAP : SECRET, source.name, key);
  }
}
