/** Something wrong with what an author wrote: where, which rule, what was given, what to do. */
export interface Finding {
  /** Name of the cluster, e.g. `us-east-1a`. */
  readonly cluster: string;
  /** Path of the construct, e.g. `zapora/api/deployment`. */
  readonly construct: string;
  /** Name of the rule, as `npm run rules` prints it. */
  readonly rule: string;
  /** What was given, with the field's path where there is one. */
  readonly given: string;
  readonly remedy: string;
  /** The object's file below `dist/`, where one object is at fault. */
  readonly file?: string;
}

/** One finding as the line a person reads: where: what was given; what to do [rule]. */
export function asText({ cluster, construct, rule, given, remedy }: Finding): string {
  return `${cluster}: ${construct}: ${given}; ${remedy} [${rule}]`;
}
