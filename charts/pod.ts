import type { PodSpec, SecurityContext } from '../imports/kubernetes.ts';
import { NOBODY, type Priority, SPOT } from './conventions.ts';

/**
 * What makes a pod pass Pod Security `restricted` and spread: the profile of
 * kubernetes.io/docs/concepts/security/pod-security-standards, and no token that nobody uses.
 */
export function hardenedPod(pod: {
  serviceAccount: string;
  priority: Priority;
  selector: Record<string, string>;
  /** Whether its nodes may go at two minutes' notice. */
  spot: boolean;
}): Omit<PodSpec, 'containers'> {
  const labelSelector = { matchLabels: pod.selector };
  return {
    affinity: {
      // A wish: when the market has no spot nodes, the work goes on elsewhere.
      ...(pod.spot && { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [ON_SPOT] } }),
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { labelSelector, topologyKey: 'kubernetes.io/hostname' } },
        ],
      },
    },
    automountServiceAccountToken: false,
    // Service links put one variable per Service of the namespace into every pod: noise, and a start-up failure in the hundreds.
    enableServiceLinks: false,
    priorityClassName: pod.priority,
    securityContext: {
      appArmorProfile: { type: 'RuntimeDefault' },
      fsGroup: NOBODY,
      fsGroupChangePolicy: 'OnRootMismatch',
      runAsGroup: NOBODY,
      runAsNonRoot: true,
      runAsUser: NOBODY,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    serviceAccountName: pod.serviceAccount,
    ...(pod.spot && { tolerations: [{ effect: 'NoSchedule' as const, key: SPOT, operator: 'Exists' as const }] }),
    topologySpreadConstraints: [
      // A zone that is gone must not keep the rest from scheduling, so spreading is a wish.
      { labelSelector, maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
    ],
  };
}

const ON_SPOT = {
  weight: 100,
  preference: { matchExpressions: [{ key: SPOT, operator: 'In' as const, values: ['true'] }] },
};

/** The container's half of the same. */
export function hardenedContainer(): SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsGroup: NOBODY,
    runAsNonRoot: true,
    runAsUser: NOBODY,
  };
}
