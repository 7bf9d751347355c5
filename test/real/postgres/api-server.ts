import { messageOf } from '../../../tools/control-plane/api.ts';
import { type ControlPlane, startControlPlane } from '../../../tools/control-plane/start.ts';
import type { Manifest } from '../../../tools/render/manifest.ts';
import type { Layer } from '../pods/dist.ts';
import type { PodManifest } from '../pods/manifest.ts';
import type { PodNode } from '../pods/node.ts';

/** A real API server beside a node: it holds the accounts, rights and pods of a layer, and gives the node's pods their tokens. */
export interface ApiServer {
  readonly control: ControlPlane;
  /** As the StatefulSet's controller makes it anew: without what was written on the pod before it. */
  createPod(pod: PodManifest): Promise<void>;
  deletePod(pod: PodManifest): Promise<void>;
  labelsOf(pod: PodManifest): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

export async function startApiServer(node: PodNode, layer: Layer, version: string): Promise<ApiServer> {
  const control = await startControlPlane({ version, address: node.address, audit: true });
  const { api } = control;
  const apply = async (object: Manifest) => {
    const answer = await api.applyServerSide(object as never, { fieldManager: 'test', force: true });
    if (answer.status >= 400) throw new Error(`${object.kind} ${object.metadata.name}: ${messageOf(answer)}`);
  };
  const path = ({ metadata: { namespace, name } }: PodManifest) => `/api/v1/namespaces/${namespace}/pods/${name}`;
  for (const name of ['critical', 'batch', 'standard'])
    await apply({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value: 1 } as never);
  for (const kind of ['Namespace', 'ServiceAccount', 'Role', 'RoleBinding'])
    for (const object of layer.all(kind)) await apply(object);
  const { hostname, port } = new URL(control.url);
  node.setApiServer({
    host: hostname,
    port: Number(port),
    ca: control.ca,
    token: async (namespace, account) => {
      const asked = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
      const answer = await api.request('POST', asked, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 3607 },
      });
      if (answer.status >= 400) throw new Error(`POST ${asked}: ${messageOf(answer)}`);
      return (answer.body as { status: { token: string } }).status.token;
    },
  });
  return {
    control,
    async createPod(pod) {
      const answer = await api.request('POST', path(pod).replace(/\/[^/]*$/, ''), pod);
      if (answer.status >= 400) throw new Error(`Pod ${pod.metadata.name}: ${messageOf(answer)}`);
    },
    async deletePod(pod) {
      await api.request('DELETE', `${path(pod)}?gracePeriodSeconds=0`);
    },
    async labelsOf(pod) {
      const { metadata } = (await api.get(path(pod))) as PodManifest;
      return metadata.labels ?? {};
    },
    stop: () => control.stop(),
  };
}
