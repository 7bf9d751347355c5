import { expect, test } from 'vitest';
import { DECLARE, UNPATCH } from '../../../tools/prove/network/remedies.ts';
import type { Objects } from './broken.ts';
import { instance, type Loose, object, selector } from './good/parts.ts';
import { egress, judged } from './good/wired.ts';

const https = () => [{ ports: [{ port: '443', protocol: 'TCP' }] }];
const KUBE_DNS = { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' };
const asks = (...toEndpoints: Loose[]) => ({
  toEndpoints,
  toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
});
const dns = asks({ matchLabels: KUBE_DNS });
const names = (...hosts: string[]) => ({ toFQDNs: hosts.map(matchName => ({ matchName })), toPorts: https() });
const entity = (name: string) => ({ toEntities: [name], toPorts: https() });
const cilium = (name: string, rules: Loose[], more: object = {}) =>
  object('cilium.io/v2/CiliumNetworkPolicy', name, {
    spec: { endpointSelector: selector(name), egress: rules, ...more },
  });

/** Names in place of addresses. */
function byName(change: (it: Objects) => void) {
  return judged(it => {
    egress(it, 'api').splice(2, 1);
    egress(it, 'database').splice(1, 1);
    it.api = cilium('api', [dns, names('api.stripe.com', 'files.stripe.com')]);
    it.database = cilium('database', [dns, entity('kube-apiserver')]);
    change(it);
  });
}
const ODD = "says more than one workload's way to whole host names, the API server or DNS at ports of its own";

test('hosts and the API server by name', () => {
  expect(byName(() => {})).toEqual([]);
});

test('DNS by its proxy alone', () => {
  expect(byName(it => egress(it, 'api').shift())).toEqual([]);
});

test.each<[string, (it: Objects) => void, string, string]>([
  [
    'a host is missing',
    it => it.api.spec.egress[1].toFQDNs.pop(),
    'CiliumNetworkPolicy.api: the wire from api to Stripe at TCP 443 is closed: no policy opens the egress of api to files.stripe.com',
    UNPATCH,
  ],
  [
    'the API server is missing',
    it => it.database.spec.egress.pop(),
    'CiliumNetworkPolicy.database: the wire from database to the API server at TCP 443 is closed: no policy opens the egress of database to the API server',
    UNPATCH,
  ],
  [
    'a host that nobody wired',
    it => it.api.spec.egress.push(names('example.org')),
    'CiliumNetworkPolicy.api: spec.egress[2].toFQDNs[0] lets api reach TCP 443 of example.org, which nobody wired',
    DECLARE,
  ],
  [
    'a host at another port',
    it =>
      it.api.spec.egress.push({
        ...names('api.stripe.com'),
        toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }],
      }),
    'CiliumNetworkPolicy.api: spec.egress[2].toFQDNs[0] lets api reach TCP 80 of api.stripe.com, which nobody wired',
    DECLARE,
  ],
  [
    'the API server that nobody wired',
    it => it.api.spec.egress.push(entity('kube-apiserver')),
    'CiliumNetworkPolicy.api: spec.egress[2].toEntities[0] lets api reach TCP 443 of the API server, which nobody wired',
    DECLARE,
  ],
  [
    'names without DNS',
    it => it.api.spec.egress.shift(),
    'CiliumNetworkPolicy.api: nothing puts the DNS of api through Cilium, which so learns no address of a host',
    UNPATCH,
  ],
  [
    'names with DNS past the proxy',
    it => {
      it.api.spec.egress[0] = { ...dns, toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }] }] };
    },
    'CiliumNetworkPolicy.api: nothing puts the DNS of api through Cilium, which so learns no address of a host',
    UNPATCH,
  ],
  [
    'a policy of nobody',
    it => {
      it.other = cilium('web', [dns]);
    },
    'CiliumNetworkPolicy.web: spec.endpointSelector app.kubernetes.io/instance=web matches no pod',
    'remove the policy',
  ],
  [
    'a policy of another namespace',
    it => {
      it.other = cilium('worker', [dns]);
      it.other.metadata.namespace = 'elsewhere';
    },
    'CiliumNetworkPolicy.worker: spec.endpointSelector app.kubernetes.io/instance=worker matches no pod',
    'remove the policy',
  ],
])('%s', (_, change, finding, remedy) => {
  expect(byName(change)).toEqual([`${finding}; ${remedy}`]);
});

