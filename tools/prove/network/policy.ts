import type {
  LabelSelector,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import { asText, countOf, isEmpty, type Labels, matches } from '../rules/selector.ts';
import { type Range, rangesOf, subtract } from './address.ts';
import type { Pod } from './network.ts';

/** A name that no namespace can have: any that fits the selector. */
const ANY = '*';
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

export type Direction = 'ingress' | 'egress';

/** A NetworkPolicy with its defaults filled in. */
export interface Policy {
  readonly namespace: string;
  /** The pods that it selects, of its own namespace. */
  readonly pods: LabelSelector;
  /** What it permits; undefined where it says nothing of the direction, and so isolates nobody. */
  readonly ingress: readonly Rule[] | undefined;
  readonly egress: readonly Rule[] | undefined;
}

/** Permits what matches a peer and a port. Both lists stand in the order of the manifest. */
export interface Rule {
  /** None means everybody. */
  readonly peers: readonly Peer[];
  /** None means every port of every protocol. */
  readonly ports: readonly NetworkPolicyPort[];
}

/** Pods by their labels and their namespace's, or addresses. */
export type Peer =
  /** `namespaces` is undefined for the policy's own, `pods` for every pod. */
  | { readonly is: 'pods'; readonly namespaces?: LabelSelector | undefined; readonly pods?: LabelSelector | undefined }
  /** `ranges` is what is left without the exceptions. */
  | { readonly is: 'addresses'; readonly cidr: string; readonly ranges: readonly Range[] };

type PodPeer = Extract<Peer, { is: 'pods' }>;

export function policyOf({ metadata, spec = {} }: Manifest): Policy {
  const { podSelector = {}, policyTypes, ingress = [], egress = [] } = spec as NetworkPolicySpec;
  // "If no policyTypes are specified, Ingress will always be set and Egress if the policy has any egress rules."
  const types = policyTypes ?? (egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress']);
  return {
    namespace: metadata.namespace ?? '',
    pods: podSelector,
    ingress: types.includes('Ingress') ? ingress.map(({ from, ports }) => rule(from, ports)) : undefined,
    egress: types.includes('Egress') ? egress.map(({ to, ports }) => rule(to, ports)) : undefined,
  };
}

function rule(peers: readonly NetworkPolicyPeer[] = [], ports: readonly NetworkPolicyPort[] = []): Rule {
  return { peers: peers.map(peerOf), ports };
}

function peerOf({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer): Peer {
  if (ipBlock === undefined) return { is: 'pods', namespaces: namespaceSelector, pods: podSelector };
  const { cidr, except = [] } = ipBlock;
  return { is: 'addresses', cidr, ranges: subtract(rangesOf([cidr]), rangesOf(except)) };
}

/**
 * The pods with the fewest labels that a peer selects. Every pod that it selects has all labels of one of them, in the same
 * namespace; so if ends, which ask for labels and a namespace, cover these pods, they cover all.
 */
export function leastPods({ namespaces, pods }: PodPeer, own: string): Pod[] {
  const inside =
    namespaces === undefined ? [own] : leastLabels(namespaces).map(labels => labels[NAMESPACE_NAME] ?? ANY);
  const labels = pods === undefined ? [{}] : leastLabels(pods);
  return inside.flatMap(namespace => labels.map(each => ({ namespace, labels: each })));
}

/** The fewest labels that a selector matches: with each value that it takes, without what it only forbids. */
export function leastLabels(selector: LabelSelector): Labels[] {
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
export function peerAsText({ namespaces, pods }: PodPeer, own: string): string {
  const who = pods === undefined || isEmpty(pods) ? 'every pod' : `pods ${asText(pods)}`;
  if (namespaces === undefined) return `${who} of namespace ${own}`;
  if (isEmpty(namespaces)) return `${who} of every namespace`;
  const named = namespaces.matchLabels?.[NAMESPACE_NAME];
  if (named !== undefined && countOf(namespaces) === 1) return `${who} of namespace ${named}`;
  return `${who} of namespaces ${asText(namespaces)}`;
}
