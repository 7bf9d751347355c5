/** A piece of software that a vendor packages and Argo CD installs from there, pinned. Drydock does not render or prove it. */
export interface Addon {
  readonly name: string;
  readonly namespace: string;
  readonly source: ChartSource | GitSource;
  /** Values for the vendor's chart. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A chart of a Helm repository. */
export interface ChartSource {
  readonly repository: string;
  readonly chart: string;
  /** Exact. */
  readonly version: string;
}

/** A chart in a git repository, where the vendor publishes none. */
export interface GitSource {
  readonly repository: string;
  readonly path: string;
  readonly tag: string;
}

/** An add-on and what Argo CD must know to install it. */
export interface PlacedAddon extends Addon {
  /** When it starts beside the platform unit of its cluster. */
  readonly starts: Start;
  /** The level that its pods fit; pods that do not are refused by its namespace. Unused where the namespace is the cluster's. */
  readonly podSecurity: 'restricted' | 'privileged';
  /** Namespaces besides its own that its chart writes into. @default none */
  readonly alsoIn?: readonly string[];
}

/**
 * `first`: charts of other add-ons make objects of its kinds. `before platform`: the platform unit does, or nobody minds.
 * `after platform`: its pods do not start without an object that the platform unit makes, and would hold that unit back
 * for ever if it waited for them.
 */
export type Start = 'first' | 'before platform' | 'after platform';

/** The cluster's own namespace: never created, labelled or owned by us. */
export const SYSTEM_NAMESPACE = 'kube-system';
