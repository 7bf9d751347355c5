import { existsSync } from 'node:fs';
import { type Exporter, exporterFolder } from '../../../tools/control-plane/exporters.ts';
import { patroniFolder } from '../../../tools/control-plane/patroni.ts';
import { EXPORTERS, PATRONI } from '../../../tools/control-plane/versions.ts';

/** What stands on this machine for an image. */
export interface Image {
  /** Of the image's reference. */
  readonly matches: RegExp;
  /** What runs in its place, as the run prints it. */
  readonly stand: string;
  /** Where the image says no command. @default none: the manifest must say one */
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Made in the container's root before it starts, by path: a link to what Debian calls it, a script, or a folder of this machine. */
  readonly files?: Readonly<Record<string, { link: string } | { script: string } | { folder: string }>>;
  /** Lines of /etc/passwd and /etc/group beside root's and nobody's. */
  readonly users?: readonly { readonly name: string; readonly id: number; readonly home: string }[];
}

/** The one of databases, whose recipe is charts/postgres/image/Dockerfile. */
const POSTGRES: Image = {
  matches: /(^|\/)postgres:16/,
  stand: `PostgreSQL 15, pgBackRest 2.45 and PgBouncer 1.18 of Debian 12 at the paths of 16, Patroni ${PATRONI} of PyPI`,
  env: { PATH: `/usr/lib/postgresql/16/bin:${defaultPath()}`, LANG: 'C.UTF-8', PYTHONPATH: '/opt/patroni' },
  files: {
    '/opt/patroni': { folder: patroniFolder() },
    '/usr/lib/postgresql/16': { link: '15' },
    '/usr/share/postgresql/16': { link: '15' },
    '/usr/local/bin/patroni': { script: 'exec /usr/bin/python3 /opt/patroni/bin/patroni "$@"' },
    '/usr/local/bin/patronictl': { script: 'exec /usr/bin/python3 /opt/patroni/bin/patronictl "$@"' },
  },
  users: [{ name: 'postgres', id: 10001, home: '/var/lib/postgresql' }],
};

const REDIS: Image = {
  matches: /(^|\/)(valkey|redis):/,
  stand: 'Redis 7.0.15 of Debian 12',
  files: Object.fromEntries(
    ['server', 'cli', 'sentinel', 'check-rdb', 'check-aof', 'benchmark'].map(name => [
      `/usr/local/bin/valkey-${name}`,
      { script: `exec /usr/bin/redis-${name} "$@"` },
    ]),
  ),
  cmd: ['redis-server'],
  users: [{ name: 'redis', id: 10001, home: '/data' }],
};

/** Asked in this order; what a test brings comes first. */
export const images: readonly Image[] = [
  POSTGRES,
  REDIS,
  { matches: /(^|\/)(busybox|debian):/, stand: 'the programs of this Debian' },
  { matches: /(^|\/)haproxy:/, stand: 'HAProxy 2.6 of Debian 12' },
  { matches: /(^|\/)rclone:/, stand: 'rclone 1.60 of Debian 12', entrypoint: ['rclone'] },
  exporterOf('redis_exporter', /(^|\/)redis_exporter:/),
  exporterOf('postgres_exporter', /(^|\/)postgres-exporter:/),
  exporterOf('pgbouncer_exporter', /(^|\/)pgbouncer-exporter:/),
  { matches: /(^|\/)pushgateway:/, stand: 'its 1.5 of Debian 12', entrypoint: ['prometheus-pushgateway'] },
];

function exporterOf(name: Exporter, matches: RegExp): Image {
  const folder = `/opt/${name}`;
  return {
    matches,
    stand: `${name} ${EXPORTERS[name]}, built from its module`,
    files: { [folder]: { folder: exporterFolder(name) } },
    entrypoint: [`${folder}/${name}`],
  };
}

export function defaultPath(): string {
  return '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
}

const told = new Set<string>();

/**
 * What runs for an image.
 * @param more looked through first
 * @throws where nothing is known, or what stands for it is not installed
 */
export function imageOf(reference: string, more: readonly Image[] = []): Image {
  const found = [...more, ...images].find(({ matches }) => matches.test(reference));
  if (!found) throw new Error(`nothing stands for the image ${reference}; add it to test/real/pods/programs.ts`);
  for (const file of Object.values(found.files ?? {})) {
    if ('folder' in file && !existsSync(file.folder))
      throw new Error(
        `${file.folder}, which stands for a part of ${reference}, is missing: run \`npm run test:tools\``,
      );
  }
  told.add(`${reference} → ${found.stand}`);
  return found;
}

/** What ran in place of what the manifests say, a line each; once told, forgotten. */
export function substitutions(): string[] {
  const lines = [...told].sort();
  told.clear();
  return lines;
}
