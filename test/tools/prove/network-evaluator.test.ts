import { expect, test } from 'vitest';
import type { NetworkPolicySpec } from '../../../imports/kubernetes.ts';
import { rangeOf } from '../../../tools/prove/network/address.ts';
import { type Endpoint, Network, type Pod, type Protocol } from '../../../tools/prove/network/network.ts';
import { policyOf } from '../../../tools/prove/network/policy.ts';

type Written = NetworkPolicySpec & { in?: string };

function network(policies: readonly Written[], labels: Record<string, Record<string, string>> = {}): Network {
  const written = policies.map(({ in: namespace = 'x', ...spec }) =>
    policyOf({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'policy', namespace },
      spec,
    }),
  );
  return new Network(written, new Map(Object.entries(labels)));
}

/** The cluster of Kubernetes' end-to-end tests: pods a, b and c in namespaces x, y and z, ports with names. */
const PODS: readonly Pod[] = ['x', 'y', 'z'].flatMap(namespace =>
  ['a', 'b', 'c'].map(pod => ({
    namespace,
    labels: { pod },
    ports: [80, 81].flatMap(containerPort =>
      ['TCP', 'UDP', 'SCTP'].map(protocol => ({
        name: `serve-${containerPort}-${protocol.toLowerCase()}`,
        containerPort,
        protocol,
      })),
    ),
  })),
);
const NAMESPACES = { x: { ns: 'x' }, y: { ns: 'y' }, z: { ns: 'z' } };
const nameOf = ({ namespace, labels }: Pod) => `${namespace}/${labels.pod}`;

/** All ordered pairs of pods, loopback apart: plugins differ there, and the tests of Kubernetes leave it out too. */
const PAIRS = PODS.flatMap(from => PODS.filter(to => to !== from).map(to => [from, to] as const));

/** A truth table as the tests of Kubernetes build it: all is open, then each line opens or closes, `*` being any. */
function table(lines: readonly string[]): string[] {
  const open = new Set(PAIRS.map(([from, to]) => `${nameOf(from)} ${nameOf(to)}`));
  for (const line of lines) {
    const [, sign, from, to] = /^([+-]) (\S+) > (\S+)$/.exec(line)!;
    const is = (pattern: string, pod: Pod) => nameOf(pod).startsWith(pattern.replace('*', ''));
    for (const [source, target] of PAIRS) {
      if (!is(from!, source) || !is(to!, target)) continue;
      if (sign === '+') open.add(`${nameOf(source)} ${nameOf(target)}`);
      else open.delete(`${nameOf(source)} ${nameOf(target)}`);
    }
  }
  return [...open].sort();
}

const pod = (...names: string[]) =>
  names.length === 1
    ? { matchLabels: { pod: names[0]! } }
    : { matchExpressions: [{ key: 'pod', operator: 'In' as const, values: names }] };
const named = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
const not = (name: string) => ({
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn' as const, values: [name] }],
});
const onlyTo = (name: string) => [`- * > ${name}`];

