import { expect, test } from 'vitest';
import type { NetworkPolicyPeer, NetworkPolicyPort } from '../../../imports/kubernetes.ts';
import { contains, rangeOf } from '../../../tools/prove/network/address.ts';
import { DNS, isOf, podOfEnd } from '../../../tools/prove/network/ends.ts';
import { type Endpoint, isPod, Network, type Pod } from '../../../tools/prove/network/network.ts';
import { policyOf } from '../../../tools/prove/network/policy.ts';
import { PUBLIC } from '../../../tools/prove/network/public.ts';
import type { End, Wire } from '../../../tools/prove/rule.ts';
import { networkWired } from '../../../tools/prove/rules/network-wired.ts';
import type { Labels } from '../../../tools/prove/rules/selector.ts';
import { inNamespace, instance, type Loose, object, selector, tcp, template } from './good/parts.ts';
import { unitOf } from './good-unit.ts';

/**
 * The law looks at each rule of a policy by itself. Here every pod, address and port of a small cluster is tried through
 * the evaluator instead, with policies and wires made by chance; both must agree, whatever comes.
 */
const ROUNDS = 200;

/** mulberry32, so that a failure comes again. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const NAMES = ['api', 'database'] as const;
const workload = (name: string): End => ({ is: 'workload', namespace: 'shop', name });
const edge: End = { is: 'pods', called: 'the edge', namespace: 'edge', labels: instance('edge') };
const known: End = { is: 'hosts', called: 'mail', hosts: ['mail.example'], addresses: ['192.0.2.16/28'] };
const unknown: End = { is: 'hosts', called: 'Stripe', hosts: ['api.stripe.com'] };
const apiServer: End = { is: 'api-server', addresses: ['10.9.0.25/32'] };

const PORTS = [53, 443, 7999, 8000, 8001, 8002];
const ADDRESSES = [
  '8.8.8.8',
  '10.0.0.1',
  '10.9.0.25',
  '169.254.169.254',
  '192.0.2.15',
  '192.0.2.16',
  '192.0.2.31',
  '192.0.2.32',
  'fd00:ec2::254',
].map(text => rangeOf(text)!);
const PODS: readonly Pod[] = ['shop', 'edge', 'kube-system', 'other'].flatMap(namespace =>
  [undefined, 'api', 'database', 'edge'].flatMap(name =>
    [{}, { role: 'primary' }].flatMap(role =>
      [{}, DNS.labels!].map(
        (dns): Pod => ({ namespace, labels: { ...(name && instance(name)), ...role, ...dns } as Labels }),
      ),
    ),
  ),
);

const EXCEPT = ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];
const anywhere = { ipBlock: { cidr: '0.0.0.0/0', except: EXCEPT } };
const dns = { ...inNamespace('kube-system'), podSelector: { matchLabels: { ...DNS.labels } } };
const expression = (operator: 'In' | 'NotIn' | 'Exists', ...values: string[]) => ({
  matchExpressions: [{ key: 'app.kubernetes.io/instance', operator, ...(values.length > 0 && { values }) }],
});

function peerOf(end: End): NetworkPolicyPeer {
  if (end.is === 'workload') return { ...inNamespace('shop'), podSelector: selector(end.name) };
  if (end.is === 'pods') return { ...inNamespace(end.namespace), podSelector: { matchLabels: { ...end.labels } } };
  return end.addresses ? { ipBlock: { cidr: end.addresses[0]! } } : anywhere;
}

const PEERS: readonly NetworkPolicyPeer[] = [
  ...[workload('api'), workload('database'), edge, known, apiServer].map(peerOf),
  anywhere,
  dns,
  inNamespace('edge'),
  { podSelector: selector('api') },
  { podSelector: { matchLabels: { ...instance('api'), role: 'primary' } } },
  { podSelector: expression('In', 'api', 'database') },
  { podSelector: expression('Exists') },
  { ...inNamespace('edge'), podSelector: expression('NotIn', 'api') },
  { ...inNamespace('edge'), podSelector: expression('In', 'edge') },
  { namespaceSelector: {}, podSelector: selector('edge') },
  { ipBlock: { cidr: '192.0.2.16/29' } },
  { ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.0/28', '192.0.2.32/27', '192.0.2.64/26', '192.0.2.128/25'] } },
  { ipBlock: { cidr: '10.0.0.0/8', except: ['10.9.0.25/32'] } },
  { ipBlock: { cidr: '0.0.0.0/0' } },
  { ipBlock: { cidr: 'fd00::/8' } },
];
const POLICY_PORTS: readonly NetworkPolicyPort[] = [
  tcp(443),
  tcp(8000),
  tcp(8001),
  { port: 8000 },
  { port: 8000, endPort: 8001, protocol: 'TCP' },
  { port: 'http', protocol: 'TCP' },
  { port: 53, protocol: 'UDP' },
  { protocol: 'TCP' },
] as NetworkPolicyPort[];

interface Case {
  readonly wires: readonly Wire[];
  readonly policies: Loose[];
}

function made(seed: number): Case {
  const next = chance(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  const wires = Array.from({ length: Math.floor(next() * 5) }, (): Wire => {
    const name = pick(NAMES);
    const end = pick([edge, workload(NAMES.find(other => other !== name)!), known, unknown, apiServer]);
    const port = pick([443, 8000, 8001]);
    return end.is === 'pods' ? { from: end, to: workload(name), port } : { from: workload(name), to: end, port };
  });
  const policies = NAMES.map(name => {
    const isMe = (end: End) => end.is === 'workload' && end.name === name;
    const egress = wires
      .filter(({ from }) => isMe(from))
      .map(({ to, port }) => ({ to: [peerOf(to)], ports: [tcp(port)] }));
    const ingress = wires
      .filter(({ to }) => isMe(to))
      .map(({ from, port }) => ({ from: [peerOf(from)], ports: [tcp(port)] }));
    return policy(name, selector(name), ingress, [
      { to: [dns], ports: [tcp(53), { port: 53, protocol: 'UDP' }] },
      ...egress,
    ]);
  });
  policies.push(policy('second', pick([selector('api'), selector('database'), expression('Exists'), {}]), [], []));
  for (let change = Math.floor(next() * 3); change > 0; change--) {
    const [direction, side] = pick([['ingress', 'from'] as const, ['egress', 'to'] as const]);
    const rules: Loose[] = pick(policies).spec[direction];
    if (next() < 0.4) rules.splice(Math.floor(next() * rules.length), 1);
    else rules.push(ruleOf(side, pick(PEERS), pick(POLICY_PORTS), next()));
  }
  return { wires, policies: [policy('default-deny', {}, [], []), ...policies] };
}

/** A rule, now and then for everybody or for every port. */
function ruleOf(side: 'from' | 'to', peer: NetworkPolicyPeer, port: NetworkPolicyPort, luck: number): object {
  // Where nobody knows which number has the name, the law says so, though it opens nothing here.
  const isUnknown = side === 'to' && port.port === 'http' && !PEERS.slice(0, 2).includes(peer);
  const ports = [isUnknown ? tcp(8000) : port];
  return { ...(luck > 0.05 && { [side]: [peer] }), ...(luck < 0.95 && { ports }) };
}

