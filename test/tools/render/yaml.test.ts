import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toYaml } from '../../../tools/render/yaml.ts';
import { nasty, randomString, seeded } from './nasty-strings.ts';

const readers = {
  '1.1': (text: string) => parse(text, { version: '1.1', schema: 'yaml-1.1' }),
  '1.2': (text: string) => parse(text, { version: '1.2', schema: 'core' }),
};

describe.each(Object.entries(readers))('a YAML %s reader gives back', (_, read) => {
  it.each(nasty.map(text => [JSON.stringify(text).slice(0, 40), text]))('the string %s', (_, text) => {
    const asKey = text.length < 1000 ? { [text]: { [text]: text } } : {};
    const manifest = {
      before: text,
      list: [text, [text, 'x']],
      maps: [{ name: text, value: text }, asKey],
      under: asKey,
      z: 1,
    };
    expect(read(toYaml(manifest))).toEqual(manifest);
    expect(read(toYaml(text))).toBe(text);
  });

  it('numbers, to the last bit', () => {
    const numbers = [
      0,
      1,
      -1,
      1.5,
      -0.1,
      1e21,
      -1e21,
      1.5e300,
      1e-7,
      -1.25e-9,
      5e-324,
      2 ** 53,
      2 ** 60,
      2 ** 64,
      1e20,
      Number.MAX_VALUE,
    ];
    expect(read(toYaml({ numbers }))).toEqual({ numbers });
  });

  it('empty maps and lists, null and booleans, wherever they stand', () => {
    const manifest = { a: {}, b: [], c: [{}, [], [[]], null], d: null, e: [true, { f: false, g: {} }] };
    expect(read(toYaml(manifest))).toEqual(manifest);
    for (const root of [{}, [], null, true, 5]) expect(read(toYaml(root))).toEqual(root);
  });

  it('random trees of awkward strings', () => {
    const random = seeded(20);
    for (let i = 0; i < 1500; i++) {
      const tree = randomTree(random, 4);
      expect(read(toYaml(tree))).toEqual(tree);
    }
  });
});

describe('the layout', () => {
  it('is what people write: names first, lists two columns in, scripts as blocks, quotes only where due', () => {
    const manifest = {
      spec: {
        template: {
          spec: {
            containers: [
              {
                ports: [{ protocol: 'TCP', containerPort: 8000, name: 'http' }],
                args: ['--verbose', '-c', 'a: b'],
                image: 'zapora/api:1.2.3',
                env: [{ value: 'yes', name: 'READY' }],
                name: 'main',
                volumeMounts: [],
                securityContext: {},
              },
            ],
          },
        },
        suspend: undefined,
        matrix: [[1, 2], ['012']],
      },
      data: {
        'run.sh': '#!/bin/sh\n\nexec "$@"\n',
        'last.txt': 'no\nend',
        'indented.txt': '  two\n',
        'kept.txt': 'a\n\n',
      },
      metadata: {
        labels: { 'app.kubernetes.io/name': 'api', 'app.kubernetes.io/version': '1.10' },
        namespace: 'zapora',
        name: 'api',
      },
      kind: 'Example',
      apiVersion: 'v1',
    };
    expect(toYaml(manifest)).toBe(`apiVersion: v1
kind: Example
metadata:
  name: api
  namespace: zapora
  labels:
    app.kubernetes.io/name: api
    app.kubernetes.io/version: "1.10"
spec:
  matrix:
    - - 1
      - 2
    - - "012"
  template:
    spec:
      containers:
        - name: main
          image: zapora/api:1.2.3
          args:
            - --verbose
            - -c
            - "a: b"
          env:
            - name: READY
              value: "yes"
          ports:
            - name: http
              containerPort: 8000
              protocol: TCP
          securityContext: {}
          volumeMounts: []
data:
  indented.txt: |2
      two
  kept.txt: |+
    a

  last.txt: |-
    no
    end
  run.sh: |
    #!/bin/sh

    exec "$@"
`);
  });

  it('does not depend on the order in which keys were written', () => {
    const random = seeded(3);
    for (let i = 0; i < 300; i++) {
      const tree = randomTree(random, 4);
      expect(toYaml(shuffled(tree, random))).toBe(toYaml(tree));
    }
  });

  it.each([
    'nginx:1.27.0',
    '10.0.0.0/8',
    '1.2.3',
    '100m',
    '2Gi',
    '--flag=x',
    '$(POD_IP)',
    "it's",
    'a, b',
    'http://x:80/y#z',
    'ünï',
    '2001-01-01-rc1',
    '/metrics',
  ])('leaves %s bare', text => {
    expect(toYaml({ a: text })).toBe(`a: ${text}\n`);
  });

  it.each([
    ['a\u00a0b', '"a\\u00a0b"'],
    ['a\u2028b', '"a\\u2028b"'],
    ['a\u0085b', '"a\\u0085b"'],
    ['\ufeffa', '"\\ufeffa"'],
    ['\u{e0041}', '"\\U000e0041"'],
    ['tab\t"x"', '"tab\\t\\"x\\""'],
  ])('shows what hides in %j', (text, written) => {
    expect(toYaml(text)).toBe(`${written}\n`);
  });

  it('quotes the value sign of YAML 1.1, on which PyYAML fails', () => {
    expect(toYaml('=')).toBe('"="\n');
  });

  it('writes large numbers digit by digit, and exponents so that YAML 1.1 sees a number', () => {
    expect([2 ** 60, 1e20, 1e21, 1e-7, -2.5e-8].map(n => toYaml(n).trim())).toEqual([
      '1152921504606846976',
      '100000000000000000000',
      '1.0e+21',
      '1.0e-7',
      '-2.5e-8',
    ]);
  });
});

