import type { Cluster } from '../../../charts/index.ts';
import { budget, CRITICAL, replicas, resources } from './pieces.ts';
import { type PlacedAddon, SYSTEM_NAMESPACE } from './placed.ts';

/** CPU and memory by pod, which autoscalers ask for. */
export function metricsServer(cluster: Cluster): PlacedAddon {
  const pods = replicas(cluster);
  return {
    name: 'metrics-server',
    namespace: SYSTEM_NAMESPACE,
    starts: 'before platform',
    podSecurity: 'restricted',
    source: {
      repository: 'https://kubernetes-sigs.github.io/metrics-server/',
      chart: 'metrics-server',
      version: '3.13.1',
    },
    values: {
      replicas: pods,
      podDisruptionBudget: budget(pods),
      priorityClassName: CRITICAL,
      resources: resources('100m', '200Mi', '400Mi'),
      // kind's kubelets show certificates that nobody signed.
      args: cluster.account === undefined ? ['--kubelet-insecure-tls'] : [],
    },
  };
}
