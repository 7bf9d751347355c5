import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import { rangeOf } from '../network/address.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { countOf, isEmpty } from './selector.ts';

export const NETWORK_POLICY = 'networking.k8s.io/v1/NetworkPolicy';

/** Whether a policy selects every pod and allows nothing. */
export function isDefaultDeny({
  podSelector,
  policyTypes = [],
  ingress = [],
  egress = [],
}: NetworkPolicySpec): boolean {
  return isEmpty(podSelector) && policyTypes.length === 2 && ingress.length === 0 && egress.length === 0;
}

export const networkPolicy: ObjectRule = {
  name: 'network-policy',
  demands: 'A NetworkPolicy states both directions, selects pods by one label, and opens named ports to named peers.',
  except: 'A namespace’s default-deny selects all pods. `ipBlock: 0.0.0.0/0` is everybody, but says so.',
  kinds: [NETWORK_POLICY],
  *check(manifest: Manifest): Iterable<Problem> {
    const spec = (manifest.spec ?? {}) as NetworkPolicySpec;
    const { podSelector, policyTypes = [], ingress = [], egress = [] } = spec;
    for (const type of ['Ingress', 'Egress'] as const) {
      if (!policyTypes.includes(type))
        yield { given: `spec.policyTypes has no ${type}`, remedy: 'write both, so that what is not allowed is denied' };
    }
    if (!isDefaultDeny(spec) && countOf(podSelector) !== 1) {
      yield {
        given: `spec.podSelector has ${countOf(podSelector)} conditions`,
        remedy: 'select by one label, app.kubernetes.io/instance',
      };
    }
    for (const [index, { from, ports }] of ingress.entries())
      yield* rule(from, ports, `spec.ingress[${index}]`, 'from');
    for (const [index, { to, ports }] of egress.entries()) yield* rule(to, ports, `spec.egress[${index}]`, 'to');
  },
};

function* rule(
  peers: readonly NetworkPolicyPeer[] | undefined,
  ports: readonly NetworkPolicyPort[] | undefined,
  at: string,
  side: 'from' | 'to',
): Iterable<Problem> {
  if (!peers?.length)
    yield {
      given: `${at} has no ${side}, and so means everybody`,
      remedy: `name who: a podSelector, a namespaceSelector or an ipBlock`,
    };
  for (const [index, { ipBlock, namespaceSelector, podSelector }] of (peers ?? []).entries()) {
    const open =
      ipBlock === undefined && isEmpty(podSelector) && namespaceSelector !== undefined && isEmpty(namespaceSelector);
    if (open)
      yield {
        given: `${at}.${side}[${index}] means every pod of the cluster`,
        remedy: 'name a namespace (kubernetes.io/metadata.name) or pods',
      };
    else if (!ipBlock && !namespaceSelector && !podSelector)
      yield {
        given: `${at}.${side}[${index}] is empty`,
        remedy: 'give a podSelector, a namespaceSelector or an ipBlock',
      };
    for (const range of ipBlock ? [ipBlock.cidr, ...(ipBlock.except ?? [])] : []) {
      if (!range.includes('/') || rangeOf(range) === undefined)
        yield {
          given: `${at}.${side}[${index}].ipBlock has "${range}"`,
          remedy: 'write an address, "/" and how many of its bits count, e.g. 10.0.0.0/8',
        };
    }
  }
  if (!ports?.length)
    yield {
      given: `${at} has no ports, and so opens all of them`,
      remedy: 'name each, e.g. { port: 8080, protocol: TCP }',
    };
  for (const [index, { port, protocol }] of (ports ?? []).entries()) {
    if (port === undefined)
      yield {
        given: `${at}.ports[${index}] has no port, and so opens all of them`,
        remedy: 'give it, e.g. port: 8080',
      };
    if (protocol === undefined)
      yield { given: `${at}.ports[${index}] has no protocol`, remedy: 'write TCP, as the API server will' };
  }
}
