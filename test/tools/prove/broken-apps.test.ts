import { JsonPatch } from 'cdk8s';
import { describe, expect, test } from 'vitest';
import { rules } from '../../../tools/prove/index.ts';
import { added, type BrokenApp, patched, proven } from './broken-apps/broken-app.ts';
import { FLEETS } from './broken-apps/fleets.ts';
import { OBJECTS } from './broken-apps/objects.ts';
import { UNITS } from './broken-apps/units.ts';
import { CONFIRM } from './good/parts.ts';

/** For each level of law, a broken app for each law. */
const APPS: Readonly<Record<string, Readonly<Record<string, BrokenApp>>>> = {
  object: OBJECTS,
  unit: UNITS,
  fleet: FLEETS,
};

test('the app that is whole has no finding', () => {
  expect(proven({ at: 'Namespace shop' }).findings).toEqual([]);
});

test.each([
  patched('Deployment api', JsonPatch.replace('/spec/template/spec/containers', 'abc')),
  patched('ScaledObject mailer', JsonPatch.remove('/spec')),
])('the laws of the unit and of the fleet wait while $at fails its schema', app => {
  expect(proven(app).findings.map(({ rule }) => rule)).toEqual(['schema']);
});

test('they wait for an object that could not be made, too', () => {
  const { findings } = proven({
    at: 'Ingress api',
    breaks: shop => {
      shop.api.expose({ name: 'second', host: `api.${shop.site.domain}` });
      shop.object('Service api').addJsonPatch(JsonPatch.add('/spec/externalName', null));
    },
  });
  expect(findings.map(({ rule }) => rule)).toEqual(['plain-data']);
});

test.each([
  ['standard', []],
  ['fast', ['references-exist']],
])('a claim of the storage class %s, where the cluster brings standard itself', (storageClassName, rules) => {
  const spec = {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    storageClassName,
    volumeMode: 'Filesystem',
  };
  const { findings } = proven({
    ...added('v1/PersistentVolumeClaim scratch', { spec }, { namespace: 'shop', annotations: CONFIRM }),
    site: { storage: { block: { name: 'standard' } } },
  });
  expect(findings.map(({ rule }) => rule)).toEqual(rules);
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
