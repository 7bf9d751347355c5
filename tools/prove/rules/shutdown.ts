import type { Lifecycle } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { podOf } from './pods.ts';
import { LONG_RUNNING } from './workload-kinds.ts';

/** What Kubernetes gives a pod that says nothing, in seconds. */
const DEFAULT_GRACE = 30;

/** `sleep 10` as a command, alone or in a shell. */
const SLEEP = /(?:^|[\s;&])sleep (\d+)/;

export const shutdown: ObjectRule = {
  name: 'shutdown',
  demands:
    'A pod’s grace period is longer than its preStop hook sleeps: the hook spends it, and the process gets only the rest.',
  kinds: LONG_RUNNING,
  *check(manifest: Manifest): Iterable<Problem> {
    const { spec, specAt, containers } = podOf(manifest)!;
    const { terminationGracePeriodSeconds: grace = DEFAULT_GRACE } = spec;
    for (const { at, container } of containers) {
      const seconds = sleepOf(container.lifecycle);
      if (seconds >= grace && seconds > 0) {
        yield {
          given: `${at}.lifecycle.preStop sleeps ${seconds} s, ${specAt}.terminationGracePeriodSeconds is ${grace}`,
          remedy: `raise the grace period to ${seconds} s and what the process needs to finish`,
        };
      }
    }
  },
};

function sleepOf(lifecycle: Lifecycle | undefined): number {
  const { sleep, exec } = lifecycle?.preStop ?? {};
  if (sleep) return sleep.seconds;
  return Number(SLEEP.exec(exec?.command?.join(' ') ?? '')?.[1] ?? 0);
}
