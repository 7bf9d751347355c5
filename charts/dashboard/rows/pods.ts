import type { Row } from '../panel.ts';

/** What the pods of a workload take of their nodes. @param names of them, as a regular expression */
export function podsRow(namespace: string, names: string): Row {
  const pods = `namespace="${namespace}",pod=~"${names}"`;
  const used = `${pods},container!=""`;
  const panels: Row['panels'] = [
    {
      title: 'CPU, of the limit',
      description: 'At 1 the kernel makes the container wait.',
      unit: 'percentunit',
      queries: [
        {
          expr: `sum by (pod, container) (rate(container_cpu_usage_seconds_total{${used}}[$__rate_interval])) / on (pod, container) max by (pod, container) (kube_pod_container_resource_limits{${pods},resource="cpu"})`,
          legend: '{{pod}} {{container}}',
        },
      ],
      limit: 0.8,
    },
    {
      title: 'Memory, of the limit',
      description: 'At 1 the kernel kills the container.',
      unit: 'percentunit',
      queries: [
        {
          expr: `max by (pod, container) (container_memory_working_set_bytes{${used}}) / on (pod, container) max by (pod, container) (kube_pod_container_resource_limits{${pods},resource="memory"})`,
          legend: '{{pod}} {{container}}',
        },
      ],
      limit: 0.9,
    },
    {
      title: 'Restarts',
      unit: 'short',
      queries: [
        {
          expr: `sum by (pod, container) (increase(kube_pod_container_status_restarts_total{${pods}}[$__rate_interval])) > 0`,
          legend: '{{pod}} {{container}}',
        },
      ],
    },
    {
      title: 'Pods',
      unit: 'short',
      queries: [
        { expr: `sum(kube_pod_status_ready{${pods},condition="true"})`, legend: 'ready' },
        { expr: `sum by (phase) (kube_pod_status_phase{${pods}}) > 0`, legend: '{{phase}}' },
      ],
    },
    {
      title: 'Network',
      unit: 'Bps',
      queries: [
        { expr: `sum(rate(container_network_receive_bytes_total{${pods}}[$__rate_interval]))`, legend: 'received' },
        { expr: `-sum(rate(container_network_transmit_bytes_total{${pods}}[$__rate_interval]))`, legend: 'sent' },
      ],
    },
    {
      title: 'CPU throttled',
      description: 'How much of the time a container that wanted to run had to wait.',
      unit: 'percentunit',
      queries: [
        {
          expr: `sum by (pod, container) (rate(container_cpu_cfs_throttled_periods_total{${used}}[$__rate_interval])) / (sum by (pod, container) (rate(container_cpu_cfs_periods_total{${used}}[$__rate_interval])) > 0)`,
          legend: '{{pod}} {{container}}',
        },
      ],
    },
  ];
  return { title: 'Pods', panels };
}
