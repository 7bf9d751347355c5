import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Service } from '../../../imports/kubernetes.ts';
import { nest } from '../../../tools/control-plane/processes.ts';
import type { PodManifest } from './manifest.ts';
import { createNetwork } from './network.ts';
import { createObjects, type Stored } from './objects.ts';
import type { PodOptions, RunningPod } from './pod.ts';
import { type Image, substitutions } from './programs.ts';
import { createServices } from './services.ts';
import { type HostedPod, type PodHost, reachable, startPodOn } from './start.ts';
import { until } from './until.ts';
import { claimFolder } from './volumes.ts';

export interface NodeOptions {
  /** What stands for images beside what programs.ts knows; asked first. */
  readonly images?: readonly Image[];
}

/** What a pod asks of an API server. */
export interface ApiServerAccess {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  readonly token: (namespace: string, serviceAccount: string, audience: string | undefined) => Promise<string>;
}

/** A Kubernetes node, control plane's work included: what it is told with `apply` it gives to its pods. */
export interface PodNode {
  /** This machine as pods reach it; programs of a test that pods talk to listen here. */
  readonly address: string;
  readonly pods: readonly RunningPod[];
  /** ConfigMaps, Secrets and Services, new or changed. Volumes of running pods follow at once, variables and sub-paths never. */
  apply(...objects: readonly Stored[]): Promise<void>;
  remove(...objects: readonly Stored[]): Promise<void>;
  startPod(manifest: PodManifest, options?: PodOptions): Promise<RunningPod>;
  /** Where a claim lies on this machine. */
  claim(namespace: string, name: string): string;
  /** As if the claim were deleted: the next pod finds a fresh disk. */
  wipeClaim(namespace: string, name: string): void;
  /** The address of a Service; from this machine, too. */
  serviceAddress(service: Service): string;
  /** What pods get for a full name, e.g. of a host outside the cluster. @param addresses none: the name is unknown */
  setName(name: string, ...addresses: readonly string[]): void;
  resetName(name: string): void;
  /** From now on, pods get its address, its CA and tokens. */
  setApiServer(access: ApiServerAccess): void;
  /** Ends every process and prints what stood for what. */
  stop(): Promise<void>;
}

/** A shell to the end: as PID 1 of the node it has to bury orphans. */
const HOLDER = 'read -r pid rest < /proc/self/stat; echo $pid > node.pid; while :; do sleep 3600 & wait $!; done';

/**
 * All of it lives in namespaces below one process, which dies with this one, however that ends; with it die all pods, mounts and devices.
 * Two runs on one machine do not see each other.
 */
export async function startNode({ images = [] }: NodeOptions = {}): Promise<PodNode> {
  const home = nest();
  const { folder } = home;
  const file = (name: string) => join(folder, name);
  home.start('node', 'unshare', ['--mount', '--net', '--pid', '--fork', '--kill-child', 'sh', '-c', HOLDER]);
  const holder = await until('the node has its namespaces', () => Number(read(file('node.pid'))) || undefined, 10);
  const network = createNetwork(holder);

  const table = file('names.json');
  const services = createServices(network, table);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const server = fileURLToPath(new URL('dns.ts', import.meta.url));
  const inSwitch = ['--target', String(holder), '--net', process.execPath];
  home.start('dns', 'nsenter', [...inSwitch, '--import', tsx, server, network.gateway, table]);
  await until('the name server is ready', () => read(file('dns.log')).includes('ready'), 20);

  const pods: HostedPod[] = [];
  let apiServer: ApiServerAccess | undefined;
  const changed = () => services.update(objects.services(), pods.map(reachable));
  const objects = createObjects(({ kind }) => kind === 'Service' && changed());
  const refreshed = async () => {
    for (const pod of pods) await pod.refresh();
  };
  const claim = (namespace: string, name: string) => claimFolder(file(join('claims', namespace, name)));
  const hostFor = ({ metadata: { namespace } }: PodManifest): PodHost => ({
    holder,
    network,
    folder,
    objects,
    images,
    added: pod => void pods.push(pod),
    changed,
    removed(pod) {
      pods.splice(pods.indexOf(pod), 1);
      changed();
    },
    claim: name => claim(namespace, name),
    env: apiServer ? kubernetesEnv(apiServer) : {},
    token: apiServer && ((account, audience) => (apiServer as ApiServerAccess).token(namespace, account, audience)),
  });
  return {
    address: network.address,
    pods,
    async apply(...given) {
      for (const object of given) objects.apply(object);
      await refreshed();
    },
    async remove(...given) {
      for (const object of given) objects.remove(object);
    },
    async startPod(manifest, options = {}) {
      const { namespace } = manifest.metadata;
      if (apiServer) objects.apply(rootCa(namespace, apiServer));
      return startPodOn(hostFor(manifest), manifest, options);
    },
    claim,
    wipeClaim: (namespace, name) => rmSync(file(join('claims', namespace, name)), { recursive: true, force: true }),
    serviceAddress: services.addressOf,
    setName: (name, ...addresses) => services.setName(name, addresses),
    resetName: services.resetName,
    setApiServer(access) {
      apiServer = access;
    },
    async stop() {
      await Promise.all([...pods].map(pod => pod.stop(0)));
      for (const line of substitutions()) process.stderr.write(`stand-in: ${line}\n`);
      await home.stop();
    },
  };
}

function kubernetesEnv({ host, port }: ApiServerAccess): Record<string, string> {
  return {
    KUBERNETES_SERVICE_HOST: host,
    KUBERNETES_SERVICE_PORT: String(port),
    KUBERNETES_SERVICE_PORT_HTTPS: String(port),
  };
}

/** What a controller puts into every namespace. */
function rootCa(namespace: string, { ca }: ApiServerAccess): Stored {
  const metadata = { namespace, name: 'kube-root-ca.crt' };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'ca.crt': ca } };
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
