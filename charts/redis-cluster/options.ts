import type { Site } from '../cluster.ts';
import { checkOptions, REDIS_OPTIONS, type RedisOptions, type RestoreFrom } from '../redis/options.ts';

export interface RedisClusterProps extends RedisOptions {
  /** Primaries, each with its part of the keys: three or more, so that a majority can tell that one is gone. */
  readonly shards: number;
  /** Copies of each shard beside its primary. None means that a shard is gone with its pod, which only development may. @default 1 */
  readonly replicas?: number;
  /** Dumps that somebody may bring into the cluster, by the suspended CronJob `<id>-restore`. @default none */
  readonly restoreFrom?: RestoreFrom;
}

/** Accounts that all pods of a cluster share: to ask who is who, and to move keys. */
export const SHARED = ['cluster', 'mover'] as const;

/** All slots of a cluster, whatever its shards (redis.io, cluster specification). */
export const SLOTS = 16_384;

/** Above it nodes spend themselves in gossip (redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec). */
const MOST_PODS = 1000;

/** @throws where a value cannot be */
export function checkCluster(path: string, { tier }: Pick<Site, 'tier'>, props: RedisClusterProps): void {
  const fail = (given: string, remedy: string) => {
    throw new Error(`${path}: ${given}; ${remedy}`);
  };
  const { shards, replicas = 1, parameters = {}, logins = {} } = props;
  checkOptions(path, props);
  if (!Number.isInteger(shards) || shards < 3)
    fail(
      `shards is ${JSON.stringify(shards)}`,
      'give a whole number from 3: fewer primaries have no majority without the one that failed. For less data take Redis',
    );
  if (!Number.isInteger(replicas) || replicas < 0)
    fail(`replicas is ${JSON.stringify(replicas)}`, 'give how many copies each shard has beside its primary: 1');
  if (replicas === 0 && tier !== 'development')
    fail(`replicas is 0 in ${tier}`, 'give 1 at least: without a copy each restart takes a part of the keys away');
  if (shards * (1 + replicas) > MOST_PODS)
    fail(`${shards} shards with ${replicas} replicas are ${shards * (1 + replicas)} pods`, `stay below ${MOST_PODS}`);
  const taken = SHARED.find(name => Object.hasOwn(logins, name));
  if (taken !== undefined) fail(`the login ${taken} is one of the nodes' own`, 'give it another name');
  const own = Object.keys(parameters).find(name => name.startsWith('cluster-'));
  if (own !== undefined) fail(`parameters has ${own}`, 'leave it out: scripts and probes go by what stands there');
}

export const CLUSTER_OPTIONS: Readonly<Record<keyof RedisClusterProps, true>> = {
  ...REDIS_OPTIONS,
  shards: true,
  replicas: true,
  restoreFrom: true,
};
