import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from '../../../imports/kubernetes.ts';
import type { RunningContainer } from './container.ts';
import { type Supervision, supervise } from './kubelet.ts';
import type { PodManifest } from './manifest.ts';
import type { Network } from './network.ts';
import type { Objects } from './objects.ts';
import type { PodOptions, RunningPod } from './pod.ts';
import { send } from './processes.ts';
import { type Image, imageOf } from './programs.ts';
import { createSandbox, hostnameOf } from './sandbox.ts';
import { createSlot, type Slot } from './slot.ts';
import { prepareVolumes, type VolumeContext } from './volumes.ts';

/** What a pod needs of the node that it runs on. */
export interface PodHost {
  readonly holder: number;
  readonly network: Network;
  readonly folder: string;
  readonly objects: Objects;
  readonly images: readonly Image[];
  readonly env: Readonly<Record<string, string>>;
  readonly claim: VolumeContext['claim'];
  readonly token?: VolumeContext['token'];
  /** Called as soon as a pod has its address, before anything of it runs. */
  added(pod: HostedPod): void;
  /** Called whenever a pod's readiness or labels change. */
  changed(): void;
  /** Called once nothing of a pod is left. */
  removed(pod: HostedPod): void;
}

/** A pod and what only its node calls. */
export interface HostedPod extends RunningPod {
  /** Writes its ConfigMaps and Secrets again. */
  refresh(): Promise<void>;
  readonly ports: Readonly<Record<string, number>>;
}

/**
 * Makes the pod, and resolves once its init containers have ended well and its containers are started.
 * @throws where a reference is missing, a root cannot be made, or an init container fails
 */
