import { longestGap } from '../alerting/schedule.ts';

/** A row comes every minute (agent/canary.py), the agent looks every ten seconds: what is replayed is not older on a sound follower. */
export const CANARY_SECONDS = 70;

/**
 * To the archive, and to whoever follows it: a canary, then WAL leaves every thirty seconds (archive_timeout), and as much again for
 * the way.
 */
export const ARCHIVED_WITHIN_SECONDS = 180;

/** How long a full backup may itself take, before the next counts as missing. */
export const SLACK_SECONDS = 2 * 3600;

/** Seconds at most from a run of any of these schedules to the next of any. One that cannot be read is refused elsewhere. */
export function pauseOf(...schedules: readonly string[]): number {
  return longestGap(schedules, 'Etc/UTC') ?? 86_400;
}
