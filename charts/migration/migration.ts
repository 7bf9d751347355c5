import { type Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import type { Job } from '../../imports/kubernetes.ts';
import { closed } from '../closed.ts';
import { writesHere } from '../cluster.ts';
import { checkDuration } from '../durations.ts';
import type { Patch } from '../kube-object.ts';
import type { Addresses } from '../postgres/access.ts';
import type { Postgres } from '../postgres/postgres.ts';
import { System } from '../system.ts';
import { WORKLOAD_OPTIONS, type WorkloadPatches, type WorkloadProps } from '../workload.ts';
import { MigrationJob } from './job.ts';

export interface MigrationProps extends Omit<WorkloadProps, 'args' | 'priority' | 'spot' | 'auditLog' | 'rights'> {
  /** The server whose database changes. One of its roles must have `may: 'migrate'`: that is all the migration may do there. */
  readonly database: Postgres;
  /** Which of its databases. @default the only one */
  readonly of?: string;
  /** What changes the database, in the service's own image. It must be able to run again: a sync that is repeated repeats it. */
  readonly command: readonly string[];
  /** What looks whether all is well then, in the same image: what ends with anything but 0 fails the migration. @default indexes are looked at, nothing else */
  readonly verify?: readonly string[];
  /**
   * `go on`: clients write meanwhile. When it fails, what it did stays, and the log names the moment before it: a restore would lose
   * what was written since, so a person decides, from a clone.
   * `stop`: poolers hold clients back (for a minute; then they get errors), and the database is copied first. When it fails, the copy
   * takes its place, and nothing is lost.
   */
  readonly writes: 'go on' | 'stop';
  /** The largest database that is copied while clients wait: a disk copies about 200 MB a second. @default 10 GiB */
  readonly copyUpTo?: Size;
  /** Under which name the command and the verification find the database. @default DATABASE_URL */
  readonly variable?: string;
  /** When it is given up, the backup before it and the verification after it included. */
  readonly deadline: Duration;
  /** The last word on each object it makes. */
  readonly patch?: MigrationPatches;
}

export interface MigrationPatches extends WorkloadPatches {
  readonly job?: Patch<Job>;
  /** Of the job that takes back what has failed. */
  readonly undo?: Patch<Job>;
}

/**
 * Changes a database before the rollout of what needs the change: backup, migration, verification; when one of them fails, the sync
 * fails, the services stay as they are, and the migration is taken back where that loses nothing. Where the system does not write it is
 * nothing: the change comes with the data.
 *
 * @example
 * new Migration(this, 'migrate', { database, image: image('shop/api', site), command: ['alembic', 'upgrade', 'head'], writes: 'go on', … });
 * @throws where no role may migrate, or a value cannot be
 */
export class Migration extends Construct {
  constructor(scope: Construct, id: string, props: MigrationProps) {
    super(scope, id);
    const { path } = this.node;
    const { database, writes, copyUpTo, variable = 'DATABASE_URL', patch } = props;
    closed(path, props, OPTIONS);
    closed(path, patch ?? {}, PATCHES, 'patch.');
    checkDuration(path, 'deadline', props.deadline);
    const fail = (given: string, remedy: string) => {
      throw new Error(`${path}: ${given}; ${remedy}`);
    };
    if (!['go on', 'stop'].includes(writes)) fail(`writes is "${writes}"`, "write 'go on' or 'stop'");
    if (writes === 'go on' && copyUpTo !== undefined)
      fail('copyUpTo where writes go on', "nothing is copied then; leave it out, or write writes: 'stop'");
    if (copyUpTo !== undefined && !(copyUpTo instanceof Size)) fail('copyUpTo is no size', 'write Size.gibibytes(10)');
    for (const [name, command] of Object.entries({
      command: props.command,
      ...('verify' in props && { verify: props.verify }),
    })) {
      if (!Array.isArray(command) || command.length === 0)
        fail(
          `${name} is ${JSON.stringify(command)}`,
          "give the program and its arguments: ['alembic', 'upgrade', 'head']",
        );
    }
    if (props.env?.[variable] !== undefined)
      fail(`env has ${variable}`, 'leave it out: the migration brings it, as the role that may migrate');
    const login = loginThatMigrates(path, database, props.of);
    if (writesHere(System.of(this).site)) new MigrationJob(this, id, { ...props, variable, login });
  }
}

/** @throws where no role may migrate, or there are several databases to choose from */
function loginThatMigrates(path: string, database: Postgres, of: string | undefined): Addresses {
  const { databases } = database;
  const names = Object.keys(databases);
  const name = of ?? (names.length === 1 ? names[0]! : undefined);
  if (name === undefined || databases[name] === undefined)
    throw new Error(
      `${path}: of is ${JSON.stringify(of)}, and the databases are ${names.join(', ')}; name one of them`,
    );
  const role = Object.entries(databases[name].roles).find(([, { may }]) => may === 'migrate')?.[0];
  if (role === undefined)
    throw new Error(
      `${path}: no role of the database ${name} may migrate; add one where the database is made: databases: { ${name}: { roles: { …, migrations: { may: 'migrate' } } } }`,
    );
  return database.login(role, name);
}

const {
  args: _args,
  priority: _priority,
  spot: _spot,
  auditLog: _auditLog,
  rights: _rights,
  ...WORKLOAD
} = WORKLOAD_OPTIONS;

const OPTIONS: Readonly<Record<keyof MigrationProps, true>> = {
  ...WORKLOAD,
  database: true,
  of: true,
  command: true,
  verify: true,
  writes: true,
  copyUpTo: true,
  variable: true,
  deadline: true,
  patch: true,
};

const PATCHES: Readonly<Record<keyof MigrationPatches, true>> = {
  job: true,
  undo: true,
  networkPolicy: true,
  serviceAccount: true,
};
