/** One end of a wire. */
export type End =
  /** The pods of one workload of the unit. */
  | { readonly is: 'workload'; readonly namespace: string; readonly name: string }
  /** Pods that no construct of the unit makes: the edge, Prometheus. */
  | {
      readonly is: 'pods';
      readonly called: string;
      readonly namespace: string;
      /** Their labels; all pods of the namespace where left out. */
      readonly labels?: Readonly<Record<string, string>>;
    }
  /** Hosts outside the cluster. */
  | {
      readonly is: 'hosts';
      readonly called: string;
      readonly hosts: readonly string[];
      /** Their addresses in CIDR notation, where they are fixed and known. */
      readonly addresses?: readonly string[];
    }
  /** The API server of the cluster. */
  | { readonly is: 'api-server'; readonly addresses: readonly string[] };

export type PodsEnd = Extract<End, { is: 'pods' }>;
export type HostsEnd = Extract<End, { is: 'hosts' }>;

/** Who may open a TCP connection to whom: what the policies of a unit permit, and nothing else. */
export interface Wire {
  readonly from: End;
  readonly to: End;
  readonly port: number;
}
