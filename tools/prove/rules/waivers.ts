import type { Finding } from '../../render/finding.ts';
import { groupBy } from '../groups.ts';
import { nearest } from '../nearest.ts';
import type { PlacedWaiver } from '../waiver.ts';
import { isWaivable, rules } from './table.ts';

/** A finding and the waiver that excuses it. */
export interface Waived {
  readonly finding: Finding;
  readonly waiver: PlacedWaiver;
}

/**
 * Takes out the findings that a waiver excuses: those of its rule and cluster, at its construct or below. A waiver that
 * names no rule, names one that cannot be waived, or excuses nothing is a finding itself, so that none outlives its cause.
 *
 * The same code runs for every cluster while rules bind by tier, so a waiver excuses nothing only where it does so in no
 * cluster. And while another finding is left, nobody knows: its law may have waited for that.
 *
 * @param findings all of the fleet, or of all units whose waivers are given: elsewhere a waiver seems to excuse nothing
 */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly PlacedWaiver[],
): { findings: Finding[]; waived: Waived[] } {
  const left: Finding[] = [];
  const waived: Waived[] = [];
  const used = new Set<string>();
  const valid = groupBy(
    waivers.filter(({ rule }) => isWaivable(rule)),
    ({ cluster, rule }) => `${cluster} ${rule}`,
  );

  for (const finding of findings) {
    const waiver = valid
      .get(`${finding.cluster} ${finding.rule}`)
      ?.find(each => covers(each.construct, finding.construct));
    if (waiver === undefined) {
      left.push(finding);
    } else {
      used.add(identityOf(waiver));
      waived.push({ finding, waiver });
    }
  }
  const judged = left.length === 0;
  for (const [identity, [waiver]] of groupBy(waivers, identityOf)) {
    if (!isWaivable(waiver!.rule)) left.push(invalid(waiver!));
    else if (judged && !used.has(identity))
      left.push(complaint(waiver!, `a waiver of ${waiver!.rule} that excuses nothing`, 'remove it'));
  }
  return { findings: left, waived };
}

/** One line of code, in whichever clusters it runs. */
function identityOf({ construct, rule, reason, owner, expires }: PlacedWaiver): string {
  return JSON.stringify([construct, rule, reason, owner, expires]);
}

/** What a waiver excused that has run out: its last day lies before `today`. */
export function expired(waived: readonly Waived[], today: string): Finding[] {
  return waived
    .filter(({ waiver }) => waiver.expires < today)
    .map(({ finding, waiver }) => ({
      ...finding,
      rule: 'waiver',
      given: `the waiver of ${waiver.rule} ran out on ${waiver.expires} (${waiver.owner}: ${waiver.reason}), and still ${finding.given}`,
      remedy: finding.remedy,
    }));
}

/** Whether a construct is the other or stands below it. */
function covers(above: string, construct: string): boolean {
  return construct === above || construct.startsWith(`${above}/`);
}

function invalid(waiver: PlacedWaiver): Finding {
  const names = rules().map(({ name }) => name);
  if (names.includes(waiver.rule))
    return complaint(waiver, `a waiver of ${waiver.rule}, which nobody can excuse`, 'mend what it finds');
  const near = nearest(waiver.rule, names);
  return complaint(
    waiver,
    `a waiver of "${waiver.rule}", which is no rule`,
    near ? `write ${near}` : 'name one that `npm run rules` prints',
  );
}

function complaint({ cluster, construct }: PlacedWaiver, given: string, remedy: string): Finding {
  return { cluster, construct, rule: 'waiver', given, remedy };
}
