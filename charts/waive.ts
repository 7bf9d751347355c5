import type { IConstruct } from 'constructs';
import { type Agreement, agreementsIn, stated } from './agreement.ts';

/** An agreed exception to a rule, written beside what it excuses. */
export interface Waiver extends Agreement {
  /** The rule's name, as `npm run rules` prints it. */
  readonly rule: string;
}

const KEY = 'drydock:waiver';

/**
 * Excuses a construct and all below it from one rule. A waiver that matches no finding is itself a finding.
 *
 * @throws where a field is missing or the day is none
 */
export function waive(scope: IConstruct, waiver: Waiver): void {
  scope.node.addMetadata(KEY, stated(scope.node.path, 'a waiver', waiver, ['rule']));
}

/** All waivers of a tree, each with the path of the construct that carries it. */
export function waiversIn(root: IConstruct): (Waiver & { readonly construct: string })[] {
  return agreementsIn<Waiver>(root, KEY);
}
