import { type Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { StatefulPatches } from '../stateful.ts';
import { type Storage, storageOf } from '../storage.ts';
import type { WorkloadPatches } from '../workload.ts';
import type { Server } from './image.ts';
import { PARAMETERS } from './parameters.ts';

/** What happens when memory is full (redis.io/docs/latest/develop/reference/eviction). */
export type Eviction = (typeof EVICTIONS)[number];
const EVICTIONS = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
] as const;

/** One of those who may log in. */
export interface Login {
  /** Read and write all keys, or read them only. Nobody may do what administers a server. @default write */
  readonly may?: 'write' | 'read';
  /**
   * The generation of its password, a whole number. The login is `<name>_<generation>`, its password
   * `<id>/<name>/<generation>` in the secret store; the generation before goes on working. @default 1
   */
  readonly password?: number;
}

/** The dumps in the cluster's object store. */
export interface Backups {
  /** How often: 1, 2, 3, 4, 6, 8, 12 or 24 hours, on the hour. @default every hour */
  readonly every?: Duration;
  /** How long a dump is kept. @default 30 days */
  readonly keep?: Duration;
  /** Its key in the cluster's `objectStores`. @default backups */
  readonly to?: string;
}

/** A dump that a new server begins with. */
export interface RestoreFrom {
  /** The full hour of the dump, in UTC: `2026-11-20T10:00:00Z`. */
  readonly at: string;
  /** Whose dump, of the same system. @default its own */
  readonly id?: string;
  /** Of which cluster. @default the one it stands in */
  readonly cluster?: string;
}

/** What `Redis` and `RedisCluster` are both told. */
export interface RedisOptions {
  /**
   * The limit of one server's container, reserved in full as everywhere. Data may take 65 % of it: the rest is for the copies of
   * pages that a rewrite of the append-only file makes, for buffers of clients and replicas, and for the allocator.
   */
  readonly memory: Size;
  /** What happens when data has taken its share. There is no default: a cache may lose keys, a queue must not. */
  readonly eviction: Eviction;
  /** The volume of each server: twice the data at least, since the append-only file stands there twice while it is rewritten. */
  readonly storage: Storage;
  /** @default valkey 8.1 */
  readonly server?: Server;
  /** @default half a core; one thread answers all clients */
  readonly cpu?: Cpu;
  /** @default two cores, or four times `cpu` */
  readonly cpuLimit?: Cpu;
  /** Who may log in. @default `app`, which may write */
  readonly logins?: Readonly<Record<string, Login>>;
  /**
   * The generation of the passwords that the servers, their backup and their proxy use among each other. They take the newest
   * three and use the last but one, so that pods of two generations understand each other while they roll. @default 1
   */
  readonly password?: number;
  /** Dumps on a schedule. @default hourly, kept for 30 days; none in a development cluster without a store `backups` */
  readonly backups?: Backups | 'none';
  /** More lines of redis.conf, by their names; those that the construct answers for are refused. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly patch?: WorkloadPatches & StatefulPatches;
}

/** @internal for `closed` */
export const REDIS_OPTIONS: Readonly<Record<keyof RedisOptions, true>> = {
  memory: true,
  eviction: true,
  storage: true,
  server: true,
  cpu: true,
  cpuLimit: true,
  logins: true,
  password: true,
  backups: true,
  parameters: true,
  patch: true,
};

export const REDIS_PATCHES: Readonly<Record<keyof NonNullable<RedisOptions['patch']>, true>> = {
  statefulSet: true,
  disruptionBudget: true,
  networkPolicy: true,
  serviceAccount: true,
};

/**
 * The part of the limit that data may take. Of 60 to 70 %, what is left must hold the pages that are written to while a child
 * process rewrites the append-only file (redis.io/docs/latest/operate/oss_and_stack/management/persistence).
 */
export const DATA_SHARE = 0.65;

/** Below it the programs beside the data would take most of it. */
const LEAST = Size.mebibytes(128);

/** What data may take, in bytes. */
export function dataBytes(memory: Size): number {
  return Math.floor(memory.toMebibytes() * DATA_SHARE) * 1024 * 1024;
}

/** The default sizes of a server. */
export function cpuOf({ cpu = Cpu.millis(500), cpuLimit }: Pick<RedisOptions, 'cpu' | 'cpuLimit'>) {
  return { cpu, ...(cpuLimit && { cpuLimit }) };
}

/** @throws where a value cannot be */
export function checkOptions(path: string, props: RedisOptions): void {
  const fail = (given: string, remedy: string) => {
    throw new Error(`${path}: ${given}; ${remedy}`);
  };
  const { memory, eviction, storage, parameters = {} } = props;
  if (!(memory instanceof Size)) fail(`memory is ${JSON.stringify(memory)}`, 'write Size.gibibytes(2)');
  if (memory.toMebibytes() < LEAST.toMebibytes())
    fail(
      `memory is ${memory.toMebibytes()} MiB, of which ${Math.floor(memory.toMebibytes() * DATA_SHARE)} would be data`,
      `give at least ${LEAST.toMebibytes()}, since buffers and the programs beside the data take the rest`,
    );
  if (!EVICTIONS.includes(eviction))
    fail(`eviction is ${JSON.stringify(eviction)}`, `say what happens when memory is full: ${EVICTIONS.join(', ')}`);
  const data = dataBytes(memory) / 1024 / 1024;
  if (storage === undefined)
    fail('storage is missing', `write Size.gibibytes(${Math.ceil((3 * data) / 1024)}): three times what data may take`);
  const { created, now } = storageOf(path, storage);
  for (const size of [created, now]) {
    // What has been created grows with `now`, so only that is held against the data.
    if (size === now && size.toMebibytes() < 2 * data)
      fail(
        `storage is ${size.toMebibytes()} MiB and data may take ${data}`,
        `give ${Math.ceil(2 * data)} at least: the append-only file stands there twice while it is rewritten`,
      );
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (PARAMETERS.own.has(name)) fail(`parameters has ${name}`, `leave it out: ${PARAMETERS.own.get(name)}`);
    if (!/^[a-z][a-z0-9-]*$/.test(name)) fail(`parameters has "${name}"`, 'name one line of redis.conf: maxclients');
    if (!/^[^\n\r]+$/.test(String(value))) fail(`parameters.${name} is ${JSON.stringify(value)}`, 'give one line');
  }
}
