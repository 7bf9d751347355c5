import { describe, expect, test } from 'vitest';
import type { Cluster, ObjectStore, Role } from '../../charts/cluster.ts';
import { clusterFaults, roleFaults } from '../../charts/cluster-faults.ts';
import { production, staging } from '../site.ts';

const HOURS = { timeZone: 'Europe/Berlin', days: '1-5', from: 7, to: 20 };

/** A cluster's one store, wrong in something. */
function store(wrong: Partial<ObjectStore>): Partial<Cluster> {
  return { objectStores: { a: { provider: 's3', bucket: 'backups', region: 'eu-north-1', ...wrong } } };
}

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
  [{ workingHours: { ...HOURS, timeZone: 'europe/berlin' } }, 'workingHours.timeZone is "europe/berlin"'],
  [{ network: { ...staging.network, plugin: 'Cilium' as never } }, 'network.plugin is "Cilium"; write one of cilium'],
  [{ edge: { ...staging.edge, operators: [] } }, 'edge.operators is []; list ranges'],
  [{ edge: { ...staging.edge, operators: ['999.1.1.1/99'] } }, 'edge.operators is ["999.1.1.1/99"]'],
  [{ cdn: { driver: 'cloudflare', zone: undefined as never } }, 'give the identifier of the zone'],
  [
    { objectStores: { a: { provider: 's3', bucket: 'Bad_Bucket!', region: 'r' } } },
    'objectStores.a.bucket is "Bad_Bucket!"',
  ],
  [store({ provider: 'azur' as never }), 'objectStores.a.provider is "azur"; write one of s3, azure, gcs'],
  [store({ region: '' }), 'objectStores.a.region is ""; name the region'],
  [store({ provider: 'azure' }), 'objectStores.a.account is undefined; give the storage account: 3 to 24'],
  [store({ provider: 'azure', account: 'backups', bucket: 'a.b.c' }), 'objectStores.a.bucket is "a.b.c"; give 3 to 63'],
  [store({ account: 'backups' }), 'objectStores.a.account is "backups"; leave it out: only Azure'],
  [store({ endpoint: 's3.example.org' }), 'objectStores.a.endpoint is "s3.example.org"; write https://<host>'],
  [store({ endpoint: 'https://s3.example.org/backups' }), 'write https://<host>, with a port'],
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

describe('roles', () => {
  const at = (name: string, role: Role) => ({ system: 'shop', site: { ...production, name, role } });
  const told = (...units: ReturnType<typeof at>[]) =>
    roleFaults(units).map(({ cluster, given }) => `${cluster}: ${given}`);

  test('one writes and others follow, or each writes for itself', () => {
    expect(told(at('a', 'primary'), at('b', 'replica'), at('c', 'standby'), at('d', 'independent'))).toEqual([]);
    expect(told(at('a', 'independent'), at('b', 'independent'))).toEqual([]);
  });

  test('two that both write are refused, and one that follows nobody', () => {
    expect(told(at('a', 'primary'), at('b', 'primary'))).toEqual(['b: it is primary here and in a']);
    expect(told(at('a', 'standby'))).toEqual(['a: it is a standby, and nowhere primary']);
  });
});
