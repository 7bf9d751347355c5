import type { Manifest } from '../render/manifest.ts';
import type { Verdict } from './change.ts';
import { annotation, DATABASES } from './version.ts';

/** A database that is no longer declared stays on the server, and nobody gets in: under another name its clients find an empty one. */
export function* databases(before: Manifest, after: Manifest): Iterable<Verdict> {
  const [were, are] = [before, after].map(each => namesIn(annotation(each, DATABASES)));
  for (const name of were!.filter(each => !are!.includes(each)))
    yield {
      change: 'orphans',
      given: `it declared the database ${name}, and no longer does: its rows stay where nobody gets in`,
      remedy: 'declare it again; for another name rename it on the server first',
    };
  yield* lockedOut(loginsOf(before), loginsOf(after));
}

/** Clients go on with the login they have until their own rollout: it must still be there beside the next one. */
function* lockedOut(were: readonly Login[], are: readonly Login[]): Iterable<Verdict> {
  for (const { role, number } of were) {
    const newest = were.every(other => other.role !== role || other.number <= number);
    const declared = are.some(other => other.role === role);
    if (newest && declared && !are.some(other => other.role === role && other.number === number))
      yield {
        change: 'stops',
        given: `the login ${role}_${number}, which clients have, is taken away at once: they would be locked out`,
        remedy: `let its password be ${number + 1}, and the next when every client has that`,
      };
  }
}

interface Login {
  readonly role: string;
  readonly number: number;
}

/** The logins that a server's agent is told of: `<database>_<role>_<number>`, a line each. */
function loginsOf(manifest: Manifest): Login[] {
  if (annotation(manifest, DATABASES) === undefined) return [];
  const { logins = '' } = (manifest as { data?: Record<string, string> }).data ?? {};
  return [...logins.matchAll(/^(\w+)_(\d+)$/gm)].map(([, role, number]) => ({ role: role!, number: Number(number) }));
}

function namesIn(text = ''): string[] {
  return text.split(',').flatMap(name => name.trim() || []);
}
