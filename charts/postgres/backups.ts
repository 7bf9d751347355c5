import { readFileSync } from 'node:fs';
import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { CronJob as CronJobObject } from '../../imports/kubernetes.ts';
import { archiveEnv, archiveFiles } from '../archive-store.ts';
import { WorkloadCertificate } from '../certificate.ts';
import { closed } from '../closed.ts';
import type { Site } from '../cluster.ts';
import { HOLDS, KEEPS, keeps } from '../conventions.ts';
import { CronJob } from '../cron-job.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Workload } from '../workload.ts';
import { type Archive, archiveOf, placeOf } from './archive.ts';
import { postgresImage } from './image.ts';
import { jobConfig, PGBACKREST_CONF, PGBACKREST_PORT } from './pgbackrest.ts';
import type { Proof } from './proof.ts';

/** When a database is backed up, and how long what is kept. All schedules go by UTC. WAL is archived all the time. */
export interface Backups {
  /** Minute, hour, day of the month, month, day of the week: `0 2 * * *`. What all else builds on. */
  readonly full: string;
  /** What changed since the last full backup. @default none */
  readonly differential?: string;
  /** What changed since the last backup of any kind. @default none */
  readonly incremental?: string;
  /** How long a full backup is kept, with all that builds on it: restores reach back this far, to any second. Whole days. */
  readonly keep: Duration;
  /** The store's key in the cluster's `objectStores`. @default backups */
  readonly to?: string;
  /** Full backups elsewhere, each proven by a restore before it is made. @default none */
  readonly copies?: readonly Copy[];
  /** When a restore proves that the backups can be restored. */
  readonly proof?: Proof;
}

/** A backup in another store, and how long it is kept there: to be restored as it is, without WAL. */
export interface Copy {
  /** The store's key in the cluster's `objectStores`: one that no other backup of this database goes to. */
  readonly to: string;
  readonly schedule: string;
  /** Whole days. */
  readonly keep: Duration;
}

/** What backups ask of a database: the construct Postgres. */
export interface BackedUp extends Workload {
  readonly version: string;
  /** DNS names of its pods. */
  readonly members: readonly string[];
}

/** @throws where a time has no unit, or two kinds of backups would go to one place */
export function checkBackups(path: string, site: Site, backups: Backups): void {
  closed(path, backups, OPTIONS, 'backups.');
  checkKeep(path, 'backups.keep', backups.keep);
  for (const kind of KINDS) checkSchedule(path, `backups.${kind}`, backups[kind], kind !== 'full');
  const { to = 'backups', copies = [] } = backups;
  if (!Array.isArray(copies)) throw new Error(`${path}: backups.copies is ${JSON.stringify(copies)}; give a list`);
  const used = new Map([[placeIn(site, to), to]]);
  copies.forEach((copy: Copy, index) => {
    const at = `backups.copies[${index}]`;
    closed(path, copy, COPY_OPTIONS, `${at}.`);
    checkKeep(path, `${at}.keep`, copy.keep);
    checkSchedule(path, `${at}.schedule`, copy.schedule);
    const other = used.get(placeIn(site, copy.to));
    if (other !== undefined)
      throw new Error(
        `${path}: ${at} goes to "${copy.to}", where the backups of "${other}" go; name a store in another place: what is kept, and how long, is settled for a place`,
      );
    used.set(placeIn(site, copy.to), copy.to);
  });
}

function placeIn(site: Site, purpose: string): string {
  return placeOf(archiveOf(site, '', '', purpose));
}

function checkKeep(path: string, field: string, keep: Duration | undefined): void {
  if (!(keep instanceof Duration))
    throw new Error(`${path}: ${field} is ${JSON.stringify(keep)}; write Duration.days(30)`);
  const days = keep.toMilliseconds() / 86_400_000;
  if (!Number.isInteger(days) || days < 1)
    throw new Error(`${path}: ${field} is ${days} days; give whole days, from 1`);
}

