import type { Manifest, Rendered } from '../render/manifest.ts';
import type { Api } from './api.ts';
import type { Recorded } from './promql/metrics.ts';
import type { Runbooks } from './runbooks.ts';

/** What the judges know of the cluster that an object goes to. */
export interface Cluster {
  readonly name: string;
  readonly tier: string;
  readonly api: Api;
  /** Its groups of nodes; left out where nobody knows, and then no law asks. */
  readonly nodePools?: readonly NodePool[];
  /** The pages that alerts lead to; left out where nobody read them, and then no law asks. */
  readonly runbooks?: Runbooks;
}

/** A group of equal nodes. */
export interface NodePool {
  readonly name: string;
  /** Nodes at most. */
  readonly maxNodes: number;
  /** Allocatable cores of one node. */
  readonly cores: number;
  /** Allocatable memory of one node, in GiB. */
  readonly memoryGibibytes: number;
  /** Interruptible capacity. */
  readonly spot: boolean;
}

/** A fault as a rule sees it; the engine adds cluster, construct and rule. */
export interface Problem {
  readonly given: string;
  readonly remedy: string;
}

interface RuleText {
  /** Its name in findings and waivers. */
  readonly name: string;
  /** What it demands, one sentence, as `npm run rules` prints it. */
  readonly demands: string;
  /** Where it does not bind and why, as `npm run rules` prints it. */
  readonly except?: string;
}

/** A law of one object. */
export interface ObjectRule extends RuleText {
  /** The kinds it reads (`apps/v1/Deployment`); all kinds where left out. */
  readonly kinds?: readonly string[];
  check(manifest: Manifest, cluster: Cluster): Iterable<Problem>;
}

/** A law of one unit: what its objects owe each other and may take from the cluster's platform unit. */
export interface UnitRule extends RuleText {
  check(unit: Unit): Iterable<Problem & { readonly object: Rendered }>;
}

/** One unit as the laws see it. */
export interface Unit {
  readonly cluster: Cluster;
  readonly system: string;
  readonly objects: readonly Rendered[];
  /** Cluster-wide names that others own, as `<Kind> <name>`: the platform unit's, for every other unit. */
  readonly platform: ReadonlySet<string>;
  /** Series that rules of the platform unit compute, by name. */
  readonly recorded?: readonly (readonly [string, Recorded])[];
  /** Who is wired to whom; left out where nobody wires: Argo CD's own units. */
  readonly wiring?: readonly Wire[];
}

/** Who may open a TCP connection to whom, as the unit's constructs were wired. */
export interface Wire {
  /** A workload, or pods. */
  readonly from: End;
  readonly to: End;
  readonly port: number;
}

/** One end of a wire. */
export type End =
  /** The pods whose `app.kubernetes.io/instance` is this name, in this namespace. */
  | { readonly is: 'workload'; readonly namespace: string; readonly name: string }
  /** Pods that no construct of the unit makes: the edge, Prometheus. */
  | {
      readonly is: 'pods';
      readonly called: string;
      readonly namespace: string;
      /** All of them; every pod of the namespace where left out. */
      readonly labels?: Readonly<Record<string, string>>;
    }
  /** Hosts outside the cluster. */
  | {
      readonly is: 'hosts';
      readonly called: string;
      readonly hosts: readonly string[];
      /** All their addresses, in CIDR notation; left out where nobody knows them. */
      readonly addresses?: readonly string[];
    }
  /** The cluster's API server, its addresses in CIDR notation. */
  | { readonly is: 'api-server'; readonly addresses: readonly string[] };
