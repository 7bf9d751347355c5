import { describe, expect, test } from 'vitest';
import { type Metric, type Scaling, simulate } from './autoscaler.ts';

describe('the autoscaler’s arithmetic is the documented one', () => {
  /** Demand of 300, four times that from a second on; one pod takes 100. */
  const step: Metric = { target: 100, total: second => (second < 600 ? 300 : 1200) };
  const reaches = (behavior?: Scaling['behavior']) => {
    const days = simulate({ min: 3, max: 20, ...(behavior && { behavior }) }, [step], 3000);
    const first = days.find(({ pods }) => pods >= 12);
    return first && first.second - 600;
  };
  const up = (scaleUp: NonNullable<Scaling['behavior']>['scaleUp']) => reaches({ scaleUp });

  test.each([
    ['as it comes', undefined, 15],
    ['stabilised for 300 s', { stabilizationWindowSeconds: 300 }, 300],
    ['doubling in 300 s', { policies: [{ type: 'Percent', value: 100, periodSeconds: 300 }] }, 300],
    [
      '4 pods in 300 s, which ends within the tolerance',
      { policies: [{ type: 'Pods', value: 4, periodSeconds: 300 }] },
      undefined,
    ],
  ] as const)('%s', (_, scaleUp, seconds) => {
    expect(up(scaleUp as never)).toBe(seconds);
  });
});

test('what went down within a period was there at its start: a rush that returns may have its pods back at once', () => {
  const behavior = {
    scaleUp: { policies: [{ type: 'Percent', value: 100, periodSeconds: 300 }], stabilizationWindowSeconds: 0 },
    scaleDown: { policies: [{ type: 'Percent', value: 50, periodSeconds: 15 }], stabilizationWindowSeconds: 0 },
  };
  const load: Metric = { target: 100, total: second => (second >= 900 && second < 1000 ? 400 : 900) };
  const days = simulate({ min: 2, max: 10, behavior }, [load], 1100);
  const at = (second: number) => days.find(each => each.second === second)!.pods;
  expect([at(885), at(990), at(1005)]).toEqual([9, 4, 9]);
});