/** Cases of test/e2e/network/netpol/network_policy.go, which every conformant plugin passes; policies stand in namespace x. */
const CASES: [string, Written[], string[], number?, Protocol?][] = [
  ['no policy', [], []],
  ['default deny of ingress', [{ podSelector: {}, policyTypes: ['Ingress'] }], ['- * > x/*']],
  [
    'default deny of all',
    [{ podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [], egress: [] }],
    ['- * > x/*', '- x/* > *'],
  ],
  [
    'pods of the same namespace, by podSelector',
    [{ podSelector: pod('a'), ingress: [{ from: [{ podSelector: pod('b') }] }] }],
    [...onlyTo('x/a'), '+ x/b > x/a'],
  ],
  [
    'everybody to one pod beside a default deny',
    [{ podSelector: {} }, { podSelector: pod('a'), ingress: [{ from: [{ podSelector: {}, namespaceSelector: {} }] }] }],
    ['- * > x/*', '+ * > x/a'],
  ],
  [
    'all namespaces, by an empty namespaceSelector',
    [{ podSelector: pod('a'), ingress: [{ from: [{ namespaceSelector: {} }] }] }],
    [],
  ],
  [
    'one namespace, by its name',
    [{ podSelector: pod('a'), ingress: [{ from: [{ namespaceSelector: named('y') }] }] }],
    [...onlyTo('x/a'), '+ y/* > x/a'],
  ],
  [
    'one namespace, by a label of its own',
    [{ podSelector: pod('a'), ingress: [{ from: [{ namespaceSelector: { matchLabels: { ns: 'y' } } }] }] }],
    [...onlyTo('x/a'), '+ y/* > x/a'],
  ],
  [
    'pods by In',
    [
      {
        podSelector: pod('a'),
        ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'pod', operator: 'In', values: ['b'] }] } }] }],
      },
    ],
    [...onlyTo('x/a'), '+ x/b > x/a'],
  ],
  [
    'namespaces by In',
    [
      {
        podSelector: pod('a'),
        ingress: [
          { from: [{ namespaceSelector: { matchExpressions: [{ key: 'ns', operator: 'In', values: ['y', 'z'] }] } }] },
        ],
      },
    ],
    [...onlyTo('x/a'), '+ y/* > x/a', '+ z/* > x/a'],
  ],
  [
    'pods that have a label, and pods that lack one',
    [
      {
        podSelector: pod('a'),
        ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'pod', operator: 'Exists' }] } }] }],
      },
      {
        podSelector: pod('b'),
        ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'pod', operator: 'DoesNotExist' }] } }] }],
      },
    ],
    ['- * > x/a', '- * > x/b', '+ x/* > x/a'],
  ],
  [
    'podSelector or namespaceSelector: two items of the list',
    [{ podSelector: pod('a'), ingress: [{ from: [{ namespaceSelector: not('x') }, { podSelector: pod('b') }] }] }],
    ['- x/a > x/a', '- x/c > x/a'],
  ],
  [
    'podSelector and namespaceSelector: one item',
    [{ podSelector: pod('a'), ingress: [{ from: [{ namespaceSelector: not('x'), podSelector: pod('b') }] }] }],
    [...onlyTo('x/a'), '+ y/b > x/a', '+ z/b > x/a'],
  ],
  [
    'several pods of several namespaces',
    [{ podSelector: pod('a'), ingress: [{ from: [{ namespaceSelector: not('x'), podSelector: pod('b', 'c') }] }] }],
    ['- x/* > x/a', '- y/a > x/a', '- z/a > x/a'],
  ],
  [
    'any of several podSelectors',
    [{ podSelector: pod('a'), ingress: [{ from: [{ podSelector: pod('b') }, { podSelector: pod('c') }] }] }],
    [...onlyTo('x/a'), '+ x/b > x/a', '+ x/c > x/a'],
  ],
  ...([80, 81] as const).map((port): (typeof CASES)[number] => [
    `one port of two, tried at ${port}`,
    [
      {
        podSelector: pod('a'),
        ingress: [{ from: [{ namespaceSelector: named('y') }], ports: [{ port: 81, protocol: 'TCP' }] }],
      },
    ],
    port === 81 ? ['- x/* > x/a', '- z/* > x/a'] : onlyTo('x/a'),
    port,
  ]),
  [
    'policies add to each other',
    [
      { podSelector: pod('a'), ingress: [{ from: [{ namespaceSelector: named('y') }], ports: [{ port: 81 }] }] },
      { podSelector: pod('a'), ingress: [{ from: [{ namespaceSelector: named('y') }], ports: [{ port: 80 }] }] },
    ],
    ['- x/* > x/a', '- z/* > x/a'],
  ],
  ['allow all ingress', [{ podSelector: {}, ingress: [{}] }], []],
  [
    'an ingress port by name: only that one',
    [{ podSelector: {}, ingress: [{ ports: [{ port: 'serve-81-tcp' }] }] }],
    ['- * > x/*'],
  ],
  ['an ingress port by name: open', [{ podSelector: {}, ingress: [{ ports: [{ port: 'serve-81-tcp' }] }] }], [], 81],
  [
    'an egress port by name is the destination’s',
    [{ podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'serve-80-tcp' }] }] }],
    [],
  ],
  [
    'an egress port by name: no other',
    [{ podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'serve-80-tcp' }] }] }],
    ['- x/* > *'],
    81,
  ],
  [
    'one’s own namespace, by an empty podSelector',
    [{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }],
    ['- y/* > x/*', '- z/* > x/*'],
  ],
  ['deny egress of one pod', [{ podSelector: pod('a'), policyTypes: ['Egress'] }], ['- x/a > *']],
  ['deny egress of a namespace', [{ podSelector: {}, policyTypes: ['Egress'], egress: [] }], ['- x/* > *']],
  ...([80, 81] as const).map((port): (typeof CASES)[number] => [
    `ingress and egress together, tried at ${port}`,
    [
      {
        podSelector: pod('a'),
        policyTypes: ['Egress', 'Ingress'],
        ingress: [{ from: [{ podSelector: pod('b') }] }],
        egress: [{ ports: [{ port: 80 }] }],
      },
    ],
    [...onlyTo('x/a'), '+ x/b > x/a', ...(port === 81 ? ['- x/a > *'] : [])],
    port,
  ]),
  [
    'egress denies what the destination would take',
    [
      {
        podSelector: pod('a'),
        policyTypes: ['Egress'],
        egress: [{ to: [{ namespaceSelector: named('y'), podSelector: pod('a') }] }],
      },
      ...['a', 'b'].map(
        (name): Written => ({
          in: 'y',
          podSelector: pod(name),
          ingress: [{ from: [{ namespaceSelector: named('x'), podSelector: pod('a') }] }],
        }),
      ),
    ],
    ['- x/a > *', '- * > y/a', '- * > y/b', '+ x/a > y/a'],
  ],
  ...(['TCP', 'UDP'] as const).map((protocol): (typeof CASES)[number] => [
    `every port of TCP, tried over ${protocol}`,
    [{ podSelector: pod('a'), ingress: [{ ports: [{ protocol: 'TCP' }] }] }],
    protocol === 'TCP' ? [] : onlyTo('x/a'),
    80,
    protocol,
  ]),
  [
    'SCTP is not TCP',
    [{ podSelector: {} }, { podSelector: pod('a'), ingress: [{ ports: [{ port: 81, protocol: 'SCTP' }] }] }],
    ['- * > x/*'],
    81,
  ],
  [
    'a policy for SCTP isolates for TCP too',
    [{ podSelector: pod('a'), ingress: [{ ports: [{ port: 80, protocol: 'SCTP' }] }] }],
    onlyTo('x/a'),
    81,
  ],
  [
    'UDP is not TCP',
    [{ podSelector: pod('a'), ingress: [{ ports: [{ port: 81, protocol: 'UDP' }] }] }],
    onlyTo('x/a'),
    81,
  ],
  [
    'a port over SCTP',
    [
      {
        podSelector: pod('a'),
        ingress: [{ from: [{ namespaceSelector: named('y') }], ports: [{ port: 81, protocol: 'SCTP' }] }],
      },
    ],
    ['- x/* > x/a', '- z/* > x/a'],
    81,
    'SCTP',
  ],
  [
    'egress by NotIn of the namespace’s name',
    [{ podSelector: pod('a'), policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: not('y') }] }] }],
    ['- x/a > y/*'],
  ],
  [
    'allow all egress beside a default deny of egress',
    [
      { podSelector: {}, policyTypes: ['Egress'] },
      { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
    ],
    [],
  ],
  // networking/v1 API reference, policyTypes: egress rules without policyTypes isolate both directions.
  [
    'policyTypes left out, with egress rules',
    [{ podSelector: pod('a'), egress: [{ ports: [{ port: 80 }] }] }],
    [...onlyTo('x/a'), '- x/a > *'],
    81,
  ],
  ['policyTypes left out, without', [{ podSelector: pod('a') }], onlyTo('x/a')],
  ['policyTypes of egress alone', [{ podSelector: pod('a'), policyTypes: ['Egress'], egress: [{}] }], []],
  [
    'rules of a direction that policyTypes leaves out',
    [{ podSelector: pod('a'), policyTypes: ['Ingress'], ingress: [{}], egress: [] }],
    [],
  ],
  ['a policy selects in its own namespace only', [{ in: 'y', podSelector: {} }], ['- * > y/*']],
  [
    'an ipBlock means no pod',
    [{ podSelector: pod('a'), ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] }],
    onlyTo('x/a'),
  ],
];

