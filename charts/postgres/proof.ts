import { readdirSync, readFileSync } from 'node:fs';
import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { ConfigMap, CronJob as CronJobObject, Volume } from '../../imports/kubernetes.ts';
import { archiveEnv, archiveFiles, repository } from '../archive-store.ts';
import { closed } from '../closed.ts';
import { writesHere } from '../cluster.ts';
import { HOLDS, KEEPS, keeps, PUSH_GATEWAY } from '../conventions.ts';
import { CronJob } from '../cron-job.ts';
import { checkDuration } from '../durations.ts';
import type { Env } from '../env.ts';
import { KubeObject } from '../kube-object.ts';
import { mebibytes } from '../quota.ts';
import { type Storage, storageOf } from '../storage.ts';
import { proofRules } from './alerts/backups.ts';
import { type Archive, archiveOf, placeOf } from './archive.ts';
import type { BackedUp, Backups, Copy } from './backups.ts';
import { ARCHIVED_WITHIN_SECONDS, pauseOf, SLACK_SECONDS } from './freshness.ts';
import { postgresImage } from './image.ts';
import { ini } from './pgbackrest.ts';

/**
 * That backups can be restored, shown by restoring them: the whole archive into an empty volume, up to its last
 * segment, then page by page and row by row. `false` shows nothing, which production is refused.
 */
export type Proof = false | ProofOptions;

export interface ProofOptions {
  /** When, by UTC. @default Sunday 04:00 where no copies are made, which prove the same; else with the copies only */
  readonly schedule?: string;
  /** The time objective: from an empty volume to a server that takes writes. @default 4 hours */
  readonly within?: Duration;
  /** The application's own questions, by database and name: each is one SELECT that must answer true. @default none */
  readonly queries?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The scripts, their settings and both configurations; and the volume. */
const HOME = '/etc/drydock/proof';
const SCRATCH = '/scratch';

/**
 * A proof for each copy, and one for itself where it has a schedule: CronJobs that only read the archive, and write the
 * copy alone. Production's data is erased from the volume before the volume goes.
 *
 * @throws where production is to go without, or an option cannot be
 */
export function proofJobs(database: BackedUp, archive: Archive, backups: Backups, storage: Storage): void {
  const { path } = database.node;
  const { site } = database.system;
  const { proof = {}, copies = [] } = backups;
  if (proof === false) {
    if (site.tier === 'production')
      throw new Error(
        `${path}: backups.proof is false in production; leave it out: a backup that nobody restored is a hope`,
      );
    if (copies.length > 0)
      throw new Error(
        `${path}: backups.proof is false, and copies are made of what is proven; leave one of the two out`,
      );
    return;
  }
  checkProof(path, proof);
  const { schedule = copies.length === 0 ? WEEKLY : undefined } = proof;
  const size = storageOf(path, storage).now;
  const job = (its: Its) => proofJob(database, archive, { backups, proof, size, ...its });
  if (schedule !== undefined) job({ id: `${database.name}-proof`, schedule });
  for (const copy of copies) job({ id: `${database.name}-proof-${copy.to}`, schedule: copy.schedule, copy });
}

interface Its {
  readonly id: string;
  readonly schedule: string;
  readonly copy?: Copy;
}

function proofJob(
  database: BackedUp,
  archive: Archive,
  of: Its & { readonly backups: Backups; readonly proof: ProofOptions; readonly size: Size },
): void {
  const { id, schedule, copy, backups, proof, size } = of;
  const { system, namespace, version } = database;
  const image = postgresImage(database.node.path, version);
  const { within = WITHIN } = proof;
  const target = copy && archiveOf(system.site, system.name, database.name, copy.to);
  // One role of the cloud for all proofs of a database: its name has little room.
  const role = `${database.name}-proof`;
  const settings = {
    proof: id,
    namespace,
    cluster: system.site.name,
    image,
    archive: placeOf(archive),
    stanza: archive.stanza,
    binaries: `/usr/lib/postgresql/${version}/bin`,
    scratch: SCRATCH,
    sharedBuffers: '256MB',
    withinSeconds: within.toSeconds(),
    backupAgeSeconds: pauseOf(backups.full) + SLACK_SECONDS,
    canaryAgeSeconds: ARCHIVED_WITHIN_SECONDS,
    queries: proof.queries ?? {},
    pushgateway: PUSH_GATEWAY.url,
    ...(target && { copy: placeOf(target) }),
  };
  const job = new CronJob(
    database,
    id,
    {
      image,
      command: ['python3', `${HOME}/proof.py`, `${HOME}/settings.json`],
      schedule,
      cpu: Cpu.millis(500),
      cpuLimit: Cpu.units(4),
      memory: Size.gibibytes(1),
      // Reading everything takes as long again as restoring it, and so does the copy.
      deadline: Duration.seconds(Math.max(3600, 3 * within.toSeconds())),
      // What is red stays red: a second try costs hours and hides the first.
      attempts: 1,
      startWithin: Duration.hours(1),
      // The volume goes with the pod, and the pod with its run.
      keep: { succeeded: 0, failed: 1 },
      needsPrimary: true,
      env: {
        // Its folder is read-only.
        PYTHONDONTWRITEBYTECODE: '1',
        ...renamed(archiveEnv(archive, { use: 'read', role }), 'ARCHIVE_'),
        ...(target && renamed(archiveEnv(target, { use: 'backup', role }), 'COPY_')),
      },
      files: { ...archiveFiles(archive), ...(target && archiveFiles(target)) },
    },
    { layer: 'data' },
  );
  const files = `${id}-scripts`;
  new KubeObject<ConfigMap>(
    job,
    'scripts',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...job.metadata(), name: files } },
    {
      data: {
        ...SCRIPTS,
        'settings.json': `${JSON.stringify(settings, undefined, 2)}\n`,
        'archive.conf': configuration(archive),
        ...(target && { 'copy.conf': configuration(target, copy!.keep) }),
      },
    },
  );
  job.attach({ volume: { name: 'scripts', configMap: { name: files } }, mount: { mountPath: HOME, readOnly: true } });
  job.attach({ volume: scratch(database, size), mount: { mountPath: SCRATCH } });
  job.network.reachPods(PUSH_GATEWAY, PUSH_GATEWAY.port);
  job.dependsOn(database.name);
  // Where the system does not write, proofs are suspended.
  if (writesHere(system.site)) job.rules.add(proofRules(job, { schedule, within, copy }));
  // That of a red run, which stays to be looked at, and that of the next.
  job.layer.expect(() => ({ pods: 0, containers: [], claims: [size, size] }));
  const object = job.node.findChild('cron-job') as KubeObject<CronJobObject>;
  if (target === undefined || copy === undefined) return;
  object.metadata.addAnnotation(HOLDS, placeOf(target));
  object.metadata.addAnnotation(KEEPS, keeps(`copies of ${namespace}/${database.name} in ${copy.to}`, copy.keep));
}

