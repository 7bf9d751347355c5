import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { Container, EnvVar } from '../../imports/kubernetes.ts';
import { closed } from '../closed.ts';
import type { EnvSource } from '../env.ts';
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
 * @throws where the hour is none
 */
export function fetching(server: Workload, from: RestoreFrom, backups: RedisOptions['backups']): Container {
  const { path } = server.node;
  const { system } = server;
  closed(path, from, { at: true, id: true, cluster: true }, 'restoreFrom.');
  const { at, id = server.name, cluster = system.site.name } = from;
  const [, date, hour] = /^(\d{4}-\d{2}-\d{2})T(\d{2}):00(?::00)?Z$/.exec(at) ?? [];
  if (date === undefined || Number.isNaN(Date.parse(at)))
    throw new Error(
      `${path}: restoreFrom.at is ${JSON.stringify(at)}; write the full hour of a dump: 2026-11-20T10:00:00Z`,
    );
  const purpose = (backups !== 'none' && backups?.to) || 'backups';
  if (system.site.objectStores[purpose] === undefined)
    throw new Error(`${path}: restoreFrom: ${system.site.name} has no object store "${purpose}"; add it in clusters/`);
  configDirectory(server, { name: 'restore', path: FETCH }, { 'fetch.sh': script('fetch.sh') });
  const env: EnvVar[] = Object.entries(rclone(system.site, purpose)).map(([name, value]) =>
    typeof value === 'object' ? { name, ...(value as EnvSource).bind(server, name) } : { name, value: String(value) },
  );
  return {
    name: 'fetch',
    image: IMAGES.rclone,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', `${FETCH}/fetch.sh`],
    env: [
      ...env,
      { name: 'OBJECT', value: `${dumpsAt(cluster, system.name, id)}/${date.replaceAll('-', '/')}/${hour}.rdb.gz` },
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
