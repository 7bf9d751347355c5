import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { Container } from '../../imports/kubernetes.ts';
import { closed } from '../closed.ts';
import { variablesOf } from '../env.ts';
import { hardenedContainer } from '../pod.ts';
import { resourcesOf } from '../quota.ts';
import type { Workload } from '../workload.ts';
import { dumpsAt } from './backup.ts';
import { configDirectory, PATHS, script } from './config.ts';
import { IMAGES } from './image.ts';
import type { RedisOptions, RestoreFrom } from './options.ts';
import { rclone } from './rclone.ts';

const FETCH = '/etc/drydock/restore';

/**
 * What brings the dump to the first pod before it starts. It gives the servers the way to the object store, so it is there only
 * while it is stated.
 * @throws where the hour is none, or there is no such store
 */
export function fetching(server: Workload, from: RestoreFrom, backups: RedisOptions['backups']): Container {
  const { system } = server;
  const { purpose, folder, hour } = dumpOf(server, from, backups);
  configDirectory(server, { name: 'restore', path: FETCH }, { 'fetch.sh': script('fetch.sh') });
  return {
    name: 'fetch',
    image: IMAGES.rclone,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', `${FETCH}/fetch.sh`],
    env: [
      ...variablesOf(server, rclone(system.site, purpose)),
      { name: 'OBJECT', value: `${folder}/${hour}.rdb.gz` },
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
    ],
    resources: resourcesOf({
      cpu: Cpu.millis(100),
      cpuLimit: Cpu.units(1),
      memory: Size.mebibytes(128),
      ephemeralStorage: Size.mebibytes(16),
    }),
    securityContext: hardenedContainer(),
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'data', mountPath: PATHS.data },
      { name: 'restore', mountPath: FETCH, readOnly: true },
    ],
  };
}

/** Where a dump stands: the store's key in the cluster's `objectStores`, the folder of its day, and its hour. */
interface Dump {
  readonly purpose: string;
  readonly folder: string;
  readonly hour: string;
}

/**
 * The dump that somebody means.
 *
 * @param server whose it is, where nothing else is said
 * @throws where the hour is none, or there is no such store
 */
export function dumpOf(server: Workload, from: RestoreFrom, backups: RedisOptions['backups']): Dump {
  const { path } = server.node;
  const { site, name: system } = server.system;
  closed(path, from, { at: true, id: true, cluster: true }, 'restoreFrom.');
  const { at, id = server.name, cluster = site.name } = from;
  const [, date, hour] = /^(\d{4}-\d{2}-\d{2})T(\d{2}):00(?::00)?Z$/.exec(at) ?? [];
  if (date === undefined || hour === undefined || Number.isNaN(Date.parse(at)))
    throw new Error(
      `${path}: restoreFrom.at is ${JSON.stringify(at)}; write the full hour of a dump: 2026-11-20T10:00:00Z`,
    );
  const purpose = (backups !== 'none' && backups?.to) || 'backups';
  if (site.objectStores[purpose] === undefined)
    throw new Error(`${path}: restoreFrom: ${site.name} has no object store "${purpose}"; add it in clusters/`);
  return { purpose, folder: `${dumpsAt(cluster, system, id)}/${date.replaceAll('-', '/')}`, hour };
}
