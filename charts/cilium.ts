import { Construct } from 'constructs';
import type { CiliumNetworkPolicy } from '../imports/custom.ts';
import { KubeObject } from './kube-object.ts';
import type { NetworkEdges } from './network.ts';
import type { Wire } from './wiring.ts';
import type { Workload } from './workload.ts';

type EgressRule = NonNullable<CiliumNetworkPolicy['spec']['egress']>[number];

/** Cilium learns which addresses a name has from the answers it passes on, so questions must go through its proxy. */
const DNS: EgressRule = {
  toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
  toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
};

/**
 * What NetworkPolicy cannot say and Cilium can: hosts by name, and the API server by what it is. It adds to the workload's
 * NetworkPolicy, since what either allows is allowed.
 */
export class HostNamePolicy extends Construct {
  /** The one of a workload. */
  static of(edges: NetworkEdges, workload: Workload): HostNamePolicy {
    return (edges.node.tryFindChild('host-names') as HostNamePolicy | undefined) ?? new HostNamePolicy(edges, workload);
  }

  private constructor(edges: NetworkEdges, workload: Workload) {
    super(edges, 'host-names');
    new KubeObject<CiliumNetworkPolicy>(
      this,
      'policy',
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: edges.metadata,
      },
      () => ({
        spec: {
          endpointSelector: { matchLabels: workload.selector },
          egress: [DNS, ...edges.wires.flatMap(wire => rules(wire))],
        },
      }),
    );
  }
}

function rules({ to, port }: Wire): EgressRule[] {
  const toPorts: EgressRule['toPorts'] = [{ ports: [{ port: String(port), protocol: 'TCP' }] }];
  if (to.is === 'api-server') return [{ toEntities: ['kube-apiserver'], toPorts }];
  if (to.is !== 'hosts' || to.addresses !== undefined) return [];
  return [{ toFQDNs: [...to.hosts].sort().map(matchName => ({ matchName })), toPorts }];
}