/** Only whether there is one: the rule `jobs` reads it. */
function checkSchedule(path: string, field: string, schedule: string | undefined, optional = false): void {
  if (typeof schedule === 'string' || (optional && schedule === undefined)) return;
  throw new Error(`${path}: ${field} is ${JSON.stringify(schedule)}; write a schedule in UTC, as in '0 2 * * *'`);
}

/** Who may back a database up: what its pods' servers are told. Asked at render, when all of them are known. */
export class BackupClients extends Construct {
  readonly #names = new Set<string>();

  static of(database: Workload): BackupClients {
    const made = database.node.tryFindChild('backup-clients') as BackupClients | undefined;
    return made ?? new BackupClients(database);
  }

  private constructor(private readonly database: Workload) {
    super(database, 'backup-clients');
  }

  /** Lets a workload back the database up: by its certificate, over the network. */
  admit(workload: Workload): void {
    this.#names.add(WorkloadCertificate.of(workload).commonName);
    workload.network.connectTo(this.database, PGBACKREST_PORT);
  }

  /** Common names of their certificates. */
  get names(): string[] {
    return [...this.#names].sort();
  }
}

const SCRIPT = readFileSync(new URL('backup/backup.sh', import.meta.url), 'utf8');
const SCRIPT_PATH = '/etc/drydock/backup/backup.sh';

/** What a workload needs to back a database up: its variables and files. It must be admitted, too. */
function backupNeeds(database: BackedUp, archive: Archive, keep: Duration) {
  const { version, members } = database;
  return {
    env: archiveEnv(archive, { use: 'backup', role: `${database.name}-backup` }),
    files: {
      [PGBACKREST_CONF]: jobConfig({ archive, version, members, keepDays: keep.toDays() }),
      [SCRIPT_PATH]: SCRIPT,
      ...archiveFiles(archive),
    },
  };
}

/** How it then does so. */
function backupCommand({ stanza }: Archive, type: 'full' | 'diff' | 'incr'): string[] {
  return ['sh', SCRIPT_PATH, stanza, type];
}

/**
 * The schedules: CronJobs that back the database up over the network, so that nobody needs a shell in its pods. They know all members and
 * find who leads. Where the system does not write they are suspended.
 */
export function backupJobs(database: BackedUp, archive: Archive, backups: Backups): void {
  for (const kind of KINDS) {
    const schedule = backups[kind];
    if (schedule === undefined) continue;
    const job = new CronJob(
      database,
      `${database.name}-backup-${kind}`,
      {
        image: postgresImage(database.node.path, database.version),
        command: backupCommand(archive, TYPES[kind]),
        schedule,
        cpu: Cpu.millis(200),
        cpuLimit: Cpu.units(2),
        memory: Size.mebibytes(512),
        deadline: DEADLINE,
        startWithin: Duration.hours(1),
        needsPrimary: true,
        ...backupNeeds(database, archive, backups.keep),
      },
      { layer: 'data' },
    );
    BackupClients.of(database).admit(job);
    job.dependsOn(database.name);
    const object = job.node.findChild('cron-job') as KubeObject<CronJobObject>;
    object.metadata.addAnnotation(HOLDS, placeOf(archive));
    object.metadata.addAnnotation(
      KEEPS,
      keeps(`${kind} backups of ${database.namespace}/${database.name}`, backups.keep),
    );
  }
}

const KINDS = ['full', 'differential', 'incremental'] as const;
const TYPES = { full: 'full', differential: 'diff', incremental: 'incr' } as const;

/** Two terabytes at 50 MB/s: longer, and something hangs. */
const DEADLINE = Duration.hours(12);

const OPTIONS: Readonly<Record<keyof Backups, true>> = {
  full: true,
  differential: true,
  incremental: true,
  keep: true,
  to: true,
  copies: true,
  proof: true,
};

const COPY_OPTIONS: Readonly<Record<keyof Copy, true>> = { to: true, schedule: true, keep: true };