describe('is refused, with the place:', () => {
  class Duration {
    seconds = 5;
  }
  it.each<[string, unknown, string]>([
    ['NaN', { spec: { list: [{ name: 'x', port: Number.NaN }] } }, 'spec.list[0].port: NaN'],
    ['Infinity', [Number.NEGATIVE_INFINITY], '[0]: -Infinity'],
    ['-0', { a: -0 }, 'a: -0'],
    ['a lone surrogate', { a: { b: 'x\ud800y' } }, 'a.b: "x\\ud800y"'],
    ['a lone surrogate in a key', { a: { '\udc00': 1 } }, 'a.\udc00: "\\udc00"'],
    ['an instance of a class', { a: [new Duration()] }, 'a[0]: an instance of Duration'],
    ['a date', { a: new Date(0) }, 'a: an instance of Date'],
    ['undefined in a list', { u: undefined, a: [undefined] }, 'a[0]: undefined'],
    ['a function', { a: () => 1 }, 'a: () => 1'],
    ['a bigint', 5n, 'manifest: 5'],
    ['a key no reader finds the end of', { ['k'.repeat(1025)]: 1 }, 'shorten it'],
  ])('%s', (_, manifest, message) => {
    expect(() => toYaml(manifest)).toThrow(message);
  });
});

function randomTree(random: () => number, depth: number): unknown {
  const kind = random();
  if (depth === 0 || kind < 0.4) return randomString(random);
  if (kind < 0.5) return [0, -7, 0.25, 1e30, true, false, null][Math.floor(random() * 7)];
  const children = Array.from({ length: Math.floor(random() * 4) }, () => randomTree(random, depth - 1));
  if (kind < 0.7) return children;
  return Object.fromEntries(
    children.map((child, i) => [random() < 0.3 ? (['name', 'kind', 'spec'][i] ?? 'key') : randomString(random), child]),
  );
}

function shuffled(tree: unknown, random: () => number): unknown {
  if (Array.isArray(tree)) return tree.map(item => shuffled(item, random));
  if (typeof tree !== 'object' || tree === null) return tree;
  const entries = Object.entries(tree).map(([key, value]) => ({
    at: random(),
    entry: [key, shuffled(value, random)] as const,
  }));
  return Object.fromEntries(entries.sort((a, b) => a.at - b.at).map(({ entry }) => entry));
}
