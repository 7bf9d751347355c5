import { type Alert, Duration } from '../../../charts/index.ts';

/** That what half of all alerts read is there at all. */
export function kubeStateMetrics(): Alert[] {
  return [
    {
      name: 'KubeStateMetricsAbsent',
      severity: 'P2',
      expr: 'absent(kube_node_info{job="kube-state-metrics"})',
      for: Duration.minutes(10),
      summary: 'Nobody tells what Kubernetes says',
      description:
        'kube-state-metrics is not there or not scraped: alerts about pods, rollouts, jobs, claims, nodes and autoscalers are blind.',
      why: 'There is always a node. One pod that is replaced is back within minutes; after ten it is not coming.',
      runbook: 'platform/sources',
    },
    {
      name: 'ContainerMetricsAbsent',
      severity: 'P2',
      expr: 'absent(container_memory_working_set_bytes{job="kubelet",container!=""})',
      for: Duration.minutes(10),
      summary: 'Nobody tells what containers use',
      description: 'No kubelet is scraped for its containers: alerts about memory, processors and volumes are blind.',
      why: 'Every node runs containers; ten minutes are longer than a kubelet’s restart.',
      runbook: 'platform/sources',
    },
  ];
}

export function targets(): Alert[] {
  return [
    {
      name: 'TargetsDown',
      severity: 'P3',
      threshold: 0.1,
      expr: limit => `count by (namespace, job) (up == 0) / count by (namespace, job) (up) > ${limit}`,
      for: Duration.minutes(15),
      labels: { namespace: '{{ $labels.namespace }}' },
      summary: 'Prometheus does not reach {{ $labels.job }} in {{ $labels.namespace }}',
      description:
        '{{ $value | humanizePercentage }} of its endpoints do not answer. What they would tell is missing from every alert and dashboard.',
      why: 'One in ten, the limit of kube-prometheus: below that pods come and go. What is down for its users too has alerts of its own.',
      runbook: 'platform/sources',
    },
  ];
}
