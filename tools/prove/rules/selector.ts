import type { LabelSelector } from '../../../imports/kubernetes.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * Labels that no template carries because somebody sets them on the running pods of a StatefulSet: the StatefulSet controller's own, and
 * the role that Patroni writes (`role_label` and `*_label_value` of its docs/kubernetes.rst).
 */
const SET_AT_RUN_TIME: ReadonlyMap<string, ReadonlySet<string> | 'any'> = new Map<string, ReadonlySet<string> | 'any'>([
  ['statefulset.kubernetes.io/pod-name', 'any'],
  ['apps.kubernetes.io/pod-index', 'any'],
  ['role', new Set(['primary', 'replica', 'standby-leader'])],
]);
const NOTHING: typeof SET_AT_RUN_TIME = new Map();

/**
 * Whether pods of a template with these labels can match; an empty selector matches all.
 * @param ofStatefulSet whether a StatefulSet makes the pods, and so more labels may come at run time
 */
export function matches(selector: LabelSelector, labels: Labels, ofStatefulSet = false): boolean {
  const later = ofStatefulSet ? SET_AT_RUN_TIME : NOTHING;
  for (const key in selector.matchLabels) {
    if (!has(labels, key, selector.matchLabels[key]!, later)) return false;
  }
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const value = labels[key];
    const within = value !== undefined && values.includes(value);
    if (operator === 'In' && !within && !values.some(each => has(labels, key, each, later))) return false;
    if (operator === 'NotIn' && within) return false;
    if (operator === 'Exists' && value === undefined && !later.has(key)) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
  }
  return true;
}

function has(labels: Labels, key: string, value: string, later: typeof SET_AT_RUN_TIME): boolean {
  const given = labels[key];
  if (given !== undefined) return given === value;
  const values = later.get(key);
  return values === 'any' || values?.has(value) === true;
}

/** Whether it says nothing, and so selects everything. */
export function isEmpty(selector: LabelSelector | undefined): boolean {
  return countOf(selector) === 0;
}

/** Conditions that a selector states. */
export function countOf(selector: LabelSelector | undefined): number {
  return Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions?.length ?? 0);
}

/** A selector as a reader writes it: `app.kubernetes.io/instance=api,tier in (a,b)`. */
export function asText(selector: LabelSelector): string {
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const rest = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) => `${key} ${operator} (${values.join(',')})`,
  );
  return [...labels, ...rest].join(',') || '{}';
}
