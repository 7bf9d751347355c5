import type { Manifest } from '../render/manifest.ts';
import type { Verdict } from './change.ts';
import { annotation } from './version.ts';

/** On a StatefulSet whose pods hold data in so many parts. */
const SHARDS = 'drydock/shards';

/** Fewer parts than there were: the rest would go on holding keys, and nobody would count or dump them. */
export function* shards(before: Manifest, after: Manifest): Iterable<Verdict> {
  const [were, are] = [before, after].map(each => Number(annotation(each, SHARDS) ?? 0));
  if (were! > are!)
    yield {
      change: 'orphans',
      given: `it had ${were} shards and now has ${are}: the keys of ${were! - are!} would be in no backup, and lost with their pods`,
      remedy: `write ${were} again; for fewer shards make a second cluster with restoreFrom, and move its clients there`,
    };
}
