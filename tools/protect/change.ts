import type { Version } from './version.ts';

/** What a change would do, and so what an author must acknowledge. */
export type Change =
  /** The API server refuses it, so that the sync fails. */
  | 'rejected'
  /** Data goes. */
  | 'deletes'
  /** Data stays, and nothing here leads to it any more. */
  | 'orphans'
  /** What kept data from going by mistake is taken off. */
  | 'unguards'
  /** Backups are no longer made. */
  | 'stops'
  /** A whole unit goes, and what it holds with it. */
  | 'leaves';

/** One thing that a change would do to an object or, where it `leaves`, to a unit. */
export interface Danger {
  /** As it stands at HEAD. */
  readonly version: Version;
  readonly change: Change;
  readonly given: string;
  /** What to do instead. */
  readonly remedy: string;
}

/** A danger as the judge of one object sees it. */
export type Verdict = Omit<Danger, 'version'>;
