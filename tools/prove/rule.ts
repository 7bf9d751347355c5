import type { Manifest, Rendered } from '../render/manifest.ts';
import type { Api } from './api.ts';

/** What the judges know of the cluster that an object goes to. */
export interface Cluster {
  readonly name: string;
  readonly tier: string;
  readonly api: Api;
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
}
