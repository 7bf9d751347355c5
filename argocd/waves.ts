import type { Start } from '../apps/platform/addons.ts';

/** The annotation that orders the objects of one sync; the value is a whole number as text. */
export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/**
 * The order in which a root makes a cluster from nothing: each wave waits until the one before is healthy. Services and data
 * share a wave, since what needs a database waits for it by itself. Later syncs pass over what did not change, so that an
 * unhealthy Application holds back only a change that was made together with it.
 */
const WAVES = {
  project: -50,
  'addon first': -40,
  'addon before platform': -30,
  platform: -20,
  'addon after platform': -10,
  system: 0,
} as const satisfies Record<'project' | 'platform' | 'system' | `addon ${Start}`, number>;

export function wave(of: keyof typeof WAVES): Record<string, string> {
  return { [SYNC_WAVE]: String(WAVES[of]) };
}
