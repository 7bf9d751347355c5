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