test.each(CASES)('%s', (_, policies, lines, port = 80, protocol = 'TCP') => {
  const evaluated = network(policies, NAMESPACES);
  const open = PAIRS.filter(([from, to]) => evaluated.allows(from, to, port, protocol));
  expect(open.map(([from, to]) => `${nameOf(from)} ${nameOf(to)}`).sort()).toEqual(table(lines));
});

const at = (text: string): Endpoint => rangeOf(text)!;
const inside = (namespace: string, labels: Record<string, string> = {}): Pod => ({ namespace, labels });

/** The full example of kubernetes.io/docs/concepts/services-networking/network-policies. */
const EXAMPLE: Written = {
  in: 'default',
  podSelector: { matchLabels: { role: 'db' } },
  policyTypes: ['Ingress', 'Egress'],
  ingress: [
    {
      from: [
        { ipBlock: { cidr: '172.17.0.0/16', except: ['172.17.1.0/24'] } },
        { namespaceSelector: { matchLabels: { project: 'myproject' } } },
        { podSelector: { matchLabels: { role: 'frontend' } } },
      ],
      ports: [{ protocol: 'TCP', port: 6379 }],
    },
  ],
  egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/24' } }], ports: [{ protocol: 'TCP', port: 5978 }] }],
};
const db = inside('default', { role: 'db' });
const mine = { mine: { project: 'myproject' } };

