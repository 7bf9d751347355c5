import type { Finding } from '../../render/finding.ts';
import type { PlacedWaiver } from '../../render/waiver.ts';
import { nearest } from '../nearest.ts';
import { groupBy } from './groups.ts';
import { isWaivable, rules } from './table.ts';

/** A finding and the waiver that excuses it. */
export interface Waived {
  readonly finding: Finding;
  readonly waiver: PlacedWaiver;
}

/**
 * Takes out the findings that a waiver excuses: those of its rule and cluster, at its construct or below. A waiver that
 * excuses nothing, names no rule, or names one that cannot be waived is a finding itself, so that none outlives its cause.
 *
 * @param findings all of the fleet, or of all units whose waivers are given: elsewhere a waiver seems to excuse nothing
 */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly PlacedWaiver[],
): { findings: Finding[]; waived: Waived[] } {
  const left: Finding[] = [];
  const waived: Waived[] = [];
  const used = new Set<PlacedWaiver>();
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
      used.add(waiver);
      waived.push({ finding, waiver });
    }
  }
  for (const waiver of waivers) if (!used.has(waiver)) left.push(useless(waiver));
  return { findings: left, waived };
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

function useless({ cluster, construct, rule }: PlacedWaiver): Finding {
  const names = rules().map(({ name }) => name);
  const near = nearest(rule, names);
  if (!names.includes(rule)) {
    return {
      cluster,
      construct,
      rule: 'waiver',
      given: `a waiver of "${rule}", which is no rule`,
      remedy: near ? `write ${near}` : 'name one that `npm run rules` prints',
    };
  }
  if (!isWaivable(rule)) {
    return {
      cluster,
      construct,
      rule: 'waiver',
      given: `a waiver of ${rule}, which nobody can excuse`,
      remedy: 'mend what it finds',
    };
  }
  return { cluster, construct, rule: 'waiver', given: `a waiver of ${rule} that excuses nothing`, remedy: 'remove it' };
}
