import type { IConstruct } from 'constructs';

/** Why something that a rule or the guard of the data would refuse is meant. */
export interface Agreement {
  /** Why production may live with it: a reviewer and an auditor read this. */
  readonly reason: string;
  /** Who answers for it: a team or a person. */
  readonly owner: string;
  /** Last day on which it holds, `YYYY-MM-DD`. Judged when a person runs `synth` or `check`, never by the render itself. */
  readonly expires: string;
}

/** @throws where a field is missing or the day is none */
export function stated<T extends Agreement>(where: string, what: string, given: T, fields: readonly (keyof T)[]): T {
  const missing = [...fields, 'reason', 'owner', 'expires'].filter(
    field => !String(given[field as keyof T] ?? '').trim(),
  );
  if (missing.length > 0) throw new Error(`${where}: ${what} without ${missing.join(', ')}; state each of them`);
  if (!isDay(given.expires)) throw new Error(`${where}: ${what} expires "${given.expires}"; write a day as YYYY-MM-DD`);
  return given;
}

/** All agreements of one kind in a tree, each with the path of the construct that carries it. */
export function agreementsIn<T>(root: IConstruct, key: string): (T & { readonly construct: string })[] {
  return root.node
    .findAll()
    .flatMap(construct =>
      construct.node.metadata
        .filter(entry => entry.type === key)
        .map(entry => ({ ...(entry.data as T), construct: construct.node.path })),
    );
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
}
