import type {
  Container,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  PodDisruptionBudget,
  Service,
  ServicePort,
  StatefulSet,
} from '../imports/kubernetes.ts';
import { podAlerts, podsOf, startOf } from './alerting/pods.ts';
import { statefulSetAlerts } from './alerting/rollout.ts';
import { volumeAlerts } from './alerting/volumes.ts';
import { CONFIRM_DELETION } from './conventions.ts';
import { podsRow } from './dashboard/rows/pods.ts';
import { volumesRow } from './dashboard/rows/volumes.ts';
import { KubeObject, type Patch } from './kube-object.ts';
import { mebibytes } from './quota.ts';
import { recommend } from './recommendations.ts';
import { type Storage, storageOf } from './storage.ts';
import type { PodShape, Workload } from './workload.ts';

export interface StatefulPatches {
  readonly statefulSet?: Patch<StatefulSet>;
  readonly disruptionBudget?: Patch<PodDisruptionBudget>;
}

export interface StatefulProps extends PodShape {
  /** The StatefulSet's name, from which pods and claims have theirs. @default the workload's */
  readonly name?: string;
  readonly pods: number;
  /** The volume of each pod, `data`, and where its own container finds it. */
  readonly storage: Storage;
  readonly mountPath: string;
  /** What the headless Service tells of besides the pods' names. */
  readonly ports: readonly ServicePort[];
  /** What the workload's own container adds. */
  readonly container: Partial<Container>;
  /** Read where the objects are rendered, when all wiring is known. */
  readonly patch: StatefulPatches;
}

/** The name of the Service that gives each pod of a workload its DNS name. */
export function headlessName({ name }: Pick<Workload, 'name'>): string {
  return `${name}-pods`;
}

/** The DNS names of the pods, in their order. */
export function podNames(
  workload: Workload,
  { name, pods }: { readonly name: string; readonly pods: number },
): string[] {
  const host = `${headlessName(workload)}.${workload.namespace}.svc.cluster.local`;
  return Array.from({ length: pods }, (_, ordinal) => `${name}-${ordinal}.${host}`);
}

/**
 * Pods that each keep a volume and a name: a StatefulSet with its headless Service, its budget and its recommendations. Every
 * claim stands in `dist/` as an object of its own, so that it can grow, and so that nobody deletes it unseen; the StatefulSet
 * takes the claims of these names for its own.
 */
export function stateful(
  workload: Workload,
  { name = workload.name, pods, storage, mountPath, ports, container, patch, ...shape }: StatefulProps,
): void {
  const { path } = workload.node;
  if (!Number.isInteger(pods) || pods < 1) throw new Error(`${path}: ${pods} pods; give a whole number from 1`);
  const { created, now } = storageOf(path, storage);
  const headless = headlessName(workload);
  // The longest label of DNS, which a pod's host name is; the ordinal takes up to three characters.
  if (name.length > 60)
    throw new Error(
      `${path}: its pods would be called ${name}-0, ${name.length + 2} characters of 63; shorten its name`,
    );

  new KubeObject<Service>(
    workload,
    'pods',
    { apiVersion: 'v1', kind: 'Service', metadata: { ...workload.metadata(), name: headless } },
    {
      spec: {
        clusterIP: 'None',
        ports: [...ports],
        // Peers must find each other before they are ready: that is how they become so.
        publishNotReadyAddresses: true,
        selector: workload.selector,
      },
    },
  );

  new KubeObject<StatefulSet>(
    workload,
    'stateful-set',
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { ...workload.metadata(workload.versioned), name, annotations: CONFIRM_DELETION },
    },
    () => ({
      spec: {
        // Data outlives its pods, and the StatefulSet itself.
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        // After a full outage whoever can start does; programs that need an order find it by themselves.
        podManagementPolicy: 'Parallel',
        replicas: pods,
        revisionHistoryLimit: 5,
        selector: { matchLabels: workload.selector },
        serviceName: headless,
        template: workload.podTemplate(
          { ...container, volumeMounts: [{ name: DATA, mountPath }, ...(container.volumeMounts ?? [])] },
          shape,
        ),
        updateStrategy: { rollingUpdate: { partition: 0 }, type: 'RollingUpdate' },
        volumeClaimTemplates: [
          {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: { name: DATA },
            spec: claim(workload, mebibytes(created.toMebibytes())),
          },
        ],
      },
    }),
    patch.statefulSet,
  );

  for (let ordinal = 0; ordinal < pods; ordinal++) {
    new KubeObject<PersistentVolumeClaim>(
      workload,
      `volume-${ordinal}`,
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { ...workload.metadata(), name: `${DATA}-${name}-${ordinal}`, annotations: CONFIRM_DELETION },
      },
      { spec: claim(workload, mebibytes(now.toMebibytes())) },
    );
  }

  new KubeObject<PodDisruptionBudget>(
    workload,
    'disruption-budget',
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: workload.metadata() },
    {
      spec: {
        // Two at once could leave what votes without a majority.
        maxUnavailable: 1,
        selector: { matchLabels: workload.selector },
        // A pod that is not ready may hold the only other copy: it counts.
        unhealthyPodEvictionPolicy: 'IfHealthyBudget',
      },
    },
    patch.disruptionBudget,
  );

  recommend(workload, 'StatefulSet', name);

  const start = startOf(container);
  workload.rules.add(
    { name: 'pods', rules: podAlerts(workload, { pods: podsOf.statefulSet(name), least: pods, start }) },
    { name: 'rollout', rules: statefulSetAlerts(workload, { name, pods, start }) },
    { name: 'volumes', rules: volumeAlerts(workload, { claims: `${DATA}-${name}-[0-9]+`, size: now }) },
  );

  workload.dashboard.show(() => [
    podsRow(workload.namespace, podsOf.statefulSet(name)),
    volumesRow(workload.namespace, `${DATA}-${name}-[0-9]+`),
  ]);

  // A pod is gone before the next of its name comes, so as many as there are.
  workload.layer.expect(() => ({ ...workload.demand(pods), claims: Array.from({ length: pods }, () => now) }));
}

/** The volume's name in the pod and at the head of its claims' names. */
export const DATA = 'data';

function claim(workload: Workload, storage: string): PersistentVolumeClaimSpec {
  return {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage } },
    storageClassName: workload.system.site.storage.block.name,
    volumeMode: 'Filesystem',
  };
}
