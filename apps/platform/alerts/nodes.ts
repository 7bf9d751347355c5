import { type Alert, Duration } from '../../../charts/index.ts';

const CONDITION = 'kube_node_status_condition{job="kube-state-metrics"';

/** What everything runs on. */
export function nodes(): Alert[] {
  const ready = `${CONDITION},condition="Ready",status="true"}`;
  return [
    {
      name: 'NodeNotReady',
      severity: 'P2',
      expr: `${ready} == 0`,
      for: Duration.minutes(10),
      summary: 'The node {{ $labels.node }} is not ready',
      description:
        'Its kubelet is silent or says that it cannot run pods. Stateless pods have moved after five minutes; what holds a volume waits.',
      why: 'Kubernetes evicts after five minutes (the default toleration). A node that an autoscaler takes away is gone by ten.',
      runbook: 'platform/nodes',
    },
    {
      name: 'NodesNotReady',
      severity: 'P1',
      threshold: 0.3,
      expr: limit => `(count(${ready} == 0) / count(${ready})) > ${limit}`,
      for: Duration.minutes(5),
      summary: '{{ $value | humanizePercentage }} of the nodes are not ready',
      description: 'More than a zone’s share: pods have nowhere to go, and databases may be without their majority.',
      why: 'Nodes stand in three zones: a third is a zone, or the control plane itself.',
      runbook: 'platform/nodes',
    },
    {
      name: 'NodeUnderPressure',
      severity: 'P3',
      expr: `${CONDITION},condition=~"MemoryPressure|DiskPressure|PIDPressure",status="true"} == 1`,
      for: Duration.minutes(10),
      summary: 'The node {{ $labels.node }} is under {{ $labels.condition }}',
      description: 'Its kubelet evicts pods, the least important first, and takes no new ones.',
      why: 'The kubelet keeps a condition for five minutes after its cause is gone; ten are no passing state.',
      runbook: 'platform/nodes',
    },
  ];
}
