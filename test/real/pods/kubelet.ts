import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, Probe } from '../../../imports/kubernetes.ts';
import type { RunningContainer } from './container.ts';
import type { Verdict } from './probes.ts';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

/** A container under the kubelet's eyes. */
export interface Supervised {
  readonly spec: Container;
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never';
  start(): Promise<RunningContainer>;
  /** As for the end of a pod: preStop, SIGTERM, the grace, SIGKILL. */
  stop(graceSeconds: number | undefined): Promise<void>;
  probe(probe: Probe): Promise<Verdict>;
  setReady(ready: boolean): void;
  /** A line for the container's log. */
  note(text: string): void;
}

export interface Supervision {
  /** Leaves the container as it is, and alone. */
  end(): Promise<void>;
}

const FIRST_BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 300_000;
/** After a run this long the next crash is the first again (pkg/kubelet/kuberuntime). */
const FORGIVEN_AFTER_MS = 600_000;

/** Probes a started container at its periods and starts it again when it ends or is not alive, as the kubelet does. */
export function supervise(container: Supervised, first: RunningContainer, restarted: () => void): Supervision {
  const ending = new AbortController();
  const loop = async () => {
    let running = first;
    let backOffMs = 0;
    while (!ending.signal.aborted) {
      const probing = watch(container, running, ending.signal);
      const code = await Promise.race([running.ended, aborted(ending.signal)]);
      probing.end();
      if (code === undefined) return;
      container.setReady(false);
      container.note(`the container ended with code ${code}`);
      if (container.restartPolicy === 'Never' || (container.restartPolicy === 'OnFailure' && code === 0)) return;
      if (Date.now() - running.startedAt > FORGIVEN_AFTER_MS) backOffMs = 0;
      if (await paused(backOffMs, ending.signal)) return;
      backOffMs = Math.min(backOffMs * 2 || FIRST_BACK_OFF_MS, LONGEST_BACK_OFF_MS);
      running = await container.start();
      restarted();
    }
  };
  const done = loop().catch((error: Error) => container.note(`it was not started again: ${error.message}`));
  return {
    async end() {
      ending.abort();
      await done;
    },
  };
}

/** The probes of one run: the startup probe first, then the other two side by side. */
function watch(container: Supervised, running: RunningContainer, outer: AbortSignal): { end(): void } {
  const ending = new AbortController();
  const signal = AbortSignal.any([outer, ending.signal]);
  const { startupProbe, livenessProbe, readinessProbe } = container.spec;
  const ask = (probe: Probe) => verdicts(container, probe, running.startedAt, signal);
  const restart = async (kind: ProbeKind, probe: Probe, { said }: Verdict) => {
    container.note(`the ${kind} probe failed: ${said}; the container is restarted`);
    await container.stop(probe.terminationGracePeriodSeconds);
  };
  const alive = async () => {
    if (!livenessProbe) return;
    const fatal = await threshold(ask(livenessProbe), false, livenessProbe.failureThreshold ?? 3);
    if (fatal) await restart('liveness', livenessProbe, fatal);
  };
  const ready = async () => {
    if (!readinessProbe) return container.setReady(true);
    const asked = ask(readinessProbe);
    while (await threshold(asked, true, readinessProbe.successThreshold ?? 1)) {
      container.setReady(true);
      const unready = await threshold(asked, false, readinessProbe.failureThreshold ?? 3);
      if (!unready) return;
      container.note(`the readiness probe failed: ${unready.said}`);
      container.setReady(false);
    }
  };
  const work = async () => {
    if (startupProbe) {
      let failures = 0;
      for await (const verdict of ask(startupProbe)) {
        if (verdict.ok) break;
        failures += 1;
        if (failures >= (startupProbe.failureThreshold ?? 3)) return restart('startup', startupProbe, verdict);
      }
    }
    if (!signal.aborted) await Promise.all([alive(), ready()]);
  };
  work().catch((error: Error) => container.note(`probing ended: ${error.message}`));
  return { end: () => ending.abort() };
}

/** The answers of a probe at its period, until the signal. */
async function* verdicts(
  container: Supervised,
  probe: Probe,
  startedAt: number,
  signal: AbortSignal,
): AsyncGenerator<Verdict, undefined> {
  if (await paused(startedAt + (probe.initialDelaySeconds ?? 0) * 1000 - Date.now(), signal)) return;
  for (;;) {
    const next = Date.now() + (probe.periodSeconds ?? 10) * 1000;
    const verdict = await container.probe(probe);
    if (signal.aborted) return;
    yield verdict;
    if (await paused(next - Date.now(), signal)) return;
  }
}

/** The verdict with which so many in a row were such; undefined where the asking ended before. */
async function threshold(
  asked: AsyncGenerator<Verdict, undefined>,
  ok: boolean,
  count: number,
): Promise<Verdict | undefined> {
  for (let inARow = 0; ; ) {
    const { value } = await asked.next(); // not `for await`, which would close what is asked on
    if (!value) return undefined;
    inARow = value.ok === ok ? inARow + 1 : 0;
    if (inARow >= count) return value;
  }
}

/** @returns whether the signal came first */
async function paused(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(Math.max(ms, 0), undefined, { signal }).catch(() => {});
  return signal.aborted;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise(done => signal.addEventListener('abort', () => done(undefined), { once: true }));
}
