import type { Rendered } from '../../render/manifest.ts';
import type { Labels } from '../rules/selector.ts';
import { DNS, DNS_PORT, INSTANCE } from './ends.ts';

export const CILIUM_POLICY = 'cilium.io/v2/CiliumNetworkPolicy';

/** A CiliumNetworkPolicy as far as wiring writes one: a workload's way out to hosts by name, to the API server and to DNS. */
export interface CiliumPolicy {
  readonly object: Rendered;
  readonly namespace: string;
  /** The workload that it selects; undefined where it selects in another way. */
  readonly instance: string | undefined;
  readonly egress: readonly NamedEgress[];
  /** Whether it puts DNS through Cilium's proxy, which is how Cilium learns the addresses of names. */
  readonly dns: boolean;
  /** Paths of what wiring does not write. */
  readonly odd: readonly string[];
}

/** One host that it opens, or the API server where there is none, at one TCP port. */
export interface NamedEgress {
  readonly at: string;
  readonly host?: string;
  readonly port: number;
}

/** docs.cilium.io/en/stable/security/policy, as far as it is read here. */
interface CiliumSpec {
  readonly description?: string;
  readonly endpointSelector?: Selector;
  readonly egress?: readonly EgressRule[];
}
interface EgressRule {
  readonly toEndpoints?: readonly Selector[];
  readonly toFQDNs?: readonly { readonly matchName?: string }[];
  readonly toEntities?: readonly string[];
  readonly toPorts?: readonly PortRule[];
}
interface Selector {
  readonly matchLabels?: Labels;
}
interface PortRule {
  readonly ports?: readonly PortProtocol[];
  readonly rules?: { readonly dns?: readonly object[] };
}
interface PortProtocol {
  readonly port?: string;
  readonly protocol?: string;
}

export function readCilium(object: Rendered): CiliumPolicy {
  const { spec, specs, metadata } = object.manifest;
  const { endpointSelector = {}, egress: rules = [], ...rest } = (spec ?? {}) as CiliumSpec;
  const odd = Object.keys(rest)
    .filter(key => key !== 'description')
    .map(key => `spec.${key}`);
  if (specs !== undefined) odd.push('specs');
  const instance = instanceOf(endpointSelector);
  if (instance === undefined) odd.push('spec.endpointSelector');
  const egress: NamedEgress[] = [];
  let dns = false;
  for (const [index, rule] of rules.entries()) {
    const at = `spec.egress[${index}]`;
    const named = isDns(rule) ? [] : namedEgress(rule, at);
    if (named === undefined) odd.push(at);
    else egress.push(...named);
    dns ||= isDns(rule) && rule.toPorts!.some(({ rules }) => rules?.dns !== undefined);
  }
  return { object, namespace: metadata.namespace ?? '', instance, egress, dns, odd };
}

function instanceOf(selector: Selector): string | undefined {
  const { [INSTANCE]: instance, ...others } = plain(selector);
  return Object.keys(others).length === 0 && onlyHas(selector, 'matchLabels') ? instance : undefined;
}

function isDns({ toEndpoints = [], toPorts, ...rest }: EgressRule): boolean {
  const isResolver = (selector: Selector) => {
    const { 'io.kubernetes.pod.namespace': namespace, ...labels } = plain(selector);
    return onlyHas(selector, 'matchLabels') && namespace === DNS.namespace && same(labels, DNS.labels!);
  };
  const ports = portsOf(toPorts);
  return (
    Object.keys(rest).length === 0 &&
    toEndpoints.length > 0 &&
    toEndpoints.every(isResolver) &&
    ports.length > 0 &&
    ports.every(each => each.port === `${DNS_PORT}` && onlyHas(each, 'port', 'protocol'))
  );
}

/** The hosts and ports of a rule; undefined for one that opens anything else. */
function namedEgress(rule: EgressRule, at: string): NamedEgress[] | undefined {
  const { toFQDNs = [], toEntities = [], toPorts = [] } = rule;
  const ports = portsOf(toPorts);
  const isPlain =
    onlyHas(rule, 'toFQDNs', 'toEntities', 'toPorts') &&
    toFQDNs.length + toEntities.length > 0 &&
    toFQDNs.every(each => each.matchName !== undefined && onlyHas(each, 'matchName')) &&
    toEntities.every(entity => entity === 'kube-apiserver') &&
    toPorts.every(each => onlyHas(each, 'ports')) &&
    ports.length > 0 &&
    ports.every(
      each => /^[1-9]\d*$/.test(each.port ?? '') && each.protocol === 'TCP' && onlyHas(each, 'port', 'protocol'),
    );
  if (!isPlain) return undefined;
  const peers = [
    ...toFQDNs.map(({ matchName }, index) => ({ at: `${at}.toFQDNs[${index}]`, host: matchName! })),
    ...toEntities.map((_, index) => ({ at: `${at}.toEntities[${index}]` })),
  ];
  return peers.flatMap(peer => ports.map(({ port }) => ({ ...peer, port: Number(port) })));
}

/** Every port; an empty one, which no reader takes, for an entry that names none. */
function portsOf(toPorts: readonly PortRule[] = []): readonly PortProtocol[] {
  return toPorts.flatMap(({ ports = [] }) => (ports.length > 0 ? ports : [{}]));
}

/** Labels without Cilium's word for where they come from. */
function plain({ matchLabels = {} }: Selector): Labels {
  return Object.fromEntries(Object.entries(matchLabels).map(([key, value]) => [key.replace(/^(k8s|any):/, ''), value]));
}

function same(a: Labels, b: Labels): boolean {
  return onlyHas(a, ...Object.keys(b)) && Object.entries(b).every(([key, value]) => a[key] === value);
}

function onlyHas(value: object, ...keys: readonly string[]): boolean {
  return Object.keys(value).every(key => keys.includes(key));
}
