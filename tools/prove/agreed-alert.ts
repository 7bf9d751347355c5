import type { Finding } from '../render/finding.ts';

/** An alert that was silenced or tuned, as found in one unit's tree. */
export interface PlacedAgreedAlert {
  readonly cluster: string;
  /** The construct that carries it. */
  readonly construct: string;
  readonly alert: string;
  readonly is: 'silenced' | 'tuned';
  readonly reason: string;
  readonly owner: string;
  /** Last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
  /** The files below `dist/` of the rules that it changes. */
  readonly files: readonly string[];
}

/** Agreements that have run out, a finding for each file that they change: their last day lies before `today`. */
export function expiredAlerts(agreed: readonly PlacedAgreedAlert[], today: string): Finding[] {
  return agreed
    .filter(({ expires }) => expires < today)
    .flatMap(({ cluster, construct, alert, is, reason, owner, expires, files }) =>
      files.map(file => ({
        cluster,
        construct,
        rule: 'alert-agreed',
        given: `${alert} is ${is} until ${expires} (${owner}: ${reason}), which is over`,
        remedy: `${is === 'silenced' ? 'let it fire again' : 'take the tuning out'}, or agree on another day`,
        file,
      })),
    );
}
