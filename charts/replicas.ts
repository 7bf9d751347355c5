import type { HorizontalPodAutoscalerSpec } from '../imports/kubernetes.ts';
import { closed } from './closed.ts';

/** How many pods: a fixed number, or a range and what moves within it. */
export type Replicas = number | Range;

export interface Range {
  readonly min: number;
  readonly max: number;
  /** Percent of the requested CPU, on average over the pods, above which pods are added. */
  readonly targetCpuPercent: number;
  /** Percent of the requested memory. @default memory adds no pods */
  readonly targetMemoryPercent?: number;
}

const HOW = 'give a whole number from 1, or { min, max, targetCpuPercent }';

export function isScaled(replicas: Replicas): replicas is Range {
  return typeof replicas === 'object';
}

/** The most pods that it asks for. */
export function highest(replicas: Replicas): number {
  return isScaled(replicas) ? replicas.max : replicas;
}

/**
 * The autoscaler of a Deployment; none for a fixed number.
 *
 * @param path of the construct, for errors
 * @throws where the range is empty or a target is no percentage
 */
export function autoscaler(path: string, name: string, replicas: Replicas): HorizontalPodAutoscalerSpec | undefined {
  const fail = (given: string, remedy: string) => {
    throw new Error(`${path}: ${given}; ${remedy}`);
  };
  if (!isScaled(replicas)) {
    if (!Number.isInteger(replicas) || replicas < 1) fail(`replicas is ${replicas}`, HOW);
    return undefined;
  }
  if (replicas === null) fail('replicas is null', HOW);
  closed(path, replicas, { min: true, max: true, targetCpuPercent: true, targetMemoryPercent: true }, 'replicas.');
  const { min, max, targetCpuPercent: cpu, targetMemoryPercent: memory } = replicas;
  for (const [field, value] of Object.entries({ min, max })) {
    if (!Number.isInteger(value) || value < 1) fail(`replicas.${field} is ${value}`, 'give a whole number from 1');
  }
  if (min > max) fail(`replicas.min is ${min} but replicas.max is ${max}`, `raise max to at least ${min}`);
  for (const [field, value] of Object.entries({ targetCpuPercent: cpu, targetMemoryPercent: memory ?? 1 })) {
    if (!Number.isInteger(value) || value < 1 || value > 100)
      fail(`replicas.${field} is ${value}`, 'give a percentage from 1 to 100');
  }
  return {
    maxReplicas: max,
    metrics: [usage('cpu', cpu), ...(memory === undefined ? [] : [usage('memory', memory)])],
    minReplicas: min,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
  };
}

function usage(name: 'cpu' | 'memory', percent: number) {
  return {
    type: 'Resource' as const,
    resource: { name, target: { type: 'Utilization' as const, averageUtilization: percent } },
  };
}
