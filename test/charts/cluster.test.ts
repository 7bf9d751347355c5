import { expect, test } from 'vitest';
import { type Cluster, clusterFaults } from '../../charts/cluster.ts';
import { production, staging } from '../site.ts';

const HOURS = { timeZone: 'Europe/Berlin', days: '1-5', from: 7, to: 20 };

function faults(cluster: Cluster): string[] {
  return clusterFaults(cluster, ['primary']).map(({ given, remedy }) => `${given}; ${remedy}`);
}

test('hours of a day are taken', () => {
  expect(faults({ ...staging, workingHours: HOURS })).toEqual([]);
  expect(faults({ ...staging, workingHours: { ...HOURS, timeZone: 'UTC', days: '0,2-4' } })).toEqual([]);
});

test.each<[Partial<Cluster>, string]>([
  [{ workingHours: { ...HOURS, timeZone: 'Berlin' } }, 'workingHours.timeZone is "Berlin"; write an IANA name'],
  [{ workingHours: { ...HOURS, days: 'MON-FRI' } }, 'workingHours.days is "MON-FRI"; write 1-5'],
  [{ workingHours: { ...HOURS, to: 24 } }, 'workingHours are from 7 to 24'],
  // Friday's shift would last until Monday's begins.
  [{ workingHours: { ...HOURS, from: 20, to: 4 } }, 'give full hours from 0 to 23 of one day, the later one last'],
  [{ name: 'in-cluster' }, "nor in-cluster, Argo CD's name for its own"],
  [{ domain: 'https://example.org' }, 'domain is "https://example.org"; give a lower-case DNS zone'],
])('refuses %j', (wrong, reason) => {
  expect(faults({ ...staging, ...wrong })).toEqual([expect.stringContaining(reason)]);
});

test('a production cluster never rests', () => {
  expect(faults({ ...production, workingHours: HOURS })).toEqual([
    'workingHours stands on a production cluster; leave it out: customers come at night too',
  ]);
});
