import { expect, test } from 'vitest';
import { fleet, minors } from '../fleet.ts';

test('the fleet runs two Kubernetes minors at most: each is a schema to keep and a server to ask', () => {
  expect(minors().length).toBeLessThanOrEqual(2);
});

test('a system has one primary, and a standby only beside it', () => {
  const units = fleet.flatMap(berth => berth.units);
  for (const system of new Set(units.map(unit => unit.system))) {
    const roles = units.filter(unit => unit.system === system).map(unit => unit.site.role);
    const primaries = roles.filter(role => role === 'primary').length;
    expect(primaries, system).toBeLessThanOrEqual(1);
    if (roles.some(role => role === 'standby' || role === 'replica')) expect(primaries, system).toBe(1);
  }
});

test('production follows a protected ring, everything before it follows main', () => {
  for (const { cluster } of fleet) expect(cluster.ring === 'main', cluster.name).toBe(cluster.tier !== 'production');
});

test('a unit that does not write knows the cluster whose database it follows, and no other does', () => {
  for (const { system, site } of fleet.flatMap(berth => berth.units)) {
    const follows = site.role === 'replica' || site.role === 'standby';
    expect(site.follows !== undefined, `${system} in ${site.name}`).toBe(follows);
    if (!follows) continue;
    const primary = fleet.find(({ cluster }) => cluster.name === site.follows?.name)?.units;
    expect(primary?.find(unit => unit.system === system)?.site.role).toBe('primary');
  }
});
