import { expect, test } from 'vitest';
import { secondsOf } from '../../../../tools/prove/promql/duration.ts';
import { readExpr } from '../../../../tools/prove/promql/expr.ts';

/** What promtool 2.42 says of each. */
const REFUSED = [
  'sum(rate(a[5m])',
  'rate(a)',
  'rate(a[5x])',
  'histogram_quantil(0.9,a)',
  'histogram_quantile(a,0.9)',
  'a and on(x) group_left b',
  'a[5m] > 3',
  'sum(a[5m])',
  '1 > 2',
  '{}',
  'a or 1',
  'a{x=~"("}',
  'label_replace(a,"x","$1","b")',
  'rate(sum(a)[5m])',
  'a offset',
  'sum by job (a)',
  'a > > b',
  'topk(a)',
  'a{x=~".*"} ==',
  '{__name__=~".*"}',
  'absent()',
  'vector(a)',
  'clamp_max(a)',
  'quantile_over_time(0.9, a)',
  'a + on() group_left() group_right() b',
  'count_values(a, b)',
  'a @ foo',
  '-"x"',
  'time() - "5"',
  'a unless bool b',
  'a{le=~"1|1\\.0"}',
  'a{x=~"(?=b)"}',
];

const TAKEN = [
  'a{b="c",}',
  'sum(a) by (b,)',
  'a{x!~""}',
  'a == bool b',
  'a{le=~"1|1\\\\.0"}',
  'a{x=~`1|1\\.0`}',
  'a{x=~"(?i)b|(?:c)"}',
  'changes((max by (x) (a))[15m:1m]) > 0',
  'a offset 1w',
  '0 * sum(a) or on () vector(1)',
  '{"a", b="c"}',
];

test.each(REFUSED)('%s is refused', text => {
  const { faults, expr } = readExpr(text);
  expect(faults[0]).toMatch(/^\S/);
  expect(expr).toBeUndefined();
});

test.each(TAKEN)('%s is taken', text => {
  expect(readExpr(text)).toMatchObject({ faults: [], expr: {} });
});

test('what is read is what was written', () => {
  const text = '-sum by (a) (rate(m{x="1",y!~"2|3"}[1h30m] offset 1d)) / on (a) group_left (b) (n > bool 0.5)';
  expect(readExpr(text).expr).toEqual({
    is: 'binary',
    operator: '/',
    bool: false,
    on: ['a'],
    group: { side: 'left', include: ['b'] },
    left: {
      is: 'minus',
      of: {
        is: 'aggregate',
        name: 'sum',
        by: ['a'],
        args: [
          {
            is: 'call',
            name: 'rate',
            args: [
              {
                is: 'selector',
                metric: 'm',
                seconds: 5400,
                offset: '1d',
                matchers: [
                  { label: 'x', operator: '=', value: '1' },
                  { label: 'y', operator: '!~', value: '2|3' },
                ],
              },
            ],
          },
        ],
      },
    },
    right: {
      is: 'binary',
      operator: '>',
      bool: true,
      left: { is: 'selector', metric: 'n', matchers: [] },
      right: { is: 'number', value: 0.5 },
    },
  });
});

test('when it is asked of', () => {
  expect(readExpr('m[5m] @ end() offset -1w').expr).toMatchObject({ seconds: 300, offset: '-1w', at: 'end()' });
  expect(readExpr('m offset 1h @ 1609746000').expr).toMatchObject({ is: 'selector', offset: '1h', at: '1609746000' });
  expect(readExpr('max_over_time(m{a="b"}[1h:1m] offset 1d)').expr).toMatchObject({
    args: [{ is: 'subquery', seconds: 3600, offset: '1d', of: { matchers: [{ value: 'b' }] } }],
  });
});

test('times in seconds', () => {
  expect(['1h30m', '5m', '1d', '300', '1w2d', '500ms'].map(secondsOf)).toEqual([5400, 300, 86_400, 300, 777_600, 0.5]);
  expect(['', '5', '1x', '$__range'].map(secondsOf)).toEqual([undefined, 5, undefined, undefined]);
});
