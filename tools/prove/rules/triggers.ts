import type { Problem } from '../rule.ts';
import { scheduleFaults, timeZoneFaults } from './cron.ts';
import type { Trigger } from './scalers.ts';

/** Whether a trigger measures the pods themselves, and so says nothing where there are none. */
export function isUsage({ type }: Trigger): boolean {
  return type === 'cpu' || type === 'memory';
}

/** What is wrong with one trigger of a ScaledObject; `max` is the most pods that it may ask for. */
export function* triggerFaults(trigger: Trigger, at: string, max: number): Iterable<Problem> {
  const { type, metricType, metadata = {} } = trigger;
  if (isUsage(trigger) && metricType !== 'Utilization') {
    yield {
      given: `${at}.metricType is ${metricType ?? 'not given'}`,
      remedy: 'write Utilization: a share of what is requested',
    };
  }
  if (type === 'prometheus') yield* prometheus(metadata, `${at}.metadata`);
  if (type === 'cron') yield* cron(metadata, `${at}.metadata`, max);
}

type Metadata = NonNullable<Trigger['metadata']>;

function* prometheus(metadata: Metadata, at: string): Iterable<Problem> {
  yield* given(metadata, at, ['serverAddress', 'query', 'threshold']);
  const { ignoreNullValues: ignored } = metadata;
  // kedacore/keda#3065: Prometheus lost its target at the peak, and the workload went to its minimum.
  if (ignored !== 'false')
    yield {
      given: `${at}.ignoreNullValues is ${ignored === undefined ? 'not given' : `"${ignored}"`}`,
      remedy: `write 'false': an empty answer would count as 0, and take the pods away`,
    };
}

function* cron(metadata: Metadata, at: string, max: number): Iterable<Problem> {
  yield* given(metadata, at, ['timezone', 'start', 'end', 'desiredReplicas']);
  const { timezone, start, end, desiredReplicas: wanted } = metadata;
  if (timezone) yield* timeZoneFaults(`${at}.timezone`, timezone);
  if (start) yield* scheduleFaults(`${at}.start`, start);
  if (end) yield* scheduleFaults(`${at}.end`, end);
  if (start && start === end)
    yield {
      given: `${at}.start and end are both "${start}"`,
      remedy: 'give two: it adds pods in the time between them',
    };
  if (!wanted) return;
  if (!/^[1-9]\d*$/.test(wanted))
    yield {
      given: `${at}.desiredReplicas is "${wanted}"`,
      remedy: 'write a whole number from 1: a trigger adds pods and takes none away, minReplicaCount does',
    };
  else if (Number(wanted) > max)
    yield {
      given: `${at}.desiredReplicas is "${wanted}", the maximum ${max}`,
      remedy: `raise the maximum to at least ${wanted}`,
    };
}

function* given(metadata: Metadata, at: string, names: readonly string[]): Iterable<Problem> {
  for (const name of names) {
    if (!metadata[name]) yield { given: `${at}.${name} is not given`, remedy: 'give it, as text' };
  }
}
