import type { Unit } from '../prove/rule.ts';
import { viewOf } from '../prove/rules/view.ts';

/** The names of a unit's workloads, by namespace. */
export function workloadNames(unit: Unit): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { namespace, name } of viewOf(unit).workloads)
    names.set(namespace, [...(names.get(namespace) ?? []), name]);
  return names;
}
