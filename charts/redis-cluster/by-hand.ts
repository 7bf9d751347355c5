import { readFileSync } from 'node:fs';
import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Container, CronJob as CronJobObject } from '../../imports/kubernetes.ts';
import { WorkloadCertificate } from '../certificate.ts';
import { CronJob } from '../cron-job.ts';
import type { Env } from '../env.ts';
import { hardenedContainer } from '../pod.ts';
import { mebibytes } from '../quota.ts';
import { passwordPath, used } from '../redis/acl.ts';
import { configDirectory, PATHS, REDIS_PORT } from '../redis/config.ts';
import { IMAGES, serverImage } from '../redis/image.ts';
import { rclone } from '../redis/rclone.ts';
import { dumpOf } from '../redis/restore.ts';
import { secret } from '../secret.ts';
import type { Workload } from '../workload.ts';
import type { RedisClusterProps } from './options.ts';

/** What is run on a cluster by hand: `kubectl create job --from=cronjob/<id>-rebalance …`. */
export interface Tended {
  readonly of: Workload;
  readonly hosts: readonly string[];
  readonly options: RedisClusterProps;
}

/** Keys of a shard on their way at a night's pace; what is interrupted goes on with the next run. */
const DEADLINE = Duration.hours(12);

/** Moves slots to primaries that have too few; after `shards` has grown. */
export class Rebalance extends CronJob {
  constructor(scope: Construct, id: string, tended: Tended) {
    const { options } = tended;
    super(
      scope,
      id,
      {
        image: serverImage(id, options.server),
        command: ['sh', `${PATHS.config}/rebalance.sh`],
        cpu: Cpu.millis(100),
        memory: Size.mebibytes(128),
        ...onceByHand,
        env: { ...asMover(tended), SHARDS: options.shards },
        patch: { cronJob: suspend },
      },
      { layer: 'data' },
    );
    this.network.connectTo(tended.of, REDIS_PORT);
    WorkloadCertificate.of(this);
    configDirectory(this, { name: 'scripts', path: PATHS.config }, { 'rebalance.sh': clusterScript('rebalance.sh') });
  }
}

/**
 * Brings the dumps of an hour into the cluster, key by key.
 * @throws where the hour is none, or there is no such store
 */
export class Restore extends CronJob {
  constructor(scope: Construct, id: string, tended: Tended) {
    const { of, options } = tended;
    const { memory, shards, server, backups, restoreFrom } = options;
    const { path } = of.node;
    const { purpose, folder, hour } = dumpOf(of, restoreFrom!, backups);
    const fetch: { container?: Container } = {};
    super(
      scope,
      id,
      {
        image: serverImage(path, server),
        command: ['sh', `${PATHS.config}/import.sh`],
        cpu: Cpu.millis(500),
        // One dump at a time stands in memory.
        memory,
        // All dumps, and one unpacked.
        ephemeralStorage: Size.mebibytes(memory.toMebibytes() * (shards + 1)),
        ...onceByHand,
        env: {
          ...asMover(tended),
          ...rclone(of.system.site, purpose),
          FOLDER: folder,
          HOUR: hour,
        },
        patch: {
          cronJob: it => {
            suspend(it);
            const pod = it.spec!.jobTemplate.spec!.template.spec!;
            const { env, resources, volumeMounts } = pod.containers[0]!;
            pod.initContainers = [{ ...fetch.container!, env, resources, volumeMounts }];
          },
        },
      },
      { layer: 'data' },
    );
    fetch.container = {
      name: 'fetch',
      image: IMAGES.rclone,
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', `${PATHS.config}/fetch.sh`],
      securityContext: hardenedContainer(),
    };
    this.network.connectTo(of, REDIS_PORT);
    WorkloadCertificate.of(this);
    configDirectory(
      this,
      { name: 'scripts', path: PATHS.config },
      { 'fetch.sh': clusterScript('fetch.sh'), 'import.sh': clusterScript('import.sh') },
    );
    this.attach({
      volume: { name: 'dump', emptyDir: { sizeLimit: mebibytes(memory.toMebibytes() * (shards + 1)) } },
      mount: { mountPath: '/dump' },
    });
  }
}

/** The text of one of the scripts beside this file. */
export function clusterScript(name: string): string {
  return readFileSync(new URL(`scripts/${name}`, import.meta.url), 'utf8');
}

const onceByHand = { schedule: '0 3 * * *', deadline: DEADLINE };

function suspend(it: CronJobObject): void {
  it.spec!.suspend = true;
}

/** The login that may move keys. The seed is one node: behind the Service's name each connection might find another. */
function asMover({ of, hosts, options: { password } }: Tended): Env {
  return { SEED: hosts[0]!, MOVER_PASSWORD: secret(passwordPath(of.name, 'mover', used(password))) };
}
