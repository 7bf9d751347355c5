import { groupBy } from '../prove/groups.ts';
import type { Waived } from '../prove/index.ts';
import type { Finding } from '../render/finding.ts';
import type { Change, Danger } from './change.ts';
import { nameOf } from './version.ts';

/** The name that the guard's findings carry. */
const RULE = 'data-guard';

/** That a danger is meant, as found in one unit's tree or, where a unit leaves, beside the fleet's list. */
export interface PlacedAcknowledgement {
  readonly cluster: string;
  /** The unit's folder below `dist/`: it speaks for objects of that unit only. */
  readonly unit: string;
  readonly construct: string;
  /** `PersistentVolumeClaim data-database-2`; where a unit leaves, that. */
  readonly object: string;
  readonly change: Change;
  readonly reason: string;
  readonly owner: string;
  /** Last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly waived: readonly Waived[];
  /** Acknowledgements of what is no longer a change. */
  readonly done: readonly string[];
}

/** Each acknowledgement excuses the dangers of one object, one change and one unit, and nothing else. */
export function judge(dangers: readonly Danger[], acknowledgements: readonly PlacedAcknowledgement[]): Judgement {
  const findings: Finding[] = [];
  const waived: Waived[] = [];
  const used = new Set<string>();
  for (const danger of dangers) {
    const object = objectOf(danger);
    const found = acknowledgements.find(
      each => each.unit === danger.version.unit && each.object === object && each.change === danger.change,
    );
    const { cluster, construct, file } = danger.version;
    const finding = { cluster, construct, rule: RULE, given: danger.given, remedy: danger.remedy, file };
    if (found === undefined) {
      findings.push({ ...finding, remedy: `${danger.remedy}, or ${howTo(danger)}` });
    } else {
      used.add(lineOf(found));
      waived.push({ finding, waiver: { ...found, rule: RULE } });
    }
  }
  // One line of code runs in many clusters, and does its work in some.
  const done = [...groupBy(acknowledgements, lineOf)]
    .filter(([line]) => !used.has(line))
    .map(
      ([, [each]]) =>
        `${each!.construct}: ${each!.object}: the change "${each!.change}" that it acknowledges is done; remove it`,
    );
  return { findings, waived, done };
}

function howTo(danger: Danger): string {
  if (danger.change === 'leaves') {
    const [cluster, system] = danger.version.unit.split('/');
    return `say in departures of fleet.ts that it is meant: { cluster: '${cluster}', system: '${system}', reason, owner, expires }`;
  }
  return `acknowledge it: acknowledge(this, { object: '${objectOf(danger)}', change: '${danger.change}', reason, owner, expires })`;
}

function objectOf({ version, change }: Danger): string {
  return change === 'leaves' ? version.unit : nameOf(version.manifest);
}

/** One line of code, in whichever clusters it runs. */
function lineOf({ construct, object, change, reason, owner, expires }: PlacedAcknowledgement): string {
  return JSON.stringify([construct, object, change, reason, owner, expires]);
}