test.each<[string, Endpoint, Endpoint, number, boolean, Protocol?]>([
  ['a frontend of the same namespace', inside('default', { role: 'frontend' }), db, 6379, true],
  ['another pod of the same namespace', inside('default', { role: 'other' }), db, 6379, false],
  ['a frontend of another namespace', inside('other', { role: 'frontend' }), db, 6379, false],
  ['any pod of a namespace of the project', inside('mine', { role: 'other' }), db, 6379, true],
  ['that pod at another port', inside('mine'), db, 6380, false],
  ['that pod over UDP', inside('mine'), db, 6379, false, 'UDP'],
  ['the block’s first address', at('172.17.0.0'), db, 6379, true],
  ['the last before the exception', at('172.17.0.255'), db, 6379, true],
  ['the exception’s first', at('172.17.1.0'), db, 6379, false],
  ['the exception’s last', at('172.17.1.255'), db, 6379, false],
  ['the first after it', at('172.17.2.0'), db, 6379, true],
  ['the block’s last', at('172.17.255.255'), db, 6379, true],
  ['beyond the block', at('172.18.0.0'), db, 6379, false],
  ['out to the block', db, at('10.0.0.7'), 5978, true],
  ['out beyond the block', db, at('10.0.1.0'), 5978, false],
  ['out at another port', db, at('10.0.0.7'), 5979, false],
  ['out to a pod', db, inside('default'), 5978, false],
  ['other pods stay as they were', inside('default'), at('8.8.8.8'), 443, true],
])('the example of the docs: %s', (_, from, to, port, expected, protocol) => {
  expect(network([EXAMPLE], mine).allows(from, to, port, protocol)).toBe(expected);
});

