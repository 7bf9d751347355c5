import { KEEPS, keptIn } from '../prove/rules/keeps.ts';
import type { Manifest } from '../render/manifest.ts';
import type { Verdict } from './change.ts';
import { annotation, CONFIRM, HOLDS } from './version.ts';

const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';

/** What the annotations of an object of any kind promised, and no longer do. */
export function* marks(before: Manifest, after: Manifest): Iterable<Verdict> {
  const lost = CONFIRM.filter(option => confirms(before, option) && !confirms(after, option));
  if (lost.length > 0)
    yield {
      change: 'unguards',
      given: `its annotation ${SYNC_OPTIONS} loses ${lost.join(',')}: Argo CD would delete it without a person’s word`,
      remedy: 'write it again',
    };

  const [held, holds] = [before, after].map(each => annotation(each, HOLDS));
  if (held !== undefined && held !== holds)
    yield {
      change: 'orphans',
      given: `it held ${held}, and now ${holds ?? 'nothing'}: what stands there would be left behind`,
      remedy: 'keep the old place',
    };

  const [kept, keeps] = [before, after].map(each => annotation(each, KEEPS));
  if (kept === undefined) return;
  if (keeps === undefined)
    yield {
      change: 'unguards',
      given: `it no longer says that it makes the backups of ${kept} (${KEEPS})`,
      remedy: 'say so again',
    };
  else yield* shortened(kept, keeps);
}

/** Backups that are kept for fewer days: those between the old number and the new go with the next run. */
function* shortened(kept: string, keeps: string): Iterable<Verdict> {
  const [was, is] = [kept, keeps].map(keptIn);
  if (was === undefined) return;
  if (is === undefined)
    yield {
      change: 'unguards',
      given: `it kept ${kept}, and now says no number of days: ${JSON.stringify(keeps)} (${KEEPS})`,
      remedy: 'say so again',
    };
  else if (is.days < was.days)
    yield {
      change: 'deletes',
      given: `it kept ${kept}, and now for ${is.days}: its next run deletes all that is older`,
      remedy: `keep them for ${was.days} days`,
    };
}

function confirms(manifest: Manifest, option: string): boolean {
  return (annotation(manifest, SYNC_OPTIONS) ?? '').split(',').some(each => each.trim() === option);
}
