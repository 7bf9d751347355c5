import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConfigMap, VolumeMount } from '../../imports/kubernetes.ts';
import { TLS } from '../conventions.ts';
import { KubeObject } from '../kube-object.ts';
import type { Workload } from '../workload.ts';
import { dataBytes, type RedisOptions } from './options.ts';

export const REDIS_PORT = 6379;
export const SENTINEL_PORT = 26379;

/** Where everything of ours stands in a pod. */
export const PATHS = {
  /** Scripts and templates, live. */
  config: '/etc/drydock/redis',
  /** The volume: data, and what Sentinel and the servers write into their files. */
  data: '/data',
  /** In memory: the users with their hashes, and the password of the pod's own scripts. */
  run: '/run/redis',
} as const;

/** Those of the pod's volumes that each of its containers mounts. */
export const MOUNTS = {
  config: { name: 'config', mountPath: PATHS.config, readOnly: true },
  run: { name: 'run', mountPath: PATHS.run },
} satisfies Record<string, VolumeMount>;

/** The text of one of the scripts beside this file. */
export function script(name: string): string {
  return readFileSync(new URL(`scripts/${name}`, import.meta.url), 'utf8');
}

/**
 * Lines of redis.conf that every server has. The start script adds what only the pod knows: names, roles, passwords.
 * @param more lines of the construct's own; the author's `parameters` come last, and the last one counts
 */
export function serverConfig(
  { memory, eviction, parameters = {} }: Pick<RedisOptions, 'memory' | 'eviction' | 'parameters'>,
  more: Readonly<Record<string, string | number>> = {},
): string {
  const mebibytes = memory.toMebibytes();
  const lines: Record<string, string | number | boolean> = {
    port: 0,
    'tls-port': REDIS_PORT,
    'tls-cert-file': `${TLS}/tls.crt`,
    'tls-key-file': `${TLS}/tls.key`,
    'tls-ca-cert-file': `${TLS}/ca.crt`,
    // Who they are, passwords say: neither server maps a certificate to a user.
    'tls-auth-clients': 'optional',
    'tls-replication': 'yes',
    bind: '* -::*',
    'protected-mode': 'no',
    dir: PATHS.data,
    aclfile: `${PATHS.run}/users.acl`,
    masteruser: 'replica',
    appendonly: 'yes',
    // A second of writes at most is lost with the node; replicas have them.
    appendfsync: 'everysec',
    // The append-only file is what is kept; dumps are made by the backup, from a replica.
    save: '""',
    maxmemory: dataBytes(memory),
    'maxmemory-policy': eviction,
    // Of what clients may hold together, before the greediest are cut off.
    'maxmemory-clients': '5%',
    'repl-diskless-sync': 'yes',
    // The default waits five seconds for more replicas, and a new primary takes no writes before one has copied.
    'repl-diskless-sync-delay': 0,
    // A replica that was away for a rolling restart goes on from here instead of copying all.
    'repl-backlog-size': `${Math.min(256, Math.max(4, Math.floor(mebibytes / 32)))}mb`,
    // The default, 256 MB, is more than a small container has.
    'client-output-buffer-limit': `replica ${Math.floor(mebibytes / 8)}mb ${Math.floor(mebibytes / 16)}mb 60`,
    ...more,
    ...parameters,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name} ${value === true ? 'yes' : value === false ? 'no' : value}\n`)
    .join('');
}

/**
 * Texts as files of one directory of the pod, which follows the ConfigMap while the pod runs.
 * @param path the directory; companions mount the volume by its name
 */
export function configDirectory(
  workload: Workload,
  { name, path }: { readonly name: string; readonly path: string },
  texts: Readonly<Record<string, string>>,
): void {
  const object = `${workload.name}-${name}`;
  new KubeObject<ConfigMap>(
    workload,
    name,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...workload.metadata(), name: object } },
    { data: { ...texts } },
  );
  workload.attach({
    volume: { name, configMap: { name: object, defaultMode: 0o555 } },
    mount: { mountPath: path, readOnly: true },
  });
}

/** In memory, for what must not stand on a disk; small, since it counts as memory. */
export function mountRun(workload: Workload): void {
  workload.attach({
    volume: { name: MOUNTS.run.name, emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    mount: { mountPath: MOUNTS.run.mountPath },
  });
}

/** Of texts whose change a server only learns when it starts. */
export function hashOf(texts: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256');
  for (const [name, text] of Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0${text}\0`);
  return hash.digest('hex').slice(0, 16);
}
