import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARGO_KUBERNETES } from '../../argocd/index.ts';
import { fleet } from '../../fleet.ts';
import { type Api, messageOf } from '../../tools/control-plane/api.ts';
import { ciliumCrds } from '../../tools/control-plane/cilium.ts';
import { applyCrds } from '../../tools/control-plane/crds.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start.ts';
import { groupOf, type Manifest } from '../../tools/render/manifest.ts';
import { argocds, type Committed, committed } from './dist.ts';
import { changed } from './kept.ts';
import { startKubelet } from './kubelet.ts';

/**
 * A real kube-apiserver of each cluster's minor, empty, with the real custom resource definitions, gets every object of
 * `dist/` as Argo CD would send it. `DRYDOCK_CRDS` names the folder of definitions; without it custom resources are judged
 * by our schemas alone, which this says, and which CI does not accept.
 */
const CRDS = process.env.DRYDOCK_CRDS;

const CLUSTERS = [
  ...fleet.map(({ cluster }) => ({ folder: cluster.name, minor: cluster.kubernetes })),
  ...argocds().map(name => ({ folder: `argocd/${name}`, minor: minorOf(name) })),
];

/** The laptop's Argo CD runs in the laptop's cluster, the hub where `argocd/repository.ts` says. */
function minorOf(argocd: string): string {
  return fleet.find(({ cluster }) => cluster.name === argocd)?.cluster.kubernetes ?? ARGO_KUBERNETES;
}

describe.each(CLUSTERS)('$folder on Kubernetes $minor', ({ folder, minor }) => {
  let plane: ControlPlane;
  let objects: Committed[];
  const versions = new Map<string, string>();

  beforeAll(async () => {
    plane = await startControlPlane({ version: minor, controllers: 'later' });
    for (const definitions of CRDS === undefined ? [] : [CRDS, ciliumCrds()]) await applyCrds(plane.api, definitions);
    objects = committed(folder);
    if (CRDS === undefined) {
      const skipped = objects.filter(({ manifest }) => isCustom(manifest.apiVersion));
      if (process.env.CI) throw new Error('DRYDOCK_CRDS is not set; name the folder of custom resource definitions');
      console.warn(`${folder}: DRYDOCK_CRDS is not set: ${skipped.length} custom resources are judged by schema alone`);
      objects = objects.filter(object => !skipped.includes(object));
    }
    // Argo CD's own installation makes its namespace.
    if (folder.startsWith('argocd/')) await namespace(plane.api, 'argocd');
  });
  afterAll(() => plane?.stop());

  test('every object is accepted by server-side apply, without a warning, and nothing of it is dropped', async () => {
    const faults: string[] = [];
    for (const { file, text, manifest } of objects) {
      const answer = await apply(plane.api, text);
      if (answer.status >= 300) faults.push(`${file}: ${answer.status} ${messageOf(answer)}`);
      else {
        versions.set(file, versionOf(answer.body));
        faults.push(...changed(manifest, answer.body).map(fault => `${file}: ${fault}`));
      }
      faults.push(...answer.warnings.filter(isNews(manifest)).map(warning => `${file}: warning: ${warning}`));
    }
    expect(faults).toEqual([]);
    expect(objects.length).toBeGreaterThan(0);
  });

  test('applied again, nothing changes', async () => {
    const moved: string[] = [];
    for (const { file, text } of objects) {
      const version = versionOf((await apply(plane.api, text)).body);
      if (version === versions.get(file)) continue;
      // A claim is stored once more when it is first applied again, though nothing in it differs; after that it stays.
      const claim = file.includes('/PersistentVolumeClaim.');
      if (!claim || versionOf((await apply(plane.api, text)).body) !== version) moved.push(file);
    }
    expect(moved).toEqual([]);
  });

  test('with its controllers and nodes, pods come up, quotas hold at the peak, autoscalers and budgets count', async () => {
    await plane.startControllers();
    const kubelet = await startKubelet(plane.api);
    try {
      await settled(plane.api, deployments(objects));
      await atPeak(plane.api, objects);
    } finally {
      await kubelet.stop();
    }
  });
});

interface Deployment {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status: {
    readonly availableReplicas?: number;
    readonly observedGeneration?: number;
    readonly conditions?: { type: string; status: string; message: string }[];
  };
}

/** Each workload has the pods it asks for; each autoscaler has lifted its target to the minimum; each budget allows a disruption. */
async function settled(api: Api, names: readonly Scaled[]): Promise<void> {
  await until(async () => {
    for (const { namespace, name, min, by } of names) {
      const { spec, status } = (await api.get(
        `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
      )) as Deployment;
      if (spec.replicas < min) return `${namespace}/${name}: asks for ${spec.replicas} of at least ${min}`;
      if ((status.availableReplicas ?? 0) !== spec.replicas) {
        const failure = status.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
        return `${namespace}/${name}: ${status.availableReplicas ?? 0} of ${spec.replicas} pods available ${failure?.message ?? ''}`;
      }
      const unable = by === 'HorizontalPodAutoscaler' ? await cannotScale(api, namespace, name) : undefined;
      if (unable !== undefined) return `${namespace}/${name}: its autoscaler says ${unable}`;
      const budget = (await api.get(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/${name}`)) as {
        status: { disruptionsAllowed?: number; expectedPods?: number };
      };
      // Nobody disrupts what has no pods.
      if (budget.status.expectedPods !== spec.replicas || (spec.replicas > 0 && !budget.status.disruptionsAllowed))
        return `${namespace}/${name}: its budget counts ${JSON.stringify(budget.status)}`;
    }
    return undefined;
  });
}

