import type { Row } from '../panel.ts';

/** What a system runs, and what is wrong with it now. @param namespaces a matcher: `namespace=~"shop|shop-data"` */
export function systemRows(system: string, namespaces: string): readonly Row[] {
  return [
    {
      title: 'Now',
      panels: [
        number('Alerts, P1', `count(ALERTS{system="${system}",alertstate="firing",severity="P1"}) or vector(0)`, 1),
        number('Alerts, P2', `count(ALERTS{system="${system}",alertstate="firing",severity="P2"}) or vector(0)`, 1),
        number('Alerts, P3', `count(ALERTS{system="${system}",alertstate="firing",severity="P3"}) or vector(0)`),
        number(
          'Deployments not whole',
          `count(kube_deployment_status_replicas_unavailable{${namespaces}} > 0) or vector(0)`,
          1,
        ),
        number(
          'StatefulSets not whole',
          `count(kube_statefulset_status_replicas_ready{${namespaces}} < kube_statefulset_replicas{${namespaces}}) or vector(0)`,
          1,
        ),
        number(
          'Pods not running',
          `sum(kube_pod_status_phase{${namespaces},phase=~"Pending|Failed|Unknown"}) or vector(0)`,
          1,
        ),
      ],
    },
    {
      title: 'Delivery',
      panels: [
        {
          title: 'Images that run',
          description: 'Two lines for one container are a rollout, or one that is stuck.',
          unit: 'short',
          queries: [
            {
              expr: `count by (container, image) (kube_pod_container_info{${namespaces}})`,
              legend: '{{container}} {{image}}',
            },
          ],
        },
        {
          title: 'Pods that are not of the latest revision',
          unit: 'short',
          queries: [
            {
              expr: `kube_deployment_status_replicas{${namespaces}} - kube_deployment_status_replicas_updated{${namespaces}} > 0`,
              legend: '{{deployment}}',
            },
          ],
        },
        {
          title: 'Restarts in the last hour',
          unit: 'short',
          queries: [
            {
              expr: `sum by (pod) (increase(kube_pod_container_status_restarts_total{${namespaces}}[1h])) > 0`,
              legend: '{{pod}}',
            },
          ],
        },
      ],
    },
  ];
}

function number(title: string, expr: string, limit?: number) {
  return { title, unit: 'short', shows: 'number' as const, queries: [{ expr }], ...(limit !== undefined && { limit }) };
}
