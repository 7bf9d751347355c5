import { CONFIRM_DELETION, KubeObject, PRIORITIES, type Priority, type System } from '../../charts/index.ts';
import type { PriorityClass } from '../../imports/kubernetes.ts';

const DESCRIPTIONS: Record<Priority, string> = {
  critical: 'What holds data or what all others stand on; may displace the rest.',
  standard: 'What answers people; the default.',
  batch: 'What can wait; displaces nobody.',
};

/** Who is scheduled first and evicted last. A class's value can never change: a new number is a new class. */
export function priorities(platform: System): void {
  for (const [name, value] of Object.entries(PRIORITIES) as [Priority, number][]) {
    new KubeObject<PriorityClass>(
      platform,
      `priority-${name}`,
      {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        // Without its class a pod is refused, so nobody deletes one in passing.
        metadata: { name, annotations: CONFIRM_DELETION },
      },
      {
        value,
        description: DESCRIPTIONS[name],
        // Left out where it is false: the server would leave it out too.
        ...(name === 'standard' && { globalDefault: true }),
        preemptionPolicy: name === 'batch' ? 'Never' : 'PreemptLowerPriority',
      },
    );
  }
}
