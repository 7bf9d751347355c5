import { readFileSync } from 'node:fs';
import type { ConfigMap } from '../../imports/kubernetes.ts';
import { archiveEnv, repository } from '../archive-store.ts';
import type { EnvSource } from '../env.ts';
import { KubeObject } from '../kube-object.ts';
import type { Workload } from '../workload.ts';
import type { Archive } from './archive.ts';
import { ini } from './pgbackrest.ts';

/** The archive that a database comes from or follows, as its pods find it: a ConfigMap, and their secrets as files. */
const SOURCE = '/etc/drydock/source';
const SOURCE_SECRETS = '/etc/drydock/source-secrets';

/** Of the source's keys in the pods' Secret, in place of `PGBACKREST_`: the own archive has keys of those names. */
const PREFIX = 'SOURCE_';

/** pgBackRest as it reads that archive, up to its options and its command. */
export const SOURCE_COMMAND = `sh ${SOURCE}/source.sh`;

/**
 * How WAL is fetched from the source, by PostgreSQL itself. Where the source is gone, since the database leads now,
 * there is simply none: a shell that finds no script would end with 127, on which PostgreSQL gives up altogether.
 */
export const SOURCE_RESTORE_COMMAND = `test -f ${SOURCE}/source.sh && ${SOURCE_COMMAND} archive-get %f "%p"`;

/**
 * Mounts what a source needs into the pods, whether there is one or not: so a promotion, which takes the source away,
 * leaves the pods as they are. The archive is read with a role of the cloud that cannot write it.
 *
 * @param directory where the pods keep the data
 */
export function attachSource(postgres: Workload, source: Archive | undefined, directory: string): void {
  const { name } = postgres;
  const optional = true;
  postgres.attach({
    volume: { name: 'source', configMap: { name: `${name}-source`, optional } },
    mount: { mountPath: SOURCE, readOnly: true },
  });
  postgres.attach({
    volume: { name: 'source-secrets', secret: { defaultMode: 0o440, optional, secretName: name } },
    mount: { mountPath: SOURCE_SECRETS, readOnly: true },
  });
  if (source === undefined) return;
  for (const [variable, key] of Object.entries(archiveEnv(source, { use: 'read' }))) {
    // The value reaches the pods as a file: of a variable they would roll.
    (key as EnvSource).bind(postgres, variable.replace(/^PGBACKREST_/, PREFIX));
  }
  new KubeObject<ConfigMap>(
    postgres,
    'source',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...postgres.metadata(), name: `${name}-source` } },
    { data: { 'pgbackrest.conf': configuration(source, directory), 'source.sh': SCRIPT } },
  );
}

const SCRIPT = readFileSync(new URL('source/source.sh', import.meta.url), 'utf8');

function configuration(source: Archive, directory: string): string {
  return ini({
    global: {
      ...repository(source),
      // Segments are fetched ahead of the replay.
      'archive-async': 'y',
      'lock-path': '/tmp/pgbackrest-source',
      'log-level-console': 'warn',
      'log-level-file': 'off',
      'process-max': '2',
      // Beside the spool of the own archive, which may have segments of the same names.
      'spool-path': `${directory.slice(0, directory.lastIndexOf('/'))}/spool-source`,
    },
    [source.stanza]: { 'pg1-path': directory },
  });
}
