import type { LabelSelector } from '../../../imports/kubernetes.ts';
import { asText, countOf, isEmpty, type Labels, matches } from '../rules/selector.ts';
import type { Pod } from './network.ts';
import type { Peer } from './policy.ts';

/** A name that no namespace can have: any that fits the selector. */
const ANY = '*';
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/**
 * The poorest pods that a peer means. Every pod that it means has all labels of one of them, in the same namespace; so if
 * ends, which ask for labels and a namespace, cover these pods, they cover all.
 */
export function witnesses(peer: Peer & { is: 'pods' }, own: string): Pod[] {
  const { namespaces, pods } = peer;
  const inside = namespaces === undefined ? [own] : poorest(namespaces).map(labels => labels[NAMESPACE_NAME] ?? ANY);
  const labels = pods === undefined ? [{}] : poorest(pods);
  return inside.flatMap(namespace => labels.map(each => ({ namespace, labels: each })));
}

/** The smallest sets of labels that a selector matches: with each value that it takes, without what it only forbids. */
export function poorest(selector: LabelSelector): Labels[] {
  const { matchLabels = {}, matchExpressions } = selector;
  if (matchExpressions === undefined) return [matchLabels];
  let sets: Labels[] = [matchLabels];
  for (const { key, operator, values = [] } of matchExpressions) {
    if (operator === 'In') sets = sets.flatMap(labels => values.map(value => ({ ...labels, [key]: value })));
    if (operator === 'Exists') sets = sets.map(labels => ({ [key]: ANY, ...labels }));
  }
  return sets.filter(labels => matches(selector, labels));
}

/** A peer as findings call it. */
export function peerAsText({ namespaces, pods }: Peer & { is: 'pods' }, own: string): string {
  const who = pods === undefined || isEmpty(pods) ? 'every pod' : `pods ${asText(pods)}`;
  if (namespaces === undefined) return `${who} of namespace ${own}`;
  if (isEmpty(namespaces)) return `${who} of every namespace`;
  const named = namespaces.matchLabels?.[NAMESPACE_NAME];
  if (named !== undefined && countOf(namespaces) === 1) return `${who} of namespace ${named}`;
  return `${who} of namespaces ${asText(namespaces)}`;
}
