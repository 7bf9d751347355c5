import { describe, expect, test } from 'vitest';
import { rules } from '../../../tools/prove/index.ts';
import { type BrokenApp, proven } from './broken-apps/broken-app.ts';
import { FLEETS } from './broken-apps/fleets.ts';
import { OBJECTS } from './broken-apps/objects.ts';
import { UNITS } from './broken-apps/units.ts';

/** For each level of law, a broken app for each law. */
const APPS: Readonly<Record<string, Readonly<Record<string, BrokenApp>>>> = {
  object: OBJECTS,
  unit: UNITS,
  fleet: FLEETS,
};

test('the app that is whole has no finding', () => {
  expect(proven({ at: 'Namespace shop' }).findings).toEqual([]);
});

describe.each(Object.entries(APPS))('%s', (level, apps) => {
  test('each law has an app that breaks it', () => {
    const laws = rules().filter(rule => rule.level === level);
    expect(Object.keys(apps).sort()).toEqual(laws.map(({ name }) => name).sort());
  });

  test.each(Object.entries(apps))('%s', (law, app) => {
    const { findings, construct } = proven(app);
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set([law, ...(app.also ?? [])]));
    const own = findings.filter(({ rule }) => rule === law);
    expect(own.map(finding => finding.construct)).toContain(construct);
    for (const { cluster, given, remedy, file } of own) {
      expect(cluster).toBe('production');
      expect(given).not.toBe('');
      expect(remedy).not.toBe('');
      expect(file).toMatch(/^production\//);
    }
  });
});
