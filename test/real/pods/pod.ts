import type { ChildProcess } from 'node:child_process';
import type { ExecOptions, Execution } from './container.ts';
import type { ProbeKind } from './kubelet.ts';
import type { PodManifest } from './manifest.ts';
import type { Verdict } from './probes.ts';
import type { Process } from './processes.ts';

/**
 * A pod as real processes of this machine. How tests use it:
 *
 *     const why = unavailable();                                  // requirements.ts: skip loudly where namespaces are refused
 *     const node = await startNode();                             // node.ts: bridge, name server, claims; afterAll(() => node.stop())
 *     node.apply(configMap, secret, service);                     // again for a live update
 *     const pod = await node.startPod(podOf(statefulSet, 0), { kubelet: true });   // dist.ts makes Pods of StatefulSets, Jobs, …
 *
 *     await until('it is ready', () => pod.ready);
 *     const { code, stdout } = await pod.exec(['redis-cli', 'ping'], { container: 'redis' });
 *     await pod.kill('redis');                                    // SIGKILL to all its processes; the kubelet starts it again
 *     pod.pause('patroni', /^postgres/); pod.resume('patroni');   // SIGSTOP, SIGCONT
 *     await pod.stop();                                           // as `kubectl delete pod`; its claims stay
 *     node.wipeClaim('shop', 'data-db-0');
 *
 * Inside, everything is as the manifest says: paths, user, groups, read-only root, host name, names of Services and pods. What stands for
 * an image is in programs.ts and printed at the end. Not enforced: CPU and memory limits, seccomp, NetworkPolicies.
 */
export interface RunningPod {
  readonly name: string;
  readonly namespace: string;
  readonly ip: string;
  readonly manifest: PodManifest;
  /** What Services select by; at first the manifest's. */
  readonly labels: Readonly<Record<string, string>>;
  setLabels(labels: Readonly<Record<string, string>>): void;
  /** All containers run and, with a kubelet, their readiness probes agree. */
  readonly ready: boolean;
  /** How often the kubelet or `restart` started a container again. */
  restarts(container?: string): number;
  /** SIGKILL to every process of a container, or of all. Without a kubelet it stays ended until `restart`. */
  kill(container?: string): Promise<void>;
  /** Starts a container again, killing what runs of it. */
  restart(container?: string): Promise<void>;
  /** SIGSTOP to a container's processes, or those whose command matches. @returns how many */
  pause(container?: string, matching?: RegExp): number;
  /** SIGCONT to all of a container. */
  resume(container?: string): number;
  signal(signal: NodeJS.Signals, container?: string, matching?: RegExp): number;
  processes(container?: string): Process[];
  /** As `kubectl exec`. A failure is an answer, not an error. @param options.container @default the first */
  exec(argv: readonly string[], options?: ExecOptions & { readonly container?: string }): Promise<Execution>;
  /** A command that goes on beside the pod: the caller reads its streams and ends it. */
  spawn(
    argv: readonly string[],
    options?: { readonly container?: string; readonly env?: Readonly<Record<string, string>> },
  ): ChildProcess;
  /** Of all its runs, with the kubelet's notes. */
  logs(container?: string): string;
  probe(kind: ProbeKind, container?: string): Promise<Verdict>;
  /** Waits until the containers of a pod that ends by itself have ended, and ends its sidecars then. @returns exit codes by container */
  finished(): Promise<Readonly<Record<string, number>>>;
  /** Pulls the pod's network cable; `connect` plugs it in. */
  disconnect(): void;
  connect(): void;
  /** Deletes the pod: out of Services at once, preStop, SIGTERM, grace, SIGKILL. @param graceSeconds @default the manifest's; 0 kills at once */
  stop(graceSeconds?: number): Promise<void>;
}

export interface PodOptions {
  /** Probes at their periods, sets readiness by them, starts again what ends, as its restartPolicy says. @default false: what runs is ready */
  readonly kubelet?: boolean;
}
