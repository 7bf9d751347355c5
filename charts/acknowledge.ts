import type { IConstruct } from 'constructs';
import { type Agreement, agreementsIn, stated } from './agreement.ts';

/** What a change may do that the guard of the data refuses; docs/data-protection.md says when each comes. */
export const CHANGES = ['rejected', 'deletes', 'orphans', 'unguards', 'stops'] as const;

/** That one change to one object is meant. */
export interface Acknowledgement extends Agreement {
  /** Kind and name, as the guard names it: `PersistentVolumeClaim data-database-us-east-1a-2`. */
  readonly object: string;
  /** What the change does to it, as the guard names it. */
  readonly change: (typeof CHANGES)[number];
}

const KEY = 'drydock:acknowledgement';

/**
 * Lets one change to one object of this unit through the guard of the data. When the change is merged it does nothing more,
 * and `synth` says that it can go. A whole unit that leaves is acknowledged in `fleet.ts`.
 *
 * @throws where a field is missing, the change is none or the day is none
 */
export function acknowledge(scope: IConstruct, acknowledgement: Acknowledgement): void {
  const { object, change } = acknowledgement;
  const { path } = scope.node;
  stated(path, 'an acknowledgement', acknowledgement, ['object', 'change']);
  if (!CHANGES.includes(change))
    throw new Error(
      `${path}: the acknowledgement of ${object} has change "${change}"; write one of ${CHANGES.join(', ')}`,
    );
  scope.node.addMetadata(KEY, acknowledgement);
}

/** All acknowledgements of a tree, each with the path of the construct that carries it. */
export function acknowledgementsIn(root: IConstruct): (Acknowledgement & { readonly construct: string })[] {
  return agreementsIn<Acknowledgement>(root, KEY);
}
