import { appendFileSync, existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, Probe, VolumeMount } from '../../../imports/kubernetes.ts';
import { type RunningContainer, startContainer, type User } from './container.ts';
import { environmentOf, expand } from './environment.ts';
import type { Supervised } from './kubelet.ts';
import type { PodManifest } from './manifest.ts';
import type { Objects } from './objects.ts';
import { probeOnce, type Verdict } from './probes.ts';
import { defaultPath, type Image } from './programs.ts';
import type { Mount } from './root.ts';
import type { Sandbox } from './sandbox.ts';
import type { PreparedVolume } from './volumes.ts';

export interface SlotContext {
  readonly pod: PodManifest;
  readonly ip: string;
  readonly folder: string;
  readonly objects: Objects;
  readonly volumes: ReadonlyMap<string, PreparedVolume>;
  readonly sandbox: Sandbox;
  readonly image: Image;
  /** KUBERNETES_SERVICE_HOST and the like. */
  readonly env: Readonly<Record<string, string>>;
  readonly readinessChanged: () => void;
}

/** A container's place in its pod, over all its runs. */
export interface Slot extends Supervised {
  readonly running: RunningContainer | undefined;
  readonly ready: boolean;
  /** What it wrote in all its runs. */
  logs(): string;
  /** @throws where it does not run */
  current(): RunningContainer;
}

const GRACE_SECONDS = 30;

export function createSlot(spec: Container, restartPolicy: Slot['restartPolicy'], context: SlotContext): Slot {
  const { pod, ip, folder, sandbox, image } = context;
  const log = join(folder, `${spec.name}.log`);
  let running: RunningContainer | undefined;
  let ready = false;
  const setReady = (now: boolean) => {
    const changed = ready !== now;
    ready = now;
    if (changed) context.readinessChanged();
  };
  return {
    spec,
    restartPolicy,
    get running() {
      return running;
    },
    get ready() {
      return ready && running?.exitCode === undefined;
    },
    setReady,
    note: text => appendFileSync(log, `[kubelet] ${text}\n`),
    logs: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    current() {
      if (running && running.exitCode === undefined) return running;
      throw new Error(`${pod.metadata.name}/${spec.name}: the container does not run; see its logs`);
    },
    probe: (probe: Probe): Promise<Verdict> => probeOnce(probe, { spec, ip, running }),
    async start() {
      const env = environmentOf(spec, { pod, podIp: ip, objects: context.objects, base: baseEnv(context, spec) });
      const started = await startContainer({
        sandbox: sandbox.pid,
        sharesProcesses: pod.spec.shareProcessNamespace ?? false,
        folder: join(folder, `container-${spec.name}`),
        log,
        image,
        argv: argvOf(spec, image).map(each => expand(each, env)),
        env,
        workingDir: spec.workingDir ?? '/',
        user: userOf(spec, pod),
        mounts: mountsOf(spec, context, env),
        readOnlyRoot: spec.securityContext?.readOnlyRootFilesystem ?? false,
      });
      running = started;
      void started.ended.then(() => running === started && setReady(false));
      return started;
    },
    async stop(graceSeconds = pod.spec.terminationGracePeriodSeconds ?? GRACE_SECONDS) {
      const stopping = running;
      if (!stopping || stopping.exitCode !== undefined) return;
      const deadline = Date.now() + graceSeconds * 1000;
      if (graceSeconds > 0) {
        await beforeStop(spec, ip, stopping, graceSeconds);
        stopping.signal((spec.lifecycle?.stopSignal ?? 'SIGTERM') as NodeJS.Signals);
        await Promise.race([stopping.ended, sleep(Math.max(deadline - Date.now(), 0), undefined, { ref: false })]);
      }
      if (stopping.exitCode === undefined) await stopping.kill();
    },
  };
}

async function beforeStop(spec: Container, ip: string, running: RunningContainer, graceSeconds: number): Promise<void> {
  const hook = spec.lifecycle?.preStop;
  if (!hook) return;
  const timeoutSeconds = hook.sleep ? Math.min(hook.sleep.seconds, graceSeconds) : graceSeconds;
  if (hook.sleep) await Promise.race([running.ended, sleep(timeoutSeconds * 1000)]);
  else await probeOnce({ ...hook, timeoutSeconds }, { spec, ip, running });
}

/** @throws where neither manifest nor image says a command */
function argvOf({ command, args, name }: Container, { entrypoint = [], cmd = [], stand }: Image): string[] {
  const argv = command ? [...command, ...(args ?? [])] : [...entrypoint, ...(args ?? cmd)];
  if (argv.length === 0)
    throw new Error(`${name}: no command, and what stands for its image (${stand}) has none; say one`);
  return argv;
}

function userOf({ securityContext: own = {}, name }: Container, { spec }: PodManifest): User {
  const of = spec.securityContext ?? {};
  const id = own.runAsUser ?? of.runAsUser ?? 0;
  if (id === 0 && (own.runAsNonRoot ?? of.runAsNonRoot))
    throw new Error(`${name}: runAsNonRoot, but it would run as root; set runAsUser`);
  return {
    id,
    group: own.runAsGroup ?? of.runAsGroup ?? 0,
    groups: [...(of.fsGroup === undefined ? [] : [of.fsGroup]), ...(of.supplementalGroups ?? [])],
    noNewPrivileges: own.allowPrivilegeEscalation === false,
  };
}

function baseEnv({ image, env, pod }: SlotContext, spec: Container): Record<string, string> {
  const { id } = userOf(spec, pod);
  const home = id === 0 ? '/root' : (image.users?.find(user => user.id === id)?.home ?? '/');
  return {
    PATH: defaultPath(),
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name,
    HOME: home,
    ...image.env,
    ...env,
  };
}

/** Outer paths first: `/data` must stand before `/data/tmp` is put into it. */
function mountsOf(spec: Container, { sandbox, volumes, pod }: SlotContext, env: Record<string, string>): Mount[] {
  const own = (spec.volumeMounts ?? []).map(mount => {
    const volume = volumes.get(mount.name);
    if (!volume)
      throw new Error(`${pod.metadata.name}/${spec.name}: there is no volume ${mount.name}; declare it in the pod`);
    return {
      source: sourceOf(mount, volume, env),
      target: mount.mountPath.replace(/(.)\/$/, '$1'),
      readOnly: volume.readOnly || (mount.readOnly ?? false),
    };
  });
  const files = sandbox.files.filter(({ target }) => !own.some(mount => mount.target === target));
  return [...files, ...own].sort((a, b) => a.target.split('/').length - b.target.split('/').length);
}

/** A path in a volume is what it is now: it does not follow when the volume is written again. */
function sourceOf({ subPath, subPathExpr }: VolumeMount, volume: PreparedVolume, env: Record<string, string>): string {
  const path = subPathExpr === undefined ? (subPath ?? '') : expand(subPathExpr, env);
  const source = join(volume.folder, path);
  if (path === '') return volume.folder;
  if (!volume.readOnly) mkdirSync(source, { recursive: true });
  return realpathSync(source);
}
