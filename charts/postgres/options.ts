import type { Duration } from 'cdk8s';
import type { StatefulPatches } from '../stateful.ts';
import type { Storage } from '../storage.ts';
import type { WorkloadPatches, WorkloadProps } from '../workload.ts';
import type { Backups } from './backups.ts';
import type { PostgresVersion } from './image.ts';
import type { PoolerOptions } from './pooler.ts';
import type { Recovery } from './recovery.ts';
import type { Databases } from './roles.ts';

export interface PostgresProps
  extends Pick<WorkloadProps, 'cpu' | 'cpuLimit' | 'memory' | 'ephemeralStorage'>,
    Recovery {
  /** The major version. A new one is a new database: see `recoverFrom` and docs/databases.md. */
  readonly version: PostgresVersion;
  /**
   * How many servers hold a copy: one writes, the others follow. From two on, a commit is acknowledged when every follower has it, so that
   * any of them may lead next; a follower that goes holds writes up for some seconds, then it no longer counts. With one server, a lost
   * node means waiting for its volume, and a lost volume costs what was not archived. Any number will do, even ones too: who leads is
   * decided in Kubernetes' own store.
   */
  readonly instances: number;
  /** The volume of each server: data, WAL that waits for the archive, and the archive's spool. */
  readonly storage: Storage;
  /** Databases and who may do what in them. @default one, named after the system, with the role `app`, which owns it */
  readonly databases?: Databases;
  /** What stands between clients and the servers. */
  readonly pooler?: PoolerOptions;
  /** The archive, its schedules, and how long what is kept. */
  readonly backups?: Backups;
  /** How soon a silent leader is replaced. @default 30 s at most until its lease runs out */
  readonly failover?: FailoverTimes;
  /** PostgreSQL's own settings, above those computed from memory, storage and instances. */
  readonly parameters?: Parameters;
  /** The last word on each object it makes. */
  readonly patch?: PostgresPatches;
}

/** Settings of postgresql.conf by name: `{ work_mem: '16MB', max_parallel_workers: 4, jit: false }`. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

export type PostgresPatches = WorkloadPatches & StatefulPatches;

/** The time of each step of a failover: `loopWait + 2 × retryTimeout` must not be above `ttl`. */
export interface FailoverTimes {
  /** How long a leader that says nothing keeps its lease. */
  readonly ttl: Duration;
  /** How often each member looks. */
  readonly loopWait: Duration;
  /** How long a call to the API server or to PostgreSQL is tried again. */
  readonly retryTimeout: Duration;
}

export const OPTIONS: Readonly<Record<keyof PostgresProps, true>> = {
  version: true,
  instances: true,
  cpu: true,
  cpuLimit: true,
  memory: true,
  ephemeralStorage: true,
  storage: true,
  databases: true,
  pooler: true,
  backups: true,
  recoverFrom: true,
  standbyOf: true,
  failover: true,
  parameters: true,
  patch: true,
};

export const PATCHES: Readonly<Record<keyof PostgresPatches, true>> = {
  serviceAccount: true,
  networkPolicy: true,
  statefulSet: true,
  disruptionBudget: true,
};
