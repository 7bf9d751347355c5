import { expect, test } from 'vitest';
import { networkMatrix } from '../../../tools/prove/network/matrix.ts';
import type { Objects } from './broken.ts';
import { inNamespace, object, selector, tcp } from './good/parts.ts';
import { block, egress, ingress, WIRES, wired } from './good/wired.ts';
import { unitOf } from './good-unit.ts';

function matrix(change: (it: Objects) => void = () => {}): string {
  const it = wired();
  change(it);
  return networkMatrix(unitOf(Object.values(it), { wiring: WIRES }));
}

/** The cell of a row and a column. */
function cell(text: string, from: string, to: string): string | undefined {
  const rows = text.split('\n').map(line => line.split('|').map(each => each.trim()));
  return rows.find(row => row[1] === from)?.[rows[0]!.indexOf(to)];
}

test('who may talk to whom', () => {
  expect(matrix()).toMatchInlineSnapshot(`
    "| from ↓ to →   | api  | clean | database | migrate | worker | cluster DNS | Stripe | mail | the API server | any other pod | the internet |
    | ------------- | ---- | ----- | -------- | ------- | ------ | ----------- | ------ | ---- | -------------- | ------------- | ------------ |
    | api           | –    | –     | 8000     | –       | –      | 53, 53/UDP  | 443    | –    | –              | –             | 443          |
    | clean         | –    | –     | –        | –       | –      | 53, 53/UDP  | –      | –    | –              | –             | –            |
    | database      | –    | –     | –        | –       | –      | 53, 53/UDP  | –      | –    | 443            | –             | –            |
    | migrate       | –    | –     | –        | –       | –      | 53, 53/UDP  | –      | –    | –              | –             | –            |
    | worker        | –    | –     | –        | –       | –      | 53, 53/UDP  | –      | 587  | –              | –             | –            |
    | Prometheus    | –    | –     | –        | –       | 8000   |             |        |      |                |               |              |
    | the edge      | 8000 | 8000  | 8000     | 8000    | 8000   |             |        |      |                |               |              |
    | any other pod | –    | –     | –        | –       | –      |             |        |      |                |               |              |
    | the internet  | –    | –     | –        | –       | –      |             |        |      |                |               |              |
    "
  `);
});

test('it is computed from the policies, so what nobody wired shows', () => {
  const open = matrix(it => {
    egress(it, 'clean').push({ to: [{ podSelector: selector('worker') }], ports: [{ protocol: 'TCP' }] });
    egress(it, 'clean').push({ to: [inNamespace('monitoring')], ports: [tcp(9090)] });
    egress(it, 'migrate').push({ to: [block('8.8.8.8/32')], ports: [{ port: 53, protocol: 'UDP' }] });
    ingress(it, 'worker').push({ from: [{ podSelector: selector('clean') }], ports: [{ port: 8000, endPort: 8003 }] });
    ingress(it, 'worker').push({ from: [inNamespace('edge')], ports: [{ port: 'http' }] });
    ingress(it, 'worker').push({ from: [inNamespace('monitoring')] });
    ingress(it, 'worker').push({ ports: [tcp(9000)] });
  });
  expect(cell(open, 'clean', 'worker')).toBe('8000–8003, 9000');
  expect(cell(open, 'clean', 'any other pod')).toBe('9090');
  expect(cell(open, 'migrate', 'the internet')).toBe('53/UDP');
  expect(cell(open, 'any other pod', 'worker')).toBe('every, every/UDP, every/SCTP');
  expect(cell(open, 'the internet', 'worker')).toBe('9000');
  expect(cell(open, 'the edge', 'worker')).toBe('8000, 9000');
});

test('one side that is closed closes it', () => {
  expect(
    cell(
      matrix(it => egress(it, 'api').splice(1, 1)),
      'api',
      'database',
    ),
  ).toBe('–');
  expect(
    cell(
      matrix(it => ingress(it, 'database').splice(1, 1)),
      'api',
      'database',
    ),
  ).toBe('–');
});

test('hosts and the API server are open if all of them is', () => {
  const half = matrix(it => {
    egress(it, 'worker')[1].to.pop();
    egress(it, 'database')[1].to[0].ipBlock.cidr = '10.20.0.10/32';
  });
  expect(cell(half, 'worker', 'mail')).toBe('–');
  expect(cell(half, 'database', 'the API server')).toBe('–');
});

test('names that Cilium matches', () => {
  const byName = matrix(it => {
    egress(it, 'api').splice(2, 1);
    const toFQDNs = ['api.stripe.com', 'files.stripe.com'].map(matchName => ({ matchName }));
    const rule = { toFQDNs, toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] };
    it.names = object('cilium.io/v2/CiliumNetworkPolicy', 'api', {
      spec: { endpointSelector: selector('api'), egress: [rule] },
    });
  });
  expect(cell(byName, 'api', 'Stripe')).toBe('443');
  expect(cell(byName, 'api', 'the internet')).toBe('–');
});

test('namespaces stand before names where the unit has several', () => {
  const two = matrix(it => {
    it['NetworkPolicy database'].metadata.namespace = 'shop-data';
    it['StatefulSet database'].metadata.namespace = 'shop-data';
  });
  expect(cell(two, 'shop-data/database', 'cluster DNS')).toBe('53, 53/UDP');
  expect(cell(two, 'shop/api', 'shop-data/database')).toBe('–');
});
