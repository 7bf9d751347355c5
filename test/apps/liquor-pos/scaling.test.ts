import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ScaledObject } from '../../../imports/custom.ts';
import { type Metric, type Scaling, simulate } from '../../scaling/autoscaler.ts';

/** What the committed policy does over a day, by the controllers' own arithmetic. */
const FILE = 'dist/us-east-1a/liquor-pos/services/liquor-pos/ScaledObject.api.yaml';

const HOUR = 3600;
const MINUTE = 60;

describe('liquor-pos in production: 2 to 10 pods, 1000 requests a minute each, 300 s up, 600 s down', () => {
  const { spec } = parse(readFileSync(FILE, 'utf8')) as ScaledObject;
  const scaling: Scaling = {
    min: spec!.minReplicaCount!,
    max: spec!.maxReplicaCount!,
    behavior: spec!.advanced!.horizontalPodAutoscalerConfig!.behavior as Scaling['behavior'],
  };
  const trigger = spec!.triggers.find(({ type }) => type === 'prometheus')!;
  const requests = (perMinute: (second: number) => number): Metric => ({
    target: Number(trigger.metadata.threshold),
    total: perMinute,
  });

  /** Nobody at night, an even morning, a rush from five to seven, and out. */
  const day = (second: number): number => {
    const hour = second / HOUR;
    if (hour < 9 || hour >= 22) return 100;
    if (hour >= 17 && hour < 19) return 9000;
    return 3000;
  };
  const days = simulate(scaling, [requests(day)], 24 * HOUR);
  const at = (hour: number, minutes = 0) => days.find(({ second }) => second === hour * HOUR + minutes * MINUTE)!.pods;
  const changes = days.flatMap(({ second, pods }, index) =>
    index > 0 && pods !== days[index - 1]!.pods ? [{ second, from: days[index - 1]!.pods, to: pods }] : [],
  );

  test('two at night, three in the morning, nine in the rush, three after it, two again', () => {
    expect([at(3), at(12), at(18), at(20, 30), at(23)]).toEqual([2, 3, 9, 3, 2]);
  });

  test('up at once, and never more than double within 300 seconds', () => {
    expect(at(17, 1)).toBe(6);
    expect(at(17, 4)).toBe(6);
    expect(at(17, 6)).toBe(9);
    for (const { second, to } of changes.filter(({ from, to }) => to > from)) {
      const before = days.findLast(each => each.second <= Math.max(0, second - 300))!;
      expect(to, `at ${second} s`).toBeLessThanOrEqual(2 * before.pods);
    }
  });

  test('down only after 600 seconds of less, and never below half within 600 seconds', () => {
    const firstDown = changes.find(({ second, from, to }) => second > 19 * HOUR && to < from)!;
    // To the look of 15 seconds.
    expect(firstDown.second - 19 * HOUR).toBeGreaterThanOrEqual(600 - 15);
    for (const { second, to } of changes.filter(({ from, to }) => to < from)) {
      const before = days.findLast(each => each.second <= second - 600)!;
      expect(to, `at ${second} s`).toBeGreaterThanOrEqual(Math.floor(before.pods / 2));
    }
  });

  test('a rush that comes and goes within ten minutes leaves its pods for the next one', () => {
    const waves = (second: number) => (second % 600 < 120 ? 6000 : 2000);
    const pods = simulate(scaling, [requests(waves)], 2 * HOUR)
      .slice(80)
      .map(each => each.pods);
    expect(Math.min(...pods)).toBe(6);
  });

  test('CPU and memory add pods as well, from 70 and 80 per cent on', () => {
    const targets = Object.fromEntries(
      spec!.triggers.filter(({ type }) => type !== 'prometheus').map(({ type, metadata }) => [type, metadata.value]),
    );
    expect(targets).toEqual({ cpu: '70', memory: '80' });
    const cpu: Metric = { target: Number(targets.cpu), total: () => 4 * 95 };
    expect(simulate(scaling, [requests(() => 100), cpu], HOUR).at(-1)!.pods).toBe(6);
  });
});
