import { Duration } from 'cdk8s';

import type { JobSpec, PodTemplateSpec } from '../imports/kubernetes.ts';
import { checkDuration } from './durations.ts';

/** What a Job and a run of a CronJob have in common. */
export interface RunProps {
  /** When a run that is not done is given up. */
  readonly deadline: Duration;
  /** How often it may start before it counts as failed; pods that a drained node takes along do not count. @default 3 */
  readonly attempts?: number;
}

/** How long a process that is told to stop has to end. */
export const RUN_GRACE = Duration.seconds(30);

/** Pods that run to their end. */
export function runOf({ deadline, attempts = 3 }: RunProps, template: PodTemplateSpec): JobSpec {
  return {
    activeDeadlineSeconds: deadline.toSeconds(),
    backoffLimit: attempts - 1,
    // Evicted is not failed.
    podFailurePolicy: {
      rules: [{ action: 'Ignore', onPodConditions: [{ status: 'True', type: 'DisruptionTarget' }] }],
    },
    template: { ...template, spec: { ...template.spec!, restartPolicy: 'Never' } },
  };
}

/** @throws where a time has no unit, or there is no attempt */
export function checkRun(path: string, { deadline, attempts = 3 }: RunProps): void {
  checkDuration(path, 'deadline', deadline);
  if (!Number.isInteger(attempts) || attempts < 1)
    throw new Error(`${path}: attempts is ${attempts}; give a whole number from 1`);
}
