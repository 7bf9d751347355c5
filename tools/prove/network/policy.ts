import type {
  LabelSelector,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import { type Range, rangeOf, subtract } from './address.ts';

export type Direction = 'ingress' | 'egress';

/** A NetworkPolicy with its defaults filled in. */
export interface Policy {
  readonly namespace: string;
  /** The pods that it isolates, of its own namespace. */
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
  return { is: 'addresses', cidr, ranges: subtract(known([cidr]), known(except)) };
}

/** What is no CIDR notation names no address; the API server refuses it. */
export function known(cidrs: readonly string[]): Range[] {
  return cidrs.map(rangeOf).filter(range => range !== undefined);
}
