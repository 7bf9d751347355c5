import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Container, CronJob as CronJobObject } from '../../imports/kubernetes.ts';
import { WorkloadCertificate } from '../certificate.ts';
import { closed } from '../closed.ts';
import type { Site } from '../cluster.ts';
import { HOLDS, KEEPS, keeps, TLS } from '../conventions.ts';
import { CronJob } from '../cron-job.ts';
import { checkDuration } from '../durations.ts';
import type { EnvSource } from '../env.ts';
import type { KubeObject } from '../kube-object.ts';
import { hardenedContainer } from '../pod.ts';
import { type ContainerSize, mebibytes, resourcesOf } from '../quota.ts';
import { secret } from '../secret.ts';
import type { Workload } from '../workload.ts';
import { passwordPath, used } from './acl.ts';
import { configDirectory, PATHS, REDIS_PORT, script } from './config.ts';
import { IMAGES, serverImage } from './image.ts';
import type { Backups, RedisOptions } from './options.ts';
import { rclone } from './rclone.ts';

export interface RedisBackupProps extends Pick<RedisOptions, 'memory' | 'server' | 'password'> {
  /** The servers. */
  readonly of: Workload;
  /** Their names: those of their pods. */
  readonly hosts: readonly string[];
  /** How many of them have data of their own: one with Sentinel, the shards of a cluster. */
  readonly primaries: number;
  readonly backups: Required<Backups>;
}

/**
 * The schedule with its defaults; none where there is to be no backup.
 * @throws where times or the store cannot be, or production would go without unsaid
 */
export function backupsOf(path: string, site: Site, given: RedisOptions['backups']): Required<Backups> | undefined {
  if (given === 'none') return undefined;
  if (given === undefined && site.tier === 'development' && site.objectStores.backups === undefined) return undefined;
  const backups = given ?? {};
  closed(path, backups, { every: true, keep: true, to: true }, 'backups.');
  const { every = Duration.hours(1), keep = Duration.days(30), to = 'backups' } = backups;
  checkDuration(path, 'backups.every', every);
  checkDuration(path, 'backups.keep', keep);
  const hours = every.toMilliseconds() / 3_600_000;
  if (![1, 2, 3, 4, 6, 8, 12, 24].includes(hours))
    throw new Error(
      `${path}: backups.every is ${hours} hours; give 1, 2, 3, 4, 6, 8, 12 or 24, since an object is named by its full hour`,
    );
  const days = keep.toMilliseconds() / 86_400_000;
  if (!Number.isInteger(days) || days < 1)
    throw new Error(`${path}: backups.keep is ${days} days; give whole days from 1`);
  if (days * 24 < 2 * hours)
    throw new Error(
      `${path}: backups.keep is ${days * 24} hours and a dump comes every ${hours}; keep at least ${Math.ceil((2 * hours) / 24)} days, so that one that failed leaves another`,
    );
  if (site.objectStores[to] === undefined)
    throw new Error(
      `${path}: ${site.name} has no object store "${to}" for its dumps; add it in clusters/, or write backups: 'none'`,
    );
  return { every, keep, to };
}

/** Where the dumps of a system's servers stand in the store: `<cluster>/<system>/<id>`. */
export function dumpsAt(cluster: string, system: string, id: string): string {
  return `${cluster}/${system}/${id}`;
}

/** A dump of 17 GB at 20 MB/s, with room. */
const DEADLINE = Duration.minutes(50);

/** Each hour a dump of each primary, from a replica that follows it, checked, packed, and kept in the object store. */
export class RedisBackup extends CronJob {
  constructor(
    scope: Construct,
    id: string,
    { of, hosts, primaries, backups: { every, keep, to }, memory, server, password }: RedisBackupProps,
  ) {
    const { system } = of;
    const hours = every.toMilliseconds() / 3_600_000;
    const prefix = dumpsAt(system.site.name, system.name, of.name);
    const size = sizeFor(memory, primaries);
    const dump: { container?: Container } = {};
    super(
      scope,
      id,
      {
        image: IMAGES.rclone,
        command: ['sh', `${SCRIPTS}/upload.sh`],
        ...size,
        schedule: hours === 24 ? '0 0 * * *' : hours === 1 ? '0 * * * *' : `0 */${hours} * * *`,
        deadline: DEADLINE,
        startWithin: Duration.minutes(30),
        env: {
          ...rclone(system.site, to),
          KEEP: `${keep.toDays()}d`,
          PREFIX: prefix,
          PRIMARIES: primaries,
        },
        patch: {
          cronJob: it => {
            it.spec!.jobTemplate.spec!.template.spec!.initContainers = [dump.container!];
          },
        },
      },
      { layer: 'data' },
    );
    this.network.connectTo(of, REDIS_PORT);
    WorkloadCertificate.of(this);
    configDirectory(
      this,
      { name: 'scripts', path: SCRIPTS },
      { 'dump.sh': script('dump.sh'), 'upload.sh': script('upload.sh') },
    );
    this.attach({
      volume: { name: 'dump', emptyDir: { sizeLimit: mebibytes(size.ephemeralStorage.toMebibytes()) } },
      mount: { mountPath: DUMP },
    });
    const own: EnvSource = secret(passwordPath(of.name, 'backup', used(password)));
    dump.container = {
      name: 'dump',
      image: serverImage(of.node.path, server),
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', `${SCRIPTS}/dump.sh`],
      env: [
        { name: 'BACKUP_PASSWORD', ...own.bind(this, 'BACKUP_PASSWORD') },
        { name: 'HOSTS', value: hosts.join(' ') },
        { name: 'LONGEST', value: String(DEADLINE.toSeconds()) },
        { name: 'PRIMARIES', value: String(primaries) },
      ],
      resources: resourcesOf(size),
      securityContext: hardenedContainer(),
      volumeMounts: [
        { name: 'tmp', mountPath: '/tmp' },
        { name: 'scripts', mountPath: SCRIPTS, readOnly: true },
        { name: 'tls', mountPath: TLS, readOnly: true },
        { name: 'dump', mountPath: DUMP },
      ],
    };
    const { metadata } = this.node.findChild('cron-job') as KubeObject<CronJobObject>;
    metadata.addAnnotation(HOLDS, `${system.site.objectStores[to]!.bucket}/${prefix}`);
    metadata.addAnnotation(KEEPS, keeps(`dumps of ${of.namespace}/${of.name}`, keep));
  }
}

const SCRIPTS = PATHS.config;
const DUMP = '/dump';

/** Disk for what all primaries hold and, while one is packed, for that one twice: a dump is smaller than its data in memory. */
function sizeFor(memory: Size, primaries: number): ContainerSize {
  return {
    cpu: Cpu.millis(100),
    cpuLimit: Cpu.units(1),
    // redis-check-rdb reads the largest value whole.
    memory: Size.mebibytes(256),
    ephemeralStorage: Size.mebibytes(memory.toMebibytes() * primaries),
  };
}