/** Why an autoscaler cannot reach what it scales: `FailedGetScale` where the target is none. That nobody measures here is another condition. */
async function cannotScale(api: Api, namespace: string, name: string): Promise<string | undefined> {
  const { status } = (await api.get(
    `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/${name}`,
  )) as { status?: { conditions?: { type: string; status: string; reason: string }[] } };
  const able = status?.conditions?.find(({ type }) => type === 'AbleToScale');
  return able?.status === 'True' ? undefined : (able?.reason ?? 'nothing yet');
}

/**
 * The autoscaler's maximum becomes its minimum, what KEDA would scale is scaled by hand, and then everything rolls while no old
 * pod has ended (our kubelet never ends one, as if all drained slowly): the quota must admit all of it.
 */
async function atPeak(api: Api, objects: readonly Committed[]): Promise<void> {
  for (const { manifest } of objects.filter(({ manifest }) => manifest.kind === 'HorizontalPodAutoscaler')) {
    const { maxReplicas } = manifest.spec as { maxReplicas: number };
    const { namespace, name } = manifest.metadata;
    await patch(api, `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/${name}`, {
      spec: { minReplicas: maxReplicas },
    });
  }
  const peak = deployments(objects).map(each => ({ ...each, min: each.max }));
  for (const { namespace, name, max } of peak.filter(({ by }) => by === 'ScaledObject'))
    await patch(api, `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/scale`, { spec: { replicas: max } });
  await settled(api, peak);
  for (const { namespace, name } of peak) {
    await patch(api, `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`, {
      spec: { template: { metadata: { annotations: { rolled: 'yes' } } } },
    });
  }
  await settled(api, peak);
  await until(async () => {
    for (const { namespace, name } of peak) {
      const { metadata, status } = (await api.get(
        `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
      )) as Deployment;
      const rolled = status.conditions?.find(({ type }) => type === 'Progressing')?.message ?? '';
      if (status.observedGeneration !== metadata.generation || !/successfully progressed/.test(rolled))
        return `${namespace}/${name}: ${rolled}`;
    }
    return undefined;
  });
  const { items } = (await api.get('/api/v1/events?limit=5000')) as { items: { reason: string; message: string }[] };
  expect(items.filter(({ reason }) => reason === 'FailedCreate').map(({ message }) => message)).toEqual([]);
}

interface Scaled {
  readonly namespace: string;
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly by?: string;
}

/** Each Deployment with the pods it asks for. KEDA does not run here: what it scales begins with the one of the API's default. */
function deployments(objects: readonly Committed[]): Scaled[] {
  const bounds = new Map<string, Pick<Scaled, 'min' | 'max' | 'by'>>();
  for (const { manifest } of objects) {
    const { kind, metadata, spec } = manifest;
    const at = `${metadata.namespace}/${metadata.name}`;
    if (kind === 'HorizontalPodAutoscaler') {
      const { minReplicas, maxReplicas } = spec as { minReplicas: number; maxReplicas: number };
      bounds.set(at, { min: minReplicas, max: maxReplicas, by: kind });
    } else if (kind === 'ScaledObject') {
      const { maxReplicaCount } = spec as { maxReplicaCount: number };
      bounds.set(at, { min: 1, max: maxReplicaCount, by: kind });
    }
  }
  return objects
    .filter(({ manifest }) => manifest.kind === 'Deployment')
    .map(({ manifest }) => {
      const { namespace, name } = manifest.metadata;
      const fixed = (manifest.spec as { replicas?: number }).replicas ?? 1;
      return { namespace: namespace!, name, ...(bounds.get(`${namespace}/${name}`) ?? { min: fixed, max: fixed }) };
    });
}

async function until(fault: () => Promise<string | undefined>): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const left = await fault();
    if (left === undefined) return;
    if (Date.now() > deadline) throw new Error(`after two minutes: ${left}`);
    await sleep(300);
  }
}

async function namespace(api: Api, name: string): Promise<void> {
  const answer = await apply(api, JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  if (answer.status >= 300) throw new Error(messageOf(answer));
}

async function patch(api: Api, path: string, body: unknown): Promise<void> {
  const answer = await api.request('PATCH', path, body, { 'Content-Type': 'application/merge-patch+json' });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${messageOf(answer)}`);
}

function apply(api: Api, text: string) {
  return api.applyServerSide(text, { fieldManager: 'argocd-controller', strict: true, force: true });
}

function versionOf(object: unknown): string {
  return (object as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
}

/** Argo CD knows a project's finalizer by one name only, and the server would like another. Every other warning counts. */
function isNews({ kind }: Manifest) {
  return (warning: string) => kind !== 'AppProject' || !warning.startsWith('metadata.finalizers: ');
}

/** Kubernetes' own groups end in `.k8s.io` or have no dot. */
function isCustom(apiVersion: string): boolean {
  return existsSync(`imports/custom/${groupOf(apiVersion)}.json`);
}
