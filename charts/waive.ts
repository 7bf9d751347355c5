import type { IConstruct } from 'constructs';

/** An agreed exception to a rule, written beside what it excuses. */
export interface Waiver {
  /** The rule's name, as `npm run rules` prints it. */
  readonly rule: string;
  /** Why production may live with it: a reviewer and an auditor read this. */
  readonly reason: string;
  /** Who answers for it: a team or a person. */
  readonly owner: string;
  /** Last day on which it holds, `YYYY-MM-DD`. Judged when a person runs `synth` or `check`, never by the render itself. */
  readonly expires: string;
}

const KEY = 'drydock:waiver';

/**
 * Excuses a construct and all below it from one rule. A waiver that matches no finding is itself a finding.
 *
 * @throws where a field is missing or the day is none
 */
export function waive(scope: IConstruct, waiver: Waiver): void {
  const missing = (['rule', 'reason', 'owner', 'expires'] as const).filter(field => !waiver[field]?.trim());
  if (missing.length > 0) {
    throw new Error(`${scope.node.path}: a waiver without ${missing.join(', ')}; state each of them`);
  }
  if (!isDay(waiver.expires)) {
    throw new Error(
      `${scope.node.path}: the waiver of ${waiver.rule} expires "${waiver.expires}"; write a day as YYYY-MM-DD`,
    );
  }
  scope.node.addMetadata(KEY, waiver);
}

/** All waivers of a tree, each with the path of the construct that carries it. */
export function waiversIn(root: IConstruct): (Waiver & { readonly construct: string })[] {
  return root.node
    .findAll()
    .flatMap(construct =>
      construct.node.metadata
        .filter(entry => entry.type === KEY)
        .map(entry => ({ ...(entry.data as Waiver), construct: construct.node.path })),
    );
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
}
