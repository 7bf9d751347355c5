import { Construct } from 'constructs';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../imports/kubernetes.ts';
import { NAMESPACE_NAME } from './conventions.ts';
import { KubeObject, type Patch } from './kube-object.ts';
import type { Workload } from './workload.ts';

/** Some pods of some namespace. */
export interface Pods {
  readonly namespace: string;
  /** Their labels; all pods of the namespace where left out. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Cluster DNS, over UDP and, for long answers, TCP. */
const DNS = {
  to: [
    {
      namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [port('UDP', 53), port('TCP', 53)],
};

/**
 * Who may talk to a workload and whom it may talk to. Every namespace denies by default, so these edges are all there is.
 * Edges come from wiring (`env: { MENU_URL: menu.url }`), which opens both ends.
 */
export class NetworkEdges extends Construct {
  readonly #from = new Map<string, Edge>();
  readonly #to = new Map<string, Edge>();

  constructor(
    private readonly workload: Workload,
    patch?: Patch<NetworkPolicy>,
  ) {
    super(workload, 'network');
    new KubeObject<NetworkPolicy>(
      this,
      'policy',
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: workload.name, namespace: workload.namespace, labels: workload.labels },
      },
      () => ({
        spec: {
          podSelector: { matchLabels: workload.selector },
          policyTypes: ['Ingress', 'Egress'],
          ...(this.#from.size > 0 && {
            ingress: sorted(this.#from).map(({ peer, ports }) => ({ from: [peer], ports })),
          }),
          egress: [DNS, ...sorted(this.#to).map(({ peer, ports }) => ({ to: [peer], ports }))],
        },
      }),
      patch,
    );
  }

  /** Opens one TCP port of `other` to this workload: egress here, ingress there. */
  connectTo(other: Workload, tcpPort: number): void {
    this.#allow(this.#to, { namespace: other.namespace, labels: other.selector }, tcpPort);
    other.network.allowFrom({ namespace: this.workload.namespace, labels: this.workload.selector }, tcpPort);
  }

  /** Lets pods that no construct of this unit makes (the edge, a scraper) reach a TCP port of this workload. */
  allowFrom(pods: Pods, tcpPort: number): void {
    this.#allow(this.#from, pods, tcpPort);
  }

  #allow(edges: Map<string, Edge>, { namespace, labels }: Pods, tcpPort: number): void {
    const peer: NetworkPolicyPeer = {
      namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: namespace } },
      ...(labels && { podSelector: { matchLabels: { ...labels } } }),
    };
    edges.set(`${JSON.stringify(peer)} ${tcpPort}`, { peer, ports: [port('TCP', tcpPort)] });
  }
}

interface Edge {
  readonly peer: NetworkPolicyPeer;
  readonly ports: NetworkPolicyPort[];
}

/** By text, so that the order in which an app wires things changes nothing. */
function sorted(edges: Map<string, Edge>): Edge[] {
  return [...edges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
}

function port(protocol: 'TCP' | 'UDP', number: number): NetworkPolicyPort {
  return { port: number, protocol };
}
