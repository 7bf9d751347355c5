import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { VolumeMount } from '../../imports/kubernetes.ts';
import { repository } from '../archive-store.ts';
import { TLS } from '../conventions.ts';
import type { Companion } from '../workload.ts';
import { AGENT } from './agent.ts';
import type { Archive } from './archive.ts';

/** Where the server beside each database answers those who back it up (pgbackrest.org, tls-server-port). */
export const PGBACKREST_PORT = 8432;

/** pgBackRest looks here by itself. */
export const PGBACKREST_CONF = '/etc/pgbackrest/pgbackrest.conf';

/** The volume of a database's pod and, below it, the data of a major version: never the mount itself, where file systems keep things of their own. */
export const VOLUME = '/pgdata';
export function dataDirectory(version: string): string {
  return `${VOLUME}/pg${version}`;
}

/** Where PostgreSQL's socket is, for all containers of its pod. */
export const SOCKETS = '/run/postgresql';

/** How a server gives its WAL away, and fetches it: PostgreSQL's `archive_command` and `restore_command`. */
export function archiveCommand({ stanza }: Archive): string {
  return `pgbackrest --stanza=${stanza} archive-push "%p"`;
}
export function restoreCommand({ stanza }: Archive): string {
  return `pgbackrest --stanza=${stanza} archive-get %f "%p"`;
}

/**
 * pgbackrest.conf in the pods of a database. One repository stands in the way of the WAL, never more: with a second one that is down,
 * neither gets anything (measured on 2.59.1).
 *
 * @param clients common names of the certificates that may back it up. Such a client is as good as a superuser.
 */
export function podConfig(of: {
  readonly archive: Archive;
  readonly version: string;
  readonly clients: readonly string[];
}): string {
  const { archive, version, clients } = of;
  return ini({
    global: {
      ...repository(archive),
      ...COMMON,
      // WAL is sent ahead of PostgreSQL's asking, from a list on the volume of the data, where there is room for it.
      'archive-async': 'y',
      'spool-path': `${VOLUME}/spool`,
      'process-max': '2',
      'log-level-console': 'warn',
      'tls-server-address': '*',
      'tls-server-port': String(PGBACKREST_PORT),
      'tls-server-ca-file': `${TLS}/ca.crt`,
      'tls-server-cert-file': `${TLS}/tls.crt`,
      'tls-server-key-file': `${TLS}/tls.key`,
      'tls-server-auth': clients.map(client => `${client}=${archive.stanza}`),
    },
    // Of a backup that begins here, before a migration: what has been kept long enough is for the scheduled ones to say.
    'global:backup': { 'expire-auto': 'n' },
    [archive.stanza]: server(1, version),
  });
}

/** pgbackrest.conf of what backs up over the network: every member, so that it stays the same whoever leads. */
export function jobConfig(of: {
  readonly archive: Archive;
  readonly version: string;
  /** DNS names of the pods. */
  readonly members: readonly string[];
  /** How many days a full backup is kept, and with it all that builds on it and the WAL since. */
  readonly keepDays: number;
}): string {
  const { archive, version, members, keepDays } = of;
  return ini({
    global: {
      ...repository(archive),
      ...COMMON,
      'repo1-retention-full-type': 'time',
      'repo1-retention-full': String(keepDays),
      'process-max': '2',
      // A member that follows has time to read files.
      ...(members.length > 1 && { 'backup-standby': 'y' }),
      'log-level-console': 'info',
    },
    [archive.stanza]: Object.assign({}, ...members.map((host, index) => reached(index + 1, host, version))),
  });
}

/**
 * Serves a database's files to those who back it up, by their certificates: a container beside the database.
 *
 * @param mounts the volume of the data, the socket, the configuration, the certificate and /tmp, as the database has them
 */
export function tlsServer(image: string, mounts: readonly VolumeMount[]): Companion {
  return {
    // A process of a few MiB for each of a backup's connections, which also compress.
    size: {
      cpu: Cpu.millis(50),
      cpuLimit: Cpu.units(1),
      memory: Size.mebibytes(256),
      ephemeralStorage: Size.mebibytes(64),
    },
    container: {
      name: 'pgbackrest',
      image,
      // It reads a renewed certificate, and whom it may serve, when it is told to.
      command: ['python3', `${AGENT}/reloading.py`, PGBACKREST_CONF, '--', 'pgbackrest', 'server'],
      ports: [{ name: 'pgbackrest', containerPort: PGBACKREST_PORT, protocol: 'TCP' }],
      livenessProbe: { ...PROBE, exec: { command: ['pgbackrest', 'server-ping'] } },
      // Who cannot be backed up must go on answering: with any other answer the pod would leave its Services.
      readinessProbe: { ...PROBE, exec: { command: ['test', '-e', PGBACKREST_CONF] } },
      volumeMounts: [...mounts, { name: 'agent', mountPath: AGENT, readOnly: true }],
    },
  };
}

const PROBE = { failureThreshold: 3, periodSeconds: 30, successThreshold: 1, timeoutSeconds: 10 };

/** What holds for every command. */
const COMMON = {
  // Small files together in one object, and of large ones only the blocks that changed.
  'repo1-bundle': 'y',
  'repo1-block': 'y',
  // Else a backup waits for the next checkpoint, a quarter of an hour perhaps.
  'start-fast': 'y',
  'compress-type': 'zst',
  // A store that does not answer is asked again, instead of holding the next WAL back for a minute.
  'io-timeout': '10',
  'lock-path': '/tmp/pgbackrest',
  // Containers log to their output.
  'log-level-file': 'off',
  'log-level-stderr': 'off',
} as const;

/** How pgBackRest finds the server number `n`, from where the server is. */
function server(n: number, version: string): Record<string, string> {
  return {
    [`pg${n}-path`]: dataDirectory(version),
    [`pg${n}-port`]: '5432',
    [`pg${n}-socket-path`]: SOCKETS,
    [`pg${n}-user`]: 'postgres',
  };
}

function reached(n: number, host: string, version: string): Record<string, string> {
  return {
    [`pg${n}-host`]: host,
    [`pg${n}-host-type`]: 'tls',
    [`pg${n}-host-port`]: String(PGBACKREST_PORT),
    [`pg${n}-host-ca-file`]: `${TLS}/ca.crt`,
    [`pg${n}-host-cert-file`]: `${TLS}/tls.crt`,
    [`pg${n}-host-key-file`]: `${TLS}/tls.key`,
    ...server(n, version),
  };
}

/** A configuration file; an option of several values stands once for each. */
export function ini(sections: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>): string {
  return Object.entries(sections)
    .map(([section, options]) =>
      [
        `[${section}]`,
        ...Object.entries(options).flatMap(([option, value]) => [value].flat().map(each => `${option}=${each}`)),
        '',
      ].join('\n'),
    )
    .join('\n');
}
