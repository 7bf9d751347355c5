import type { IObjectMeta as ObjectMeta } from '@kubernetes-models/apimachinery/apis/meta/v1/ObjectMeta';

/** The agent takes empty lists: of hosts as every host, of port rules as every port. */
type NonEmpty<T> = [T, ...T[]];

/**
 * `CiliumNetworkPolicy`: the egress rules that Drydock emits, and nothing else of the kind. `@kubernetes-models/cilium` says
 * a rule as a union of what may stand together, of which a closed schema keeps nothing.
 */
export interface CiliumNetworkPolicy {
  apiVersion: 'cilium.io/v2';
  kind: 'CiliumNetworkPolicy';
  metadata: ObjectMeta;
  spec: CiliumRule;
}

/** What it does not permit is denied to the pods it selects: Cilium turns default deny on for each direction that has rules. */
export interface CiliumRule {
  description?: string;
  /** Pods of the policy's own namespace. */
  endpointSelector: LabelSelector;
  egress: NonEmpty<EgressRule>;
}

/** Exactly one of `toEndpoints`, `toFQDNs` and `toEntities`: the agent refuses two in a rule, and none is everywhere. */
export interface EgressRule {
  /** Of the policy's namespace, unless `k8s:io.kubernetes.pod.namespace` names another. */
  toEndpoints?: NonEmpty<LabelSelector>;
  /** Hosts outside the cluster. Works only where a rule with `dns` lets Cilium see the answers. */
  toFQDNs?: NonEmpty<FqdnSelector>;
  toEntities?: NonEmpty<'kube-apiserver'>;
  /** Required here, though not by Cilium: without it all ports are open. */
  toPorts: NonEmpty<PortRule>;
}

export interface LabelSelector {
  matchLabels: { [label: string]: string };
}

export interface FqdnSelector {
  /** A whole name, without wildcards. */
  matchName: string;
}

export interface PortRule {
  /** At most 40. */
  ports: NonEmpty<PortProtocol>;
  rules?: L7Rules;
}

export interface PortProtocol {
  /** A number or the name of a container's port. */
  port: string;
  /** `ANY` is TCP, UDP and SCTP. */
  protocol: 'TCP' | 'UDP' | 'ANY';
}

export interface L7Rules {
  /** Which names may be asked for; puts the questions through Cilium's DNS proxy. */
  dns: NonEmpty<DnsRule>;
}

/** One of the two. */
export interface DnsRule {
  matchName?: string;
  /** `*` is every name. */
  matchPattern?: string;
}
