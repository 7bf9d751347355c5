import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { HorizontalPodAutoscaler } from '../../../imports/kubernetes.ts';
import { type Metric, simulate } from '../../scaling/autoscaler.ts';

const FILE = 'dist/us-east-1a/zapora/services/zapora/HorizontalPodAutoscaler.api.yaml';
const HOUR = 3600;

test('zapora in production: 70 % CPU, 75 % memory, three pods at least', () => {
  const { spec } = parse(readFileSync(FILE, 'utf8')) as HorizontalPodAutoscaler;
  const usage = Object.fromEntries(
    spec!.metrics!.map(({ resource }) => [resource!.name, resource!.target.averageUtilization!]),
  );
  expect(usage).toEqual({ cpu: 70, memory: 75 });
  const scaling = { min: spec!.minReplicas!, max: spec!.maxReplicas };
  const load = (percentOfOnePod: number): Metric => ({ target: usage.cpu!, total: () => percentOfOnePod });
  expect(simulate(scaling, [load(30)], HOUR).at(-1)!.pods).toBe(3);
  expect(simulate(scaling, [load(9 * 70)], HOUR).at(-1)!.pods).toBe(9);
});
