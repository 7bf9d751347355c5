import { existsSync } from 'node:fs';
import { type Api, messageOf } from '../../../tools/control-plane/api.ts';
import { exporter } from '../../../tools/control-plane/exporters.ts';
import { freePorts, nest } from '../../../tools/control-plane/processes.ts';
import { startControlPlane } from '../../../tools/control-plane/start.ts';
import { groupOf, type Manifest } from '../../../tools/render/manifest.ts';
import { committed } from '../dist.ts';
import { startKubelet } from '../kubelet.ts';
import { until } from '../pods/until.ts';

const MERGE = { 'Content-Type': 'application/merge-patch+json' };

/** What comes last: then the rest is there, too. */
const SIGNS = [
  /^kube_job_failed\{.*condition="true".*\} 1$/m,
  /^kube_pod_container_status_waiting_reason\{.*reason="CrashLoopBackOff".*\} 1$/m,
  /^kube_horizontalpodautoscaler_status_condition\{.*condition="ScalingActive"/m,
  /^kube_poddisruptionbudget_status_current_healthy/m,
  /^kube_daemonset_status_number_unavailable/m,
  /^kube_persistentvolume_status_phase/m,
];

/**
 * What kube-state-metrics says of a system's own objects in a real control plane, where one pod goes wrong in each way that alerts look
 * for, one Job has failed, and the CronJobs have run.
 *
 * @param folders below `dist/`: the system's, and first the platform's, whose priority classes it names
 */
export async function stateOf(folders: readonly string[], kubernetes: string): Promise<string> {
  const plane = await startControlPlane({ version: kubernetes, controllers: true });
  const home = nest();
  let kubelet: Awaited<ReturnType<typeof startKubelet>> | undefined;
  try {
    kubelet = await startKubelet(plane.api);
    const objects = folders.flatMap(committed).filter(({ manifest }) => !isCustom(manifest.apiVersion));
    for (const { file, text } of objects) {
      const { status, body, warnings } = await plane.api.applyServerSide(text, { fieldManager: 'test', force: true });
      if (status >= 300) throw new Error(`${file}: ${messageOf({ status, body, warnings })}`);
    }
    const manifests = objects.map(({ manifest }) => manifest);
    await addons(plane.api);
    await hasRun(plane.api, manifests);
    await hasFailed(plane.api, manifests);
    await goesWrong(plane.api, manifests);

    const [port, telemetry] = (await freePorts(2)) as [number, number];
    home.start('kube-state-metrics', exporter('kube-state-metrics'), [
      `--kubeconfig=${plane.kubeconfig}`,
      '--host=127.0.0.1',
      `--port=${port}`,
      '--telemetry-host=127.0.0.1',
      `--telemetry-port=${telemetry}`,
    ]);
    const read = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const whole = (text: string) => SIGNS.every(sign => sign.test(text)) && text;
    return await until('it has seen all', async () => whole(await read()), 60);
  } finally {
    await kubelet?.stop();
    await home.stop();
    await plane.stop();
  }
}

function isCustom(apiVersion: string): boolean {
  return existsSync(`imports/custom/${groupOf(apiVersion)}.json`);
}

/** What vendors' charts and storage drivers bring, which `dist/` has not. */
async function addons(api: Api): Promise<void> {
  const labels = { app: 'agent' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'agent', image: 'agent:1' }] } };
  const daemons = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent' } };
  const spec = { selector: { matchLabels: labels }, template };
  await must(api.request('POST', '/apis/apps/v1/namespaces/default/daemonsets', { ...daemons, spec }));
  const volume = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/tmp' } };
  const made = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'disk' }, spec: volume };
  await must(api.request('POST', '/api/v1/persistentvolumes', made));
}

async function hasRun(api: Api, objects: readonly Manifest[]): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+Z/, 'Z');
  for (const { metadata } of objects.filter(({ kind }) => kind === 'CronJob')) {
    const path = `/apis/batch/v1/namespaces/${metadata.namespace}/cronjobs/${metadata.name}`;
    const status = { lastScheduleTime: now, lastSuccessfulTime: now };
    await must(api.request('PATCH', `${path}/status`, { status }, MERGE));
  }
}

/** A Job that a CronJob owns, whose pod ends badly. */
async function hasFailed(api: Api, objects: readonly Manifest[]): Promise<void> {
  const { metadata } = objects.find(({ kind }) => kind === 'CronJob')!;
  const batch = `/apis/batch/v1/namespaces/${metadata.namespace}`;
  const { uid } = ((await api.get(`${batch}/cronjobs/${metadata.name}`)) as { metadata: { uid: string } }).metadata;
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid, controller: true };
  const restricted = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const limits = { cpu: '10m', memory: '16Mi', 'ephemeral-storage': '16Mi' };
  const container = {
    name: 'job',
    image: 'job:1',
    securityContext: restricted,
    resources: { limits, requests: limits },
  };
  await must(
    api.request('POST', `${batch}/jobs`, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'failing', ownerReferences: [owner] },
      spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [container] } } },
    }),
  );
  const pod = await running(api, metadata.namespace!, ({ metadata: { labels } }) => labels?.['job-name'] === 'failing');
  const ended = { exitCode: 1, reason: 'Error', startedAt: null, finishedAt: null };
  await must(
    patched(api, pod, {
      phase: 'Failed',
      containerStatuses: [{ ...pod.status.containerStatuses[0], ready: false, state: { terminated: ended } }],
    }),
  );
}

/** A pod whose container was killed for its memory and now waits to be started again. */
async function goesWrong(api: Api, objects: readonly Manifest[]): Promise<void> {
  const autoscaler = objects.find(({ kind }) => kind === 'HorizontalPodAutoscaler')!;
  const { name, namespace } = autoscaler.metadata;
  const pod = await running(api, namespace!, each => each.metadata.name.startsWith(`${name}-`));
  const [first, ...others] = pod.status.containerStatuses;
  const wrong = {
    ...first,
    ready: false,
    restartCount: 3,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
  };
  await must(patched(api, pod, { containerStatuses: [wrong, ...others] }));
}

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Record<string, string> };
  readonly status: { readonly phase: string; readonly containerStatuses: readonly object[] };
}

async function running(api: Api, namespace: string, which: (pod: Pod) => boolean): Promise<Pod> {
  return until(
    'a pod runs',
    async () => {
      const { items } = (await api.get(`/api/v1/namespaces/${namespace}/pods`)) as { items: Pod[] };
      return items.find(pod => pod.status.phase === 'Running' && which(pod));
    },
    60,
  );
}

function patched(api: Api, { metadata }: Pod, status: unknown) {
  return api.request(
    'PATCH',
    `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`,
    { status },
    MERGE,
  );
}

async function must(answer: ReturnType<Api['request']>): Promise<void> {
  const given = await answer;
  if (given.status >= 300) throw new Error(`${given.status} ${messageOf(given)}`);
}
