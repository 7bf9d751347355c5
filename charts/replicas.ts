import { Duration } from 'cdk8s';
import { closed } from './closed.ts';
import type { Metrics } from './metrics.ts';

/** How many pods: a fixed number, or a range and what moves within it. */
export type Replicas = number | Range;

/** Pods between two numbers. Of several targets the one that asks for the most pods decides; one is needed. */
export interface Range {
  readonly min: number;
  readonly max: number;
  /** Percent of the requested CPU, on average over the pods, above which pods are added. */
  readonly targetCpuPercent?: number;
  /** Percent of the requested memory. */
  readonly targetMemoryPercent?: number;
  /** Requests a minute that one pod answers, counted by `metrics.source`. */
  readonly targetRequestsPerMinute?: number;
  /** What may wait for one pod, counted by `metrics.queueGauge`. */
  readonly targetQueueLength?: number;
  /** The most requests a minute that are expected; the render stops where `max` pods could not answer them. */
  readonly peakRequestsPerMinute?: number;
  /** How quickly it follows. @default Kubernetes' own: doubles every 15 seconds, goes down after 5 minutes of less */
  readonly cooldown?: Cooldown;
}

/**
 * How far the number of pods may move within a time: up to twice as many within `up`, down to half as many within `down`, and
 * down only when nothing within `down` asked for more. The first step comes at once.
 */
export interface Cooldown {
  /** 15 seconds to 30 minutes. */
  readonly up: Duration;
  /** 15 seconds to 30 minutes. */
  readonly down: Duration;
}

const HOW = 'give a whole number from 1, or { min, max, targetCpuPercent }';

export function isScaled(replicas: Replicas): replicas is Range {
  return typeof replicas === 'object';
}

/** The least and the most pods that it asks for. */
export function boundsOf(replicas: Replicas): { readonly min: number; readonly max: number } {
  return isScaled(replicas) ? replicas : { min: replicas, max: replicas };
}

/**
 * @param path of the construct, for errors
 * @throws where the number or range is none, a target is missing or impossible, or the peak is more than `max` pods answer
 */
export function checkReplicas(path: string, replicas: Replicas, metrics: Metrics | undefined): void {
  const fail = (given: string, remedy: string) => {
    throw new Error(`${path}: ${given}; ${remedy}`);
  };
  const whole = (field: string, value: number | undefined) => {
    if (value !== undefined && (!Number.isInteger(value) || value < 1))
      fail(`${field} is ${JSON.stringify(value)}`, 'give a whole number from 1');
  };
  if (!isScaled(replicas)) {
    if (!Number.isInteger(replicas) || replicas < 1) fail(`replicas is ${JSON.stringify(replicas)}`, HOW);
    return;
  }
  if (replicas === null) fail('replicas is null', HOW);
  closed(path, replicas, OPTIONS, 'replicas.');
  const { min, max, cooldown, targetCpuPercent, targetMemoryPercent, ...rates } = replicas;
  if (min === undefined || max === undefined) fail('replicas lacks min or max', HOW);
  whole('replicas.min', min);
  whole('replicas.max', max);
  if (min > max) fail(`replicas.min is ${min} but replicas.max is ${max}`, `raise max to at least ${min}`);
  for (const [field, value] of Object.entries({ targetCpuPercent, targetMemoryPercent })) {
    if (value !== undefined && (!Number.isInteger(value) || value < 1 || value > 100))
      fail(`replicas.${field} is ${value}`, 'give a percentage from 1 to 100');
  }
  for (const [field, value] of Object.entries(rates)) whole(`replicas.${field}`, value);
  const { targetRequestsPerMinute: rate, targetQueueLength: queue, peakRequestsPerMinute: peak } = rates;
  if ([targetCpuPercent, targetMemoryPercent, rate, queue].every(target => target === undefined))
    fail('replicas has no target', 'say what it scales on, as in targetCpuPercent: 70');
  if (rate !== undefined && metrics?.source === undefined)
    fail('replicas.targetRequestsPerMinute has nothing that counts', 'give metrics: { port: …, source: fastApi() }');
  if (queue !== undefined && metrics?.queueGauge === undefined)
    fail('replicas.targetQueueLength has nothing that counts', "give metrics: { port: …, queueGauge: '…' }");
  if (peak !== undefined && rate === undefined)
    fail('replicas.peakRequestsPerMinute has nothing to be held against', 'give targetRequestsPerMinute');
  const needed = Math.ceil((peak ?? 0) / (rate ?? 1));
  if (needed > max)
    fail(
      `the peak of ${peak} requests a minute needs ${needed} pods of ${rate} each, and replicas.max is ${max}`,
      `raise max to at least ${needed}, or find out how much more one pod can answer`,
    );
  if (cooldown !== undefined) checkCooldown(path, cooldown);
}

function checkCooldown(path: string, cooldown: Cooldown): void {
  closed(path, cooldown, { up: true, down: true }, 'replicas.cooldown.');
  for (const field of ['up', 'down'] as const) {
    const value: unknown = cooldown[field];
    const seconds = value instanceof Duration ? value.toSeconds() : Number.NaN;
    // The controller's own bounds of a policy's period (kubernetes.io, reference of HorizontalPodAutoscaler).
    if (!(seconds >= 15 && seconds <= 1800))
      throw new Error(
        `${path}: replicas.cooldown.${field} is ${value instanceof Duration ? `${seconds} s` : JSON.stringify(value)}; give 15 seconds to 30 minutes, as in Duration.seconds(300)`,
      );
  }
}

const OPTIONS: Readonly<Record<keyof Range, true>> = {
  min: true,
  max: true,
  targetCpuPercent: true,
  targetMemoryPercent: true,
  targetRequestsPerMinute: true,
  targetQueueLength: true,
  peakRequestsPerMinute: true,
  cooldown: true,
};
