import { Construct } from 'constructs';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../imports/kubernetes.ts';
import { HostNamePolicy } from './cilium.ts';
import { INSTANCE, NAMESPACE_NAME, WAVES } from './conventions.ts';
import { KubeObject, type Patch } from './kube-object.ts';
import type { End, HostsEnd, PodsEnd, Wire } from './wiring.ts';
import type { Workload } from './workload.ts';

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

/** What is no public address: private, shared, loopback, and link-local with the cloud's metadata (RFC 6890). */
const NOT_PUBLIC = ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

/** On a policy that opens more than was asked for, because addresses are all it can name. */
const WIDER = 'drydock/opens-wider';

/**
 * Who may talk to a workload and whom it may talk to. Every namespace denies by default, so these wires are all there is.
 * They come from references (`env: { MENU_URL: menu.url }`), which open both ends.
 */
export class NetworkEdges extends Construct {
  readonly #wires = new Map<string, Wire>();
  /** Of every policy of the workload: they stand before any pod. */
  readonly metadata: ReturnType<Workload['metadata']>;
  readonly #end: End;
  readonly #policy: KubeObject<NetworkPolicy>;

  constructor(
    private readonly workload: Workload,
    patch?: Patch<NetworkPolicy>,
  ) {
    super(workload, 'network');
    this.#end = { is: 'workload', namespace: workload.namespace, name: workload.name };
    this.metadata = { ...workload.metadata(), annotations: { ...WAVES.prepare } };
    this.#policy = new KubeObject<NetworkPolicy>(
      this,
      'policy',
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: this.metadata },
      () => ({ spec: this.#spec() }),
      patch,
    );
  }

  /** The wires that are told here and nowhere else: one between two workloads is its source's. */
  get own(): readonly Wire[] {
    return this.wires.filter(({ from }) => from === this.#end || from.is !== 'workload');
  }

  /** Every wire that begins or ends here. */
  get wires(): readonly Wire[] {
    return [...this.#wires.values()]
      .map((wire): [string, Wire] => [contentOf(wire), wire])
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, wire]) => wire);
  }

  /** Opens one TCP port of `other` to this workload: egress here, ingress there. */
  connectTo(other: Workload, tcpPort: number): void {
    if (this.workload.isBeforeRollout && other.layer === this.workload.layer && !other.isBeforeRollout)
      throw new Error(
        `${this.workload.node.path}: it runs before the rollout and calls ${other.name}, which in a new cluster is not there yet; run it after the rollout`,
      );
    const wire = { from: this.#end, to: other.network.#end, port: tcpPort };
    this.#add(wire);
    other.network.#add(wire);
  }

  /** Lets pods that no construct of this unit makes (the edge, Prometheus) reach a TCP port of this workload. */
  allowFrom(pods: Omit<PodsEnd, 'is'>, tcpPort: number): void {
    this.#add({ from: { is: 'pods', ...pods }, to: this.#end, port: tcpPort });
  }

  /** Lets this workload reach a TCP port of pods that no construct of this unit makes. */
  reachPods(pods: Omit<PodsEnd, 'is'>, tcpPort: number): void {
    const { called, namespace, labels } = pods;
    this.#add({ from: this.#end, to: { is: 'pods', called, namespace, ...(labels && { labels }) }, port: tcpPort });
  }

  /**
   * Lets this workload reach hosts outside the cluster: by name where the plugin can match names, by address where addresses
   * are known, else any public address at that port, which the policy's annotation then says.
   */
  reach(hosts: Omit<HostsEnd, 'is'>, tcpPort: number): void {
    this.#add({ from: this.#end, to: { is: 'hosts', ...hosts }, port: tcpPort });
    if (hosts.addresses !== undefined) return;
    if (this.#byName) HostNamePolicy.of(this, this.workload);
    else this.#policy.metadata.addAnnotation(WIDER, this.#wider());
  }

  /** Lets this workload call the cluster's API server. */
  reachApiServer(): void {
    const { apiServer } = this.workload.system.site.network;
    this.#add({ from: this.#end, to: { is: 'api-server', addresses: apiServer.addresses }, port: apiServer.port });
    if (this.#byName) HostNamePolicy.of(this, this.workload);
  }

  get #byName(): boolean {
    return this.workload.system.site.network.plugin === 'cilium';
  }

  #add(wire: Wire): void {
    this.#wires.set(JSON.stringify(wire), wire);
  }

  #spec(): NetworkPolicy['spec'] {
    const incoming = this.wires.filter(({ to }) => to === this.#end);
    const outgoing = this.wires.filter(({ from }) => from === this.#end);
    const ingress = incoming.map(({ from, port: tcp }) => ({ from: this.#peers(from), ports: [port('TCP', tcp)] }));
    const egress = outgoing
      .map(({ to, port: tcp }) => ({ to: this.#peers(to), ports: [port('TCP', tcp)] }))
      .filter(({ to }) => to.length > 0);
    return {
      podSelector: { matchLabels: this.workload.selector },
      policyTypes: ['Ingress', 'Egress'],
      ...(ingress.length > 0 && { ingress }),
      egress: [DNS, ...unique(egress)],
    };
  }

  /** An end as NetworkPolicy can say it; nothing where a policy of the plugin's own says it better. */
  #peers(end: End): NetworkPolicyPeer[] {
    if (end.is === 'workload') return [pods(end.namespace, { [INSTANCE]: end.name })];
    if (end.is === 'pods') return [pods(end.namespace, end.labels)];
    if (end.is === 'api-server') return this.#byName ? [] : end.addresses.map(cidr => ({ ipBlock: { cidr } }));
    if (end.addresses !== undefined) return [...end.addresses].sort().map(cidr => ({ ipBlock: { cidr } }));
    return this.#byName ? [] : [{ ipBlock: { cidr: '0.0.0.0/0', except: [...NOT_PUBLIC] } }];
  }

  #wider(): string {
    const hosts = this.wires.flatMap(({ to, port: tcp }) =>
      to.is === 'hosts' && to.addresses === undefined ? to.hosts.map(host => `${host}:${tcp}`) : [],
    );
    return `any public address at these ports, since this cluster's network plugin matches no names: ${[...new Set(hosts)].sort().join(' ')}`;
  }
}

/** What a wire is, whatever people call its ends. */
function contentOf(wire: Wire): string {
  const end = (of: End) => JSON.stringify('called' in of ? { ...of, called: '' } : of);
  return `${end(wire.from)} ${end(wire.to)} ${wire.port}`;
}

function pods(namespace: string, labels?: Readonly<Record<string, string>>): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: namespace } },
    ...(labels && { podSelector: { matchLabels: { ...labels } } }),
  };
}

/** Several hosts at one port are one rule where only addresses can be said. */
function unique<T>(rules: readonly T[]): T[] {
  return [...new Map(rules.map(rule => [JSON.stringify(rule), rule])).values()];
}

function port(protocol: 'TCP' | 'UDP', number: number): NetworkPolicyPort {
  return { port: number, protocol };
}
