import { NAME } from '../../../charts/conventions.ts';
import { KubeObject, PLATFORM, type System } from '../../../charts/index.ts';
import type { PodMonitor } from '../../../imports/custom.ts';

/** The port that the vendors' charts name in their pods (cert-manager and External Secrets, KEDA with `prometheus.operator`). */
const CONTROLLERS = [
  { name: 'cert-manager', namespace: 'cert-manager', labels: { [NAME]: 'cert-manager' }, port: 'http-metrics' },
  { name: 'external-secrets', namespace: 'external-secrets', labels: { [NAME]: 'external-secrets' }, port: 'metrics' },
  { name: 'keda-operator', namespace: 'keda', labels: { [NAME]: 'keda-operator' }, port: 'metrics' },
];

/**
 * Lets Prometheus ask the cluster's controllers. Not by the charts' own monitors: theirs are not proven here, and KEDA's cannot honour
 * labels, so that the namespace of a ScaledObject would be called `exported_namespace`.
 */
export function monitorControllers(platform: System): void {
  for (const { name, namespace, labels, port } of CONTROLLERS) {
    new KubeObject<PodMonitor>(
      platform,
      `monitor-${name}`,
      { apiVersion: 'monitoring.coreos.com/v1', kind: 'PodMonitor', metadata: { name, namespace: PLATFORM.namespace } },
      {
        spec: {
          jobLabel: NAME,
          namespaceSelector: { matchNames: [namespace] },
          // The labels of a series tell whom it is about, not who told of it.
          podMetricsEndpoints: [{ honorLabels: true, interval: '30s', path: '/metrics', port }],
          selector: { matchLabels: labels },
        },
      },
    );
  }
}
