import { NAME } from '../../../charts/conventions.ts';
import { type Alert, Duration, KubeObject, PLATFORM, type System } from '../../../charts/index.ts';
import type { ServiceMonitor } from '../../../imports/custom.ts';

const NAMESPACE = 'argocd';

/** Lets Prometheus ask the controller: by its Service, since its pods do not name the port. */
export function monitorArgoCd(platform: System): void {
  new KubeObject<ServiceMonitor>(
    platform,
    'monitor-argocd',
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: 'argocd', namespace: PLATFORM.namespace },
    },
    {
      spec: {
        endpoints: [{ honorLabels: true, interval: '30s', path: '/metrics', port: 'metrics' }],
        jobLabel: NAME,
        namespaceSelector: { matchNames: [NAMESPACE] },
        selector: { matchLabels: { [NAME]: 'argocd-metrics' } },
      },
    },
  );
}

/** Whether what Git says is what runs. */
export function argoCd(): Alert[] {
  const sel = `namespace="${NAMESPACE}"`;
  const whose = { namespace: '{{ $labels.dest_namespace }}' };
  // By the one status that it is about: each change of the other would begin its time anew.
  const info = (status: 'sync_status' | 'health_status', is: string) =>
    `max by (name, project, dest_namespace, ${status}) (argocd_app_info{${sel},${status}${is}}) == 1`;
  return [
    {
      name: 'ArgoCdAbsent',
      severity: 'P2',
      expr: `absent(argocd_app_info{${sel}})`,
      for: Duration.minutes(15),
      summary: 'Argo CD tells nothing',
      description:
        'Its controller is not there or not scraped. What runs goes on; nothing new comes, and nothing that is changed by hand is set right.',
      why: 'There are always Applications. Fifteen minutes are longer than its own rollout.',
      runbook: 'platform/delivery',
    },
    {
      name: 'ArgoCdAppOutOfSync',
      severity: 'P3',
      expr: info('sync_status', '!="Synced"'),
      for: Duration.minutes(30),
      labels: whose,
      summary: '{{ $labels.name }} is not what Git says: {{ $labels.sync_status }}',
      description: 'A change does not arrive, or waits for somebody’s approval.',
      why: 'Syncs begin within three minutes and a failed one is tried again every three; half an hour is ten tries.',
      runbook: 'platform/delivery',
    },
    {
      name: 'ArgoCdAppUnhealthy',
      severity: 'P2',
      expr: info('health_status', '=~"Degraded|Missing|Unknown"'),
      for: Duration.minutes(15),
      labels: whose,
      summary: '{{ $labels.name }} is {{ $labels.health_status }}',
      description: 'Something that it brought does not come up. What users feel of it, the workloads’ own alerts tell.',
      why: 'A rollout is Progressing, not Degraded, while it is under way; fifteen minutes are longer than a pod’s restart.',
      runbook: 'platform/delivery',
    },
    {
      name: 'ArgoCdSyncFailing',
      severity: 'P3',
      expr: `sum by (name, project) (increase(argocd_app_sync_total{${sel},phase=~"Error|Failed"}[30m])) > 0`,
      for: Duration.minutes(5),
      summary: 'Syncs of {{ $labels.name }} fail',
      description: '{{ $value | humanize }} failed in half an hour. What runs is what was before, or half of each.',
      why: 'Each failed sync is one that will not pass by itself more often than not. The first one ever is not counted: a counter that appears has no increase.',
      runbook: 'platform/delivery',
    },
  ];
}
