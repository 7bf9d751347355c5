import type { Cluster } from '../../../charts/index.ts';
import { awsRole, budget, CRITICAL, replicas, resources } from './pieces.ts';
import { type PlacedAddon, SYSTEM_NAMESPACE } from './placed.ts';

const NAME = 'aws-load-balancer-controller';

/** The network load balancer in front of the edge. */
export function awsLoadBalancerController(cluster: Cluster): PlacedAddon {
  const pods = replicas(cluster);
  const { enabled: _, ...podDisruptionBudget } = budget(pods);
  return {
    name: NAME,
    namespace: SYSTEM_NAMESPACE,
    starts: 'before platform',
    podSecurity: 'restricted',
    source: { repository: 'https://aws.github.io/eks-charts', chart: NAME, version: '3.5.0' },
    values: {
      clusterName: cluster.name,
      region: cluster.region,
      replicaCount: pods,
      podDisruptionBudget,
      priorityClassName: CRITICAL,
      resources: resources('50m', '128Mi', '256Mi'),
      serviceAccount: { annotations: awsRole(cluster, NAME) },
      // Without it the chart makes a new certificate at every render, and Argo CD never comes to rest.
      enableCertManager: true,
      // The webhook stands before every Service of the cluster; ours say themselves which load balancer they want.
      enableServiceMutatorWebhook: false,
      // The edge is NGINX: no Ingress names a class of this controller.
      createIngressClassResource: false,
      ingressClassParams: { create: false },
    },
  };
}
