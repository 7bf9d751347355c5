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

/** One finding as the line a person reads: `<cluster>: <construct>: <what was given>; <what to do> [rule]`. */
export function asText(finding: Finding): string {
  return `${finding.cluster}: ${faultOf(finding)}`;
}

/** Findings as lines, one for one fault: what is wrong in several clusters names them all in front. */
export function asLines(findings: readonly Finding[]): string[] {
  const clusters = new Map<string, Set<string>>();
  for (const finding of findings) {
    const fault = faultOf(finding);
    clusters.set(fault, (clusters.get(fault) ?? new Set()).add(finding.cluster));
  }
  return [...clusters].map(([fault, where]) => `${[...where].join(', ')}: ${fault}`);
}

function faultOf({ construct, given, remedy, rule }: Finding): string {
  return `${construct}: ${given}; ${remedy} [${rule}]`;
}
