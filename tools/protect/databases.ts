import type { Manifest } from '../render/manifest.ts';
import type { Verdict } from './change.ts';
import { annotation } from './version.ts';

/** On what declares the databases of a server: their names. */
const DATABASES = 'drydock/databases';

/** A database that is no longer declared stays on the server, and nobody gets in: under another name its clients find an empty one. */
export function* databases(before: Manifest, after: Manifest): Iterable<Verdict> {
  const [were, are] = [before, after].map(each => namesIn(annotation(each, DATABASES)));
  for (const name of were!.filter(each => !are!.includes(each)))
    yield {
      change: 'orphans',
      given: `it declared the database ${name}, and no longer does: its rows stay where nobody gets in`,
      remedy: 'declare it again; for another name rename it on the server first',
    };
}

function namesIn(text = ''): string[] {
  return text.split(',').flatMap(name => name.trim() || []);
}
