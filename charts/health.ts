import { Duration } from 'cdk8s';
import type { Container, Probe } from '../imports/kubernetes.ts';
import { closed } from './closed.ts';
import { HTTP } from './conventions.ts';
import { checkDuration } from './durations.ts';

/** Where a workload says how it is, over HTTP. */
export interface Health {
  /** Answers 200 when it can take requests. @default /readyz */
  readonly ready?: string;
  /** Answers 200 when it need not be restarted. Another path than `ready`: a busy dependency is no reason to restart. @default /livez */
  readonly live?: string;
  /** @default 10 seconds */
  readonly every?: Duration;
  /** @default 2 seconds */
  readonly timeout?: Duration;
  /** How long it may take to start, until when nobody calls it dead. @default 2 minutes */
  readonly start?: Duration;
}

export function complete({
  ready = '/readyz',
  live = '/livez',
  every = Duration.seconds(10),
  timeout = Duration.seconds(2),
  start = Duration.minutes(2),
}: Health = {}): Required<Health> {
  return { ready, live, every, timeout, start };
}

/**
 * The probes of a container. Three misses count; while it starts, it is asked every two seconds.
 */
export function probes(
  health: Health | undefined,
): Pick<Container, 'livenessProbe' | 'readinessProbe' | 'startupProbe'> {
  const { ready, live, every, timeout, start } = complete(health);
  const ask = (path: string, rest: Partial<Probe> = {}): Probe => ({
    failureThreshold: 3,
    httpGet: { path, port: HTTP, scheme: 'HTTP' },
    periodSeconds: every.toSeconds(),
    successThreshold: 1,
    timeoutSeconds: timeout.toSeconds(),
    ...rest,
  });
  return {
    livenessProbe: ask(live),
    readinessProbe: ask(ready),
    startupProbe: ask(live, { failureThreshold: Math.ceil(start.toSeconds() / 2), periodSeconds: 2 }),
  };
}

/**
 * @param durations the workload's other times, by option
 * @throws where both paths are one, or a time is none
 */
export function checkHealth(
  path: string,
  health: Health | undefined,
  durations: Readonly<Record<string, Duration | undefined>>,
): void {
  if (health) closed(path, health, { ready: true, live: true, every: true, timeout: true, start: true }, 'health.');
  const times = {
    ...durations,
    'health.every': health?.every,
    'health.timeout': health?.timeout,
    'health.start': health?.start,
  };
  for (const [name, value] of Object.entries(times)) if (value !== undefined) checkDuration(path, name, value);
  const { ready, live, every, timeout } = complete(health);
  if (timeout.toSeconds() > every.toSeconds())
    throw new Error(
      `${path}: health.timeout is ${timeout.toSeconds()} s and health.every ${every.toSeconds()} s; wait no longer than until the next question`,
    );
  if (ready === live) throw new Error(`${path}: health.ready and health.live are both "${ready}"; give two paths`);
}
