import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, messageOf } from '../../tools/control-plane/api.ts';

const ZONES = ['a', 'b', 'c'];

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly name: string; readonly image: string }[];
  };
  readonly status: { readonly phase?: string };
}

/** Three nodes in three zones, big enough for everything, and a kubelet that says of each scheduled pod that it runs and is ready. */
export async function startKubelet(api: Api): Promise<{ stop(): Promise<void> }> {
  for (const zone of ZONES) await createNode(api, zone);
  let running = true;
  const loop = (async () => {
    while (running) {
      const { items } = (await api.get('/api/v1/pods?fieldSelector=status.phase%3DPending')) as { items: Pod[] };
      await Promise.all(items.filter(pod => pod.spec.nodeName).map(pod => run(api, pod)));
      await sleep(200);
    }
  })();
  return {
    stop: async () => {
      running = false;
      await loop;
    },
  };
}

async function createNode(api: Api, zone: string): Promise<void> {
  const name = `node-${zone}`;
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone } },
  };
  await must(api.request('POST', '/api/v1/nodes', node));
  const capacity = { cpu: '1000', memory: '4000Gi', pods: '10000', 'ephemeral-storage': '4000Gi' };
  const status = { capacity, allocatable: capacity, conditions: [condition('Ready')] };
  await must(patch(api, `/api/v1/nodes/${name}/status`, { status }));
  // The node lifecycle controller is off; it would take this taint away.
  await must(patch(api, `/api/v1/nodes/${name}`, { spec: { taints: null } }));
}

async function run(api: Api, { metadata, spec }: Pod): Promise<void> {
  const startedAt = new Date().toISOString().replace(/\.\d+Z/, 'Z');
  const status = {
    phase: 'Running',
    startTime: startedAt,
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(condition),
    containerStatuses: spec.containers.map(({ name, image }) => ({
      name,
      image,
      imageID: image,
      ready: true,
      restartCount: 0,
      started: true,
      state: { running: { startedAt } },
    })),
  };
  await patch(api, `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`, { status });
}

function condition(type: string) {
  return { type, status: 'True', lastTransitionTime: new Date().toISOString().replace(/\.\d+Z/, 'Z') };
}

function patch(api: Api, path: string, body: unknown) {
  return api.request('PATCH', path, body, { 'Content-Type': 'application/merge-patch+json' });
}

async function must(answer: ReturnType<Api['request']>): Promise<void> {
  const given = await answer;
  if (given.status >= 300) throw new Error(`${given.status} ${messageOf(given)}`);
}