export async function startPodOn(
  host: PodHost,
  manifest: PodManifest,
  { kubelet = false }: PodOptions,
): Promise<HostedPod> {
  const { network } = host;
  const name = manifest.metadata.name;
  const ip = network.takeAddress();
  const port = `pod${ip.split('.').at(-1)}`;
  const folder = join(host.folder, 'pods', `${manifest.metadata.namespace}-${name}-${port}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { objects, claim, token } = host;
  const volumes = await prepareVolumes({
    pod: manifest,
    podIp: ip,
    objects,
    claim,
    token,
    folder: join(folder, 'volumes'),
  });
  const sandbox = await createSandbox({ pod: manifest, ip, port, folder, holder: host.holder, network, volumes });

  const slots: Slot[] = [];
  const restarts = new Map<string, number>();
  const supervisions: Supervision[] = [];
  let labels: Readonly<Record<string, string>> = manifest.metadata.labels ?? {};
  let state: 'starting' | 'running' | 'ending' = 'starting';
  const restarted = (container: string) => restarts.set(container, (restarts.get(container) ?? 0) + 1);
  const slotOf = (container = manifest.spec.containers[0]?.name): Slot => {
    const found = slots.find(({ spec }) => spec.name === container);
    if (!found)
      throw new Error(`${name}: no container ${container}; it has ${slots.map(({ spec }) => spec.name).join(', ')}`);
    return found;
  };
  const slotsOf = (container: string | undefined) => (container === undefined ? slots : [slotOf(container)]);
  const addSlot = (spec: Container, policy: Slot['restartPolicy']) => {
    const image = imageOf(spec.image ?? '', host.images);
    const context = {
      pod: manifest,
      ip,
      folder,
      objects,
      volumes,
      sandbox,
      image,
      env: host.env,
      readinessChanged: host.changed,
    };
    const slot = createSlot(spec, policy, context);
    slots.push(slot);
    return slot;
  };
  const launch = async (slot: Slot): Promise<RunningContainer> => {
    const running = await slot.start();
    if (kubelet) supervisions.push(supervise(slot, running, () => restarted(slot.spec.name)));
    else slot.setReady(true);
    return running;
  };
  const signal: RunningPod['signal'] = (which, container, matching = /(?:)/) => {
    const found = slotsOf(container).flatMap(slot => slot.running?.processes() ?? []);
    const meant = found.filter(({ command }) => matching.test(command));
    for (const { pid } of meant) send(pid, which);
    return meant.length;
  };

  const stopSidecars = async (graceSeconds?: number) => {
    for (const sidecar of slots.filter(isSidecar).reverse()) await sidecar.stop(graceSeconds);
  };

  const pod: HostedPod = {
    name,
    namespace: manifest.metadata.namespace,
    ip,
    manifest,
    ports: portsOf(manifest),
    get labels() {
      return labels;
    },
    setLabels(now) {
      labels = now;
      host.changed();
    },
    get ready() {
      return state === 'running' && slots.every(slot => slot.ready || isDone(slot));
    },
    restarts: container => restarts.get(slotOf(container).spec.name) ?? 0,
    async kill(container) {
      await Promise.all(slotsOf(container).map(slot => slot.running?.kill()));
    },
    async restart(container) {
      const slot = slotOf(container);
      await slot.running?.kill();
      if (kubelet) return; // it does the rest
      await slot.start();
      slot.setReady(true);
      restarted(slot.spec.name);
    },
    pause: (container, matching) => signal('SIGSTOP', container, matching),
    resume: container => signal('SIGCONT', container),
    signal,
    processes: container => slotsOf(container).flatMap(slot => slot.running?.processes() ?? []),
    exec: (argv, { container, ...options } = {}) => slotOf(container).current().exec(argv, options),
    spawn: (argv, { container, env } = {}) => slotOf(container).current().spawn(argv, env),
    logs: container => slotOf(container).logs(),
    async probe(kind, container) {
      const slot = slotOf(container);
      const probe = slot.spec[`${kind}Probe`];
      if (!probe) throw new Error(`${name}/${slot.spec.name}: it has no ${kind} probe`);
      return slot.probe(probe);
    },
    async finished() {
      const own = slots.filter(({ spec }) => manifest.spec.containers.includes(spec));
      const codes = await Promise.all(own.map(async slot => [slot.spec.name, await slot.running?.ended] as const));
      await Promise.all(supervisions.map(supervision => supervision.end()));
      await stopSidecars();
      return Object.fromEntries(codes.map(([container, code = 0]) => [container, code]));
    },
    disconnect: () => network.setLink(port, 'down'),
    connect: () => network.setLink(port, 'up'),
    async refresh() {
      for (const volume of volumes.values()) await volume.refresh?.();
    },
    async stop(graceSeconds) {
      state = 'ending';
      host.changed();
      await Promise.all(supervisions.map(supervision => supervision.end()));
      await Promise.all(slots.filter(slot => !isSidecar(slot)).map(slot => slot.stop(graceSeconds)));
      await stopSidecars(graceSeconds);
      await sandbox.remove();
      network.freeAddress(ip);
      host.removed(pod);
    },
  };

  try {
    host.added(pod);
    for (const spec of manifest.spec.initContainers ?? []) {
      const slot = addSlot(spec, spec.restartPolicy === 'Always' ? 'Always' : 'Never');
      if (isSidecar(slot)) await launch(slot);
      else await initialise(slot, name);
    }
    const policy = manifest.spec.restartPolicy ?? 'Always';
    await Promise.all(manifest.spec.containers.map(spec => launch(addSlot(spec, policy))));
    state = 'running';
    host.changed();
    return pod;
  } catch (error) {
    await pod.stop(0);
    throw error;
  }
}

async function initialise(slot: Slot, pod: string): Promise<void> {
  const { ended } = await slot.start();
  const code = await ended;
  if (code !== 0)
    throw new Error(
      `${pod}/${slot.spec.name}: the init container ended with code ${code}; its last words:\n${slot.logs().slice(-3000)}`,
    );
}

/** An init container that stays: a sidecar. */
function isSidecar({ spec }: Slot): boolean {
  return spec.restartPolicy === 'Always';
}

/** An init container that did its work. */
function isDone({ running, restartPolicy, spec }: Slot): boolean {
  return restartPolicy === 'Never' && spec.restartPolicy === undefined && running?.exitCode === 0;
}

function portsOf({ spec }: PodManifest): Record<string, number> {
  const ports = [...(spec.initContainers ?? []), ...spec.containers].flatMap(container => container.ports ?? []);
  return Object.fromEntries(
    ports.flatMap(({ name, containerPort }) => (name === undefined ? [] : [[name, containerPort]])),
  );
}

/** Of a pod as Services see it. */
export function reachable(pod: HostedPod) {
  const { name, namespace, ip, labels, ready, ports, manifest } = pod;
  return {
    name,
    namespace,
    ip,
    labels,
    ready,
    ports,
    hostname: hostnameOf(manifest),
    subdomain: manifest.spec.subdomain,
  };
}
