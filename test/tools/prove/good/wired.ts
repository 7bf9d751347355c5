import type { End, Wire } from '../../../../tools/prove/rule.ts';
import { networkWired } from '../../../../tools/prove/rules/network-wired.ts';
import type { Objects } from '../broken.ts';
import { goodObjects, unitOf, WIRING } from '../good-unit.ts';
import { inNamespace, selector, tcp } from './parts.ts';

export const workload = (name: string): End => ({ is: 'workload', namespace: 'shop', name });
const stripe: End = { is: 'hosts', called: 'Stripe', hosts: ['api.stripe.com', 'files.stripe.com'] };
const mail: End = {
  is: 'hosts',
  called: 'mail',
  hosts: ['smtp.example.net'],
  addresses: ['192.0.2.16/28', '10.9.0.25/32'],
};
const apiServer: End = { is: 'api-server', addresses: ['10.20.0.10/32', '10.20.0.11/32'] };

export const WIRES: readonly Wire[] = [
  ...WIRING,
  { from: workload('api'), to: workload('database'), port: 8000 },
  { from: workload('api'), to: stripe, port: 443 },
  { from: workload('worker'), to: mail, port: 587 },
  { from: workload('database'), to: apiServer, port: 443 },
];

export const INSIDE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
];
export const INSIDE_6 = ['::1/128', 'fc00::/7', 'fe80::/10'];
export const pods = (name: string) => ({ ...inNamespace('shop'), podSelector: selector(name) });
export const block = (cidr: string, except?: string[]) => ({ ipBlock: { cidr, ...(except && { except }) } });
export const egress = (it: Objects, name: string) => it[`NetworkPolicy ${name}`].spec.egress;
export const ingress = (it: Objects, name: string) => it[`NetworkPolicy ${name}`].spec.ingress;

/** The good unit with these wires, and policies that fit them. */
export function wired(): Objects {
  const it: Objects = Object.fromEntries(goodObjects().map(each => [`${each.kind} ${each.metadata.name}`, each]));
  ingress(it, 'database').push({ from: [pods('api')], ports: [tcp(8000)] });
  egress(it, 'api').push({ to: [pods('database')], ports: [tcp(8000)] });
  egress(it, 'api').push({ to: [block('0.0.0.0/0', INSIDE)], ports: [tcp(443)] });
  egress(it, 'worker').push({ to: [block('192.0.2.16/28'), block('10.9.0.25/32')], ports: [tcp(587)] });
  egress(it, 'database').push({ to: [block('10.20.0.10/31')], ports: [tcp(443)] });
  return it;
}

/** What the law says after a change, as `construct: given; remedy`. */
export function judged(change: (it: Objects) => void, wiring: readonly Wire[] | undefined = WIRES): string[] {
  const it = wired();
  change(it);
  const unit = unitOf(Object.values(it), { wiring });
  return [...networkWired.check(unit)].map(
    ({ object, given, remedy }) => `${object.construct.replace('shop/', '')}: ${given}; ${remedy}`,
  );
}