test.each<[string, Loose]>([
  ['every name', { toFQDNs: [{ matchPattern: '*' }], toPorts: https() }],
  ['names without ports', { toFQDNs: [{ matchName: 'api.stripe.com' }] }],
  ['ports without names', { toPorts: https() }],
  ['an empty list of ports', { ...names('api.stripe.com'), toPorts: [{}] }],
  ['every port', { ...names('api.stripe.com'), toPorts: [{ ports: [{ port: '0', protocol: 'TCP' }] }] }],
  [
    'a span of ports',
    { ...names('api.stripe.com'), toPorts: [{ ports: [{ port: '1', endPort: 65535, protocol: 'TCP' }] }] },
  ],
  ['every protocol', { ...names('api.stripe.com'), toPorts: [{ ports: [{ port: '443' }] }] }],
  ['the world', entity('world')],
  ['addresses', { toCIDR: ['0.0.0.0/0'], toPorts: https() }],
  ['pods', asks({ matchLabels: instance('database') })],
  ['any pod, beside DNS', asks({ matchLabels: KUBE_DNS }, {})],
  ['nobody at the port of DNS, which is anybody', asks()],
  ['any pod of the namespace of DNS', asks({ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system' } })],
  ['pods like those of DNS elsewhere', asks({ matchLabels: { 'k8s:k8s-app': 'kube-dns' } })],
  ['some pods of DNS', asks({ matchLabels: { ...KUBE_DNS, 'k8s:team': 'edge' } })],
  ['pods by an expression', asks({ matchLabels: KUBE_DNS, matchExpressions: [] })],
  ['addresses, beside DNS', { ...dns, toCIDR: ['0.0.0.0/0'] }],
  ['every port of DNS', { toEndpoints: dns.toEndpoints }],
  ['a span of ports from DNS on', { ...dns, toPorts: [{ ports: [{ port: '53', endPort: 99, protocol: 'ANY' }] }] }],
  ['requests of some kinds', { ...names('api.stripe.com'), toPorts: [{ ...https()[0], rules: { http: [] } }] }],
  ['a name with a pattern', { toFQDNs: [{ matchName: 'api.stripe.com', matchPattern: '*' }], toPorts: https() }],
  ['addresses, beside names', { ...names('api.stripe.com'), toCIDR: ['0.0.0.0/0'] }],
  ['another port of DNS', { ...dns, toPorts: [{ ports: [{ port: '9153', protocol: 'TCP' }] }] }],
])('what wiring does not write: %s', (_, rule) => {
  expect(byName(it => it.api.spec.egress.push(rule))).toEqual([
    `CiliumNetworkPolicy.api: spec.egress[2] ${ODD}; ${DECLARE}`,
  ]);
});

test.each([
  { matchLabels: { ...instance('worker'), team: 'shop' } },
  { matchLabels: instance('worker'), matchExpressions: [] },
])('a selector that says more than one label: %j', endpointSelector => {
  const more = cilium('worker', [dns], { endpointSelector });
  expect(byName(it => Object.assign(it, { more }))).toEqual([
    `CiliumNetworkPolicy.worker: spec.endpointSelector ${ODD}; ${DECLARE}`,
  ]);
});

test('other fields: ingress, selectors of more than one workload, several specs', () => {
  expect(
    byName(it => {
      it.api.spec.ingress = [{}];
      it.more = cilium('worker', [dns], { endpointSelector: {} });
      it.more.specs = [];
    }),
  ).toEqual([
    `CiliumNetworkPolicy.api: spec.ingress ${ODD}; ${DECLARE}`,
    `CiliumNetworkPolicy.worker: specs ${ODD}; ${DECLARE}`,
    `CiliumNetworkPolicy.worker: spec.endpointSelector ${ODD}; ${DECLARE}`,
  ]);
});
