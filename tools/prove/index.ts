import type { Finding } from '../render/finding.ts';
import { kindOf, type Rendered } from '../render/manifest.ts';
import type { ObjectRule, Problem, Unit } from './rule.ts';
import { objectRules, unitRules } from './rules/all.ts';
import { schema } from './rules/schema.ts';

export { expiredAlerts, type PlacedAgreedAlert } from './agreed-alert.ts';
export { FleetLaws } from './rules/fleet.ts';
export { exceptions, type RuleRow, rules } from './rules/table.ts';
export { applyWaivers, expired, type Waived } from './rules/waivers.ts';

/**
 * All that the laws hold against one unit. An object that fails its schema is judged by nothing else, so that each law may
 * trust the shape of what it reads; and while one object is broken the laws of the unit wait, since a Deployment that
 * cannot be read would make its Service, budget and policies look wrong as well.
 *
 * @param complete whether the render made every object: one that it refused is as good as broken
 */
export function proveUnit(unit: Unit, complete = true): Finding[] {
  const findings: Finding[] = [];
  for (const object of unit.objects) {
    const before = findings.length;
    judge(object, schema, unit, findings);
    if (findings.length > before) continue;
    for (const rule of rulesFor(kindOf(object.manifest))) judge(object, rule, unit, findings);
  }
  if (!complete || findings.some(({ rule }) => rule === schema.name)) return findings;
  for (const rule of unitRules) {
    for (const { object, ...problem } of rule.check(unit)) findings.push(finding(unit, object, rule.name, problem));
  }
  return findings;
}

function judge(object: Rendered, rule: ObjectRule, unit: Unit, findings: Finding[]): void {
  const problems = rule.check(object.manifest, unit.cluster);
  if (Array.isArray(problems) && problems.length === 0) return; // as nearly always: an iterator would cost more than most laws
  for (const problem of problems) findings.push(finding(unit, object, rule.name, problem));
}

function finding({ cluster }: Unit, { construct, file }: Rendered, rule: string, { given, remedy }: Problem): Finding {
  return { cluster: cluster.name, construct, rule, given, remedy, file };
}

const byKind = new Map<string, readonly ObjectRule[]>();

function rulesFor(kind: string): readonly ObjectRule[] {
  let found = byKind.get(kind);
  if (found === undefined) {
    found = objectRules.filter(rule => rule !== schema && (rule.kinds?.includes(kind) ?? true));
    byKind.set(kind, found);
  }
  return found;
}