const alice = { alice: { user: 'alice' } };
const USER = { namespaceSelector: { matchLabels: { user: 'alice' } } };
const CLIENT = { podSelector: { matchLabels: { role: 'client' } } };
const client = { role: 'client' };

test.each<[string, NonNullable<NonNullable<NetworkPolicySpec['ingress']>[0]['from']>, Pod, boolean]>([
  ['and: client of alice', [{ ...USER, ...CLIENT }], inside('alice', client), true],
  ['and: other of alice', [{ ...USER, ...CLIENT }], inside('alice'), false],
  ['and: client here', [{ ...USER, ...CLIENT }], inside('default', client), false],
  ['or: client of alice', [USER, CLIENT], inside('alice', client), true],
  ['or: other of alice', [USER, CLIENT], inside('alice'), true],
  ['or: client here', [USER, CLIENT], inside('default', client), true],
  ['or: client elsewhere', [USER, CLIENT], inside('other', client), false],
])('from and, from or, of the docs: %s', (_, from, source, expected) => {
  const policies = [{ in: 'default', podSelector: {}, ingress: [{ from }] }];
  expect(network(policies, alice).allows(source, db, 80)).toBe(expected);
});

test.each([
  [31_999, false],
  [32_000, true],
  [32_768, true],
  [32_769, false],
])('a range of ports, of the docs: %i', (port, expected) => {
  const ports = [{ protocol: 'TCP' as const, port: 32_000, endPort: 32_768 }];
  const egress = [{ to: [{ ipBlock: { cidr: '10.0.0.0/24' } }], ports }];
  const policies: Written[] = [{ in: 'default', podSelector: {}, policyTypes: ['Egress'], egress }];
  expect(network(policies).allows(db, at('10.0.0.9'), port)).toBe(expected);
});

test.each([
  ['2001:db8::1', true],
  ['2001:db8:0:1::1', false],
  ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', true],
  ['2001:db9::', false],
  ['::ffff:10.0.0.1', false],
  ['10.0.0.1', false],
])('IPv6: %s', (address, expected) => {
  const ipBlock = { cidr: '2001:db8::/32', except: ['2001:db8:0:1::/64'] };
  const policies: Written[] = [
    { in: 'default', podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock }] }] },
  ];
  expect(network(policies).allows(db, at(address), 443)).toBe(expected);
});

test.each(['10.0.0.0/33', '10.0.0/8', 'fe80::/129', 'example.com', '10.0.0.0/', '::1/-1'])('%s is no range', text => {
  expect(rangeOf(text)).toBeUndefined();
});

test('a range by any address of it', () => {
  expect(rangeOf('10.0.0.7/24')).toEqual(rangeOf('10.0.0.0/24'));
});

test('every address of IPv6 is none of IPv4', () => {
  const egress = [{ to: [{ ipBlock: { cidr: '::/0' } }] }];
  const policies: Written[] = [{ in: 'default', podSelector: {}, policyTypes: ['Egress'], egress }];
  expect(network(policies).allows(db, at('8.8.8.8'), 443)).toBe(false);
  expect(network(policies).allows(db, at('2001:4860:4860::8888'), 443)).toBe(true);
});

test('what one policy excepts another may open', () => {
  const to = (...blocks: { cidr: string; except?: string[] }[]) => [{ to: blocks.map(ipBlock => ({ ipBlock })) }];
  const egress = to({ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] });
  const excepting: Written = { in: 'default', podSelector: {}, policyTypes: ['Egress'], egress };
  expect(network([excepting]).allows(db, at('10.1.0.1'), 443)).toBe(false);
  const opening: Written = { ...excepting, egress: to({ cidr: '10.1.0.1/32' }) };
  expect(network([excepting, opening]).allows(db, at('10.1.0.1'), 443)).toBe(true);
});
