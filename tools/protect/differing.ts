import { field } from '../prove/rules/field.ts';
import type { Verdict } from './change.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** One field that has another value. */
interface Difference {
  /** `spec.selector.matchLabels.app`. */
  readonly at: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The fields, as deep as maps go, in which two maps differ. What is empty is the same as what is not there. */
export function differing(before: Fields, after: Fields, at: string): Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap(key => {
    const [one, other] = [before[key], after[key]];
    if (isMap(one) && isMap(other)) return differing(one, other, field(at, key));
    return said(one) === said(other) ? [] : [{ at: field(at, key), before: one, after: other }];
  });
}

/** That the API server takes no other value for these fields. */
export function rejected(differences: readonly Difference[], remedy: string): Verdict[] {
  return differences.map(({ at, before, after }) => ({
    change: 'rejected',
    given: `${at} changes from ${said(before)} to ${said(after)}, which Kubernetes refuses`,
    remedy,
  }));
}

/** The named fields of a map, and all others. */
export function split(map: Fields, names: readonly string[]): { named: Fields; others: Fields } {
  const entries = Object.entries(map);
  return {
    named: Object.fromEntries(entries.filter(([key]) => names.includes(key))),
    others: Object.fromEntries(entries.filter(([key]) => !names.includes(key))),
  };
}

function said(value: unknown): string {
  if (value === undefined || (isMap(value) && Object.keys(value).length === 0)) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
