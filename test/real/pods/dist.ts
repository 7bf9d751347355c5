import type { CronJob, Deployment, Job, PodTemplateSpec, StatefulSet, Volume } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../../tools/render/manifest.ts';
import { committed } from '../dist.ts';
import type { PodManifest } from './manifest.ts';
import type { Stored } from './objects.ts';

/** The objects of a layer, as `dist/` has them or as a test rendered them. */
export interface Layer {
  readonly objects: readonly Manifest[];
  /** @throws where there is none */
  pick<T = Manifest>(kind: string, name: string): T;
  all<T = Manifest>(kind: string): T[];
  /** What a node is told with `apply`. */
  readonly stored: readonly Stored[];
}

/** @param folder below `dist/`, e.g. `us-east-1a/zapora/data` */
export function layerOf(folder: string): Layer {
  return layerFrom(
    folder,
    committed(folder).map(({ manifest }) => manifest),
  );
}

/** @param where for errors */
export function layerFrom(where: string, objects: readonly Manifest[]): Layer {
  return {
    objects,
    pick<T>(kind: string, name: string) {
      const found = objects.find(object => object.kind === kind && object.metadata.name === name);
      const names = objects.filter(object => object.kind === kind).map(({ metadata }) => metadata.name);
      if (!found) throw new Error(`${where}: no ${kind} ${name}; it has ${names.join(', ') || 'none of the kind'}`);
      return found as T;
    },
    all: <T>(kind: string) => objects.filter(object => object.kind === kind) as T[],
    stored: objects.filter(({ kind }) => ['ConfigMap', 'Secret', 'Service'].includes(kind)) as unknown as Stored[],
  };
}

/** A pod of a StatefulSet as its controller makes it: name, labels, host name and claims of the ordinal. */
export function podOf({ metadata, spec }: StatefulSet, ordinal: number): PodManifest {
  const name = `${metadata.name}-${ordinal}`;
  const claims = (spec?.volumeClaimTemplates ?? []).map(({ metadata: { name: volume = '' } }): Volume => {
    return { name: volume, persistentVolumeClaim: { claimName: `${volume}-${name}` } };
  });
  const pod = made(name, metadata.namespace, spec?.template, {
    'apps.kubernetes.io/pod-index': String(ordinal),
    'statefulset.kubernetes.io/pod-name': name,
  });
  const volumes = [...claims, ...(pod.spec.volumes ?? [])];
  return { ...pod, spec: { ...pod.spec, hostname: name, subdomain: spec?.serviceName, volumes } };
}

/** All pods of a StatefulSet. */
export function podsOf(statefulSet: StatefulSet): PodManifest[] {
  const { replicas = 1, ordinals } = statefulSet.spec ?? {};
  return Array.from({ length: replicas }, (_, i) => podOf(statefulSet, i + (ordinals?.start ?? 0)));
}

/** A pod of a Deployment. @param suffix what tells it from the others */
export function podOfDeployment({ metadata, spec }: Deployment, suffix: number | string = 0): PodManifest {
  return made(`${metadata.name}-${suffix}`, metadata.namespace, spec?.template, {});
}

/** The pod of a Job, or of a CronJob that is due. @param suffix of this run */
export function podOfJob(job: Job | CronJob, suffix: number | string = 0): PodManifest {
  const spec = job.kind === 'CronJob' ? job.spec.jobTemplate.spec : job.spec;
  const name = `${job.metadata.name}-${suffix}`;
  return made(name, job.metadata.namespace, spec?.template, { 'batch.kubernetes.io/job-name': name, 'job-name': name });
}

function made(
  name: string,
  namespace = 'default',
  template: PodTemplateSpec | undefined,
  labels: Record<string, string>,
): PodManifest {
  if (!template?.spec) throw new Error(`${namespace}/${name}: its controller has no pod template; write one`);
  const { metadata, spec } = template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, namespace, labels: { ...metadata?.labels, ...labels } },
    spec,
  };
}
