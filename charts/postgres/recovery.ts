import { type Site, writesHere } from '../cluster.ts';
import { type Archive, archiveOf, placeOf } from './archive.ts';
import { SOURCE_COMMAND, SOURCE_RESTORE_COMMAND } from './source.ts';

/** Where a database comes from that does not begin empty. */
export interface Recovery {
  /**
   * Begins as another database was at a moment: a new one beside the old, which is only read. It counts where the
   * database is first made; afterwards the option may stay or go. Where the system does not write it follows the new
   * database of the primary's cluster.
   * @default empty
   */
  readonly recoverFrom?: PointInTime;
  /**
   * Follows another database through its archive, reads only; without it, it takes writes. Where the system writes,
   * its backup jobs fail until it leads.
   * @default the database of the same id in the cluster that `site.follows`, where the system does not write
   */
  readonly standbyOf?: Archive;
}

export interface PointInTime {
  /** What is read: `archiveOf(site, 'shop', 'database')`. */
  readonly source: Archive;
  /** With its zone: `2026-11-20T10:00:00Z`. What was committed until then is there, and nothing later. */
  readonly at: string;
}

/** What a database is made of, decided. */
export type Origin =
  | { readonly is: 'new' }
  | { readonly is: 'point in time'; readonly source: Archive; readonly at: Date }
  | { readonly is: 'standby'; readonly source: Archive };

/** The parts of Patroni's configuration that an origin decides. */
export interface Bootstrap {
  /** Into `bootstrap`, beside `dcs`: `method` and its section, or nothing. */
  readonly bootstrap: Readonly<Record<string, unknown>>;
  /** Into the dynamic configuration: null takes it out of a running cluster, which then leads itself. */
  readonly standbyCluster: Readonly<Record<string, unknown>> | null;
  /** Into `postgresql`: how members are made from the source; `create_replica_methods` names it first. */
  readonly replicaMethods: Readonly<Record<string, unknown>>;
}

const METHOD = 'pgbackrest_pitr';
const SOURCE_METHOD = 'pgbackrest_source';

/**
 * @param of the database's construct path, site, system and id
 * @param own where it will archive to
 * @throws where both are asked for, a moment is none, nobody is followed, or it would archive into what it reads
 */
export function originOf(
  of: { readonly path: string; readonly site: Site; readonly system: string; readonly id: string },
  { recoverFrom, standbyOf }: Recovery,
  own: Archive | undefined,
): Origin {
  const { path, site, system, id } = of;
  const fail = (given: string, remedy: string): never => {
    throw new Error(`${path}: ${given}; ${remedy}`);
  };
  if (recoverFrom !== undefined && standbyOf !== undefined)
    fail('recoverFrom and standbyOf', 'keep one: it either begins at a moment and goes its own way, or follows');
  const at = recoverFrom === undefined ? undefined : momentOf(recoverFrom.at, fail);
  const source = standbyOf ?? (writesHere(site) ? recoverFrom?.source : followed({ site, system, id }, fail));
  if (source === undefined) {
    if (recoverFrom === undefined && standbyOf === undefined) return { is: 'new' };
    return fail('recoverFrom without a source', "name what is read: archiveOf(site, 'shop', 'database')");
  }
  if (own !== undefined && placeOf(own) === placeOf(source))
    fail(
      `it reads ${placeOf(source)} and would archive into it`,
      'give it another id: two databases in one archive overwrite each other, and neither can be restored',
    );
  return standbyOf === undefined && writesHere(site)
    ? { is: 'point in time', source, at: at! }
    : { is: 'standby', source };
}

/** What Patroni is told of an origin. */
export function bootstrapOf(origin: Origin): Bootstrap {
  if (origin.is === 'new') return { bootstrap: {}, standbyCluster: null, replicaMethods: {} };
  if (origin.is === 'point in time')
    return {
      bootstrap: {
        method: METHOD,
        [METHOD]: {
          command: [
            SOURCE_COMMAND,
            '--type=time',
            `--target='${targetOf(origin.at)}'`,
            '--target-action=promote',
            // The command that pgBackRest would write down reads the configuration of the database's own archive.
            `--recovery-option=restore_command='${SOURCE_RESTORE_COMMAND}'`,
            'restore',
          ].join(' '),
          // Patroni's own arguments are none of pgBackRest's, and its recovery settings none of this moment's.
          no_params: true,
          keep_existing_recovery_conf: true,
        },
      },
      standbyCluster: null,
      replicaMethods: {},
    };
  return {
    bootstrap: {},
    standbyCluster: { create_replica_methods: [SOURCE_METHOD], restore_command: SOURCE_RESTORE_COMMAND },
    replicaMethods: {
      [SOURCE_METHOD]: {
        command: `${SOURCE_COMMAND} --delta --type=standby restore`,
        // With --delta what is there and the same is kept.
        keep_data: true,
        no_params: true,
        // It needs nobody to copy from.
        no_leader: true,
      },
    },
  };
}

/** ISO 8601 with a zone: without one the moment would be another in each reader's head. */
function momentOf(at: string, fail: (given: string, remedy: string) => never): Date {
  const moment = new Date(at);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(at ?? '') || Number.isNaN(+moment))
    return fail(`recoverFrom.at is "${at}"`, 'write a moment with its zone: 2026-11-20T10:00:00Z');
  return moment;
}

/** As pgBackRest takes it: `2026-11-20 10:00:00.000+00`. */
function targetOf(at: Date): string {
  return at.toISOString().replace('T', ' ').replace('Z', '+00');
}

function followed(
  { site, system, id }: { readonly site: Site; readonly system: string; readonly id: string },
  fail: (given: string, remedy: string) => never,
): Archive {
  if (site.follows === undefined)
    return fail(
      `${system} is a ${site.role} in ${site.name} and follows nobody`,
      'give one cluster of fleet.ts the role primary, or name an archive: standbyOf',
    );
  return archiveOf(site.follows, system, id);
}