/** A claim that comes and goes with the pod, as large as the database's own. */
function scratch({ system }: BackedUp, size: Size): Volume {
  const { block, scratch = block } = system.site.storage;
  return {
    name: 'scratch',
    ephemeral: {
      volumeClaimTemplate: {
        metadata: { labels: system.labels },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: mebibytes(size.toMebibytes()) } },
          storageClassName: scratch.name,
          volumeMode: 'Filesystem',
        },
      },
    },
  };
}

/** pgbackrest.conf of the archive, or with `keep` of the copies: a file each, so that no command mistakes them. */
function configuration(archive: Archive, keep?: Duration): string {
  return ini({
    global: {
      ...repository(archive),
      ...(keep && {
        'repo1-retention-full-type': 'time',
        'repo1-retention-full': String(keep.toDays()),
        'repo1-bundle': 'y',
      }),
      'compress-type': 'zst',
      'io-timeout': '10',
      'lock-path': `/tmp/pgbackrest-${keep ? 'copy' : 'archive'}`,
      'log-level-console': 'off',
      'log-level-file': 'off',
      'log-level-stderr': 'warn',
      'process-max': '4',
    },
    [archive.stanza]: { 'pg1-path': `${SCRATCH}/data` },
  });
}

/** The keys of two repositories in one container: pgBackRest's own names could be those of one only. */
function renamed(env: Env, prefix: string): Env {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name.replace(/^PGBACKREST_/, prefix), value]));
}

const FOLDER = new URL('proof/', import.meta.url);
const SCRIPTS = Object.fromEntries(
  readdirSync(FOLDER)
    .filter(name => name.endsWith('.py'))
    .map(name => [name, readFileSync(new URL(name, FOLDER), 'utf8')]),
);

const WEEKLY = '0 4 * * 0';
const WITHIN = Duration.hours(4);

function checkProof(path: string, proof: ProofOptions): void {
  closed(path, proof, OPTIONS, 'backups.proof.');
  const { schedule, within, queries = {} } = proof;
  if (schedule !== undefined && typeof schedule !== 'string')
    throw new Error(
      `${path}: backups.proof.schedule is ${JSON.stringify(schedule)}; write one in UTC, as in '0 4 * * 0'`,
    );
  if (within !== undefined) checkDuration(path, 'backups.proof.within', within);
  for (const [name, named] of Object.entries(queries)) {
    const sound =
      typeof named === 'object' && named !== null && Object.values(named).every(sql => typeof sql === 'string');
    if (!sound)
      throw new Error(
        `${path}: backups.proof.queries.${name} is ${JSON.stringify(named)}; name each: { 'there are orders': 'select count(*) > 0 from orders' }`,
      );
  }
}

const OPTIONS: Readonly<Record<keyof ProofOptions, true>> = { schedule: true, within: true, queries: true };