function policy(name: string, podSelector: object, ingress: object[], egress: object[]): Loose {
  const spec = { podSelector, policyTypes: ['Ingress', 'Egress'], ingress, egress };
  return object('networking.k8s.io/v1/NetworkPolicy', name, { spec });
}

const http = { ports: [{ name: 'http', containerPort: 8000, protocol: 'TCP' }] };
const DEPLOYMENTS = NAMES.map(name =>
  object('apps/v1/Deployment', name, { spec: { selector: selector(name), template: template(name, http) } }),
);

/** Whether everything that is open was wired, and everything that was wired is open, tried one by one. */
function isRight({ wires, policies }: Case): boolean {
  const network = new Network(policies.map(policyOf));
  const pods = new Map(
    NAMES.map(name => [name, { namespace: 'shop', labels: (template(name, http) as Loose).metadata.labels, ...http }]),
  );
  const others = PODS.map(pod =>
    [...pods.values()].find(
      own => pod.namespace === 'shop' && isOf(workload(own.labels['app.kubernetes.io/instance']), pod),
    )
      ? { ...pod, ...http }
      : pod,
  );
  const means = (end: End, other: Endpoint): boolean => {
    if (isPod(other)) return isOf(end, other);
    if (end.is === 'hosts' && !end.addresses) return PUBLIC.some(range => contains(range, other));
    return (
      (end.is === 'hosts' || end.is === 'api-server') && end.addresses!.some(cidr => contains(rangeOf(cidr)!, other))
    );
  };
  const isWanted = (pod: Pod, direction: 'ingress' | 'egress', other: Endpoint, port: number, protocol: string) =>
    (direction === 'egress' && port === 53 && isPod(other) && isOf(DNS, other)) ||
    (protocol === 'TCP' &&
      wires.some(({ from, to, port: wired }) => {
        const [mine, theirs] = direction === 'egress' ? [from, to] : [to, from];
        return wired === port && isOf(mine, pod) && means(theirs, other);
      }));

  const unlabelled = PODS.filter(
    ({ namespace, labels }) => namespace === 'shop' && !('app.kubernetes.io/instance' in labels),
  );
  for (const pod of [...pods.values(), ...unlabelled]) {
    for (const direction of ['ingress', 'egress'] as const) {
      for (const other of [...others, ...ADDRESSES]) {
        for (const port of PORTS) {
          for (const protocol of ['TCP', 'UDP'] as const) {
            if (!network.permits(pod, direction, other, port, protocol)) continue;
            if (unlabelled.includes(pod) || !isWanted(pod, direction, other, port, protocol)) return false;
          }
        }
      }
    }
  }
  const open = (from: Endpoint, to: Endpoint, port: number, protocol: 'TCP' | 'UDP' = 'TCP') =>
    network.allows(from, to, port, protocol);
  const endpoints = (end: End): Endpoint[] => {
    if (end.is === 'workload') return [pods.get(end.name as 'api')!];
    if (end.is === 'pods') return [podOfEnd(end)!];
    return ADDRESSES.filter(
      address => means(end, address) && !(end.is === 'hosts' && !end.addresses && address !== ADDRESSES[0]),
    );
  };
  return (
    wires.every(({ from, to, port }) => endpoints(from).every(a => endpoints(to).every(b => open(a, b, port)))) &&
    [...pods.values()].every(pod => open(pod, podOfEnd(DNS)!, 53) && open(pod, podOfEnd(DNS)!, 53, 'UDP'))
  );
}

test(`${ROUNDS} units made by chance: the law agrees with trying everything`, () => {
  let right = 0;
  for (let seed = 0; seed < ROUNDS; seed++) {
    const { wires, policies } = made(seed);
    const findings = [...networkWired.check(unitOf([...DEPLOYMENTS, ...policies], { wiring: wires }))];
    const isSilent = findings.length === 0;
    if (isSilent) right++;
    expect(isSilent, `seed ${seed}: ${JSON.stringify({ wires, policies })} ${findings.map(({ given }) => given)}`).toBe(
      isRight({ wires, policies }),
    );
  }
  expect(right).toBeGreaterThan(ROUNDS / 10);
  expect(right).toBeLessThan((ROUNDS * 9) / 10);
});
