import { expect, test } from 'vitest';
import { rulesAsMarkdown } from '../../../tools/prove/cli.ts';
import { exceptions, FleetLaws, proveUnit, rules } from '../../../tools/prove/index.ts';
import { api, broken } from './broken.ts';
import { dashboard, rules as rulesOfWorker } from './good/monitoring.ts';
import type { Loose } from './good/parts.ts';
import { goodObjects, unitOf } from './good-unit.ts';

test('what fails its schema is judged by nothing else, and the unit’s laws wait for it', () => {
  const findings = broken(it => {
    it['Deployment api'].spec.template.spec.containers = 'one';
    it['Service primary'].spec.type = 'NodePort';
    delete it['ConfigMap api'];
  });
  expect(findings).toEqual([
    'schema: Deployment.api: spec.template.spec.containers is "one"; give a list',
    expect.stringMatching(/^service: Service.primary: spec.type is NodePort/),
  ]);
});

test.each([
  'Deployment api',
  'StatefulSet database',
  'CronJob clean',
  'Job migrate',
  'HorizontalPodAutoscaler api',
  'ResourceQuota quota',
  'LimitRange limits',
  'NetworkPolicy api',
  'Ingress api',
  'PodDisruptionBudget api',
  'Service api',
  'ExternalSecret api',
])('%s without spec', what => {
  expect(broken(it => Reflect.deleteProperty(it[what], 'spec'))).toEqual([
    `schema: ${what.replace(' ', '.')}: spec is not given; give it`,
  ]);
});

test('a spec that its schema asks for is missed once', () => {
  expect(broken(it => Reflect.deleteProperty(it['ScaledObject worker'], 'spec'))).toEqual([
    'schema: ScaledObject.worker: spec is missing; give it',
  ]);
});

test('no law falls over anything that is left out', () => {
  const good = [...goodObjects(), rulesOfWorker(), dashboard()];
  const nodePools = [{ name: 'general', maxNodes: 9, cores: 8, memoryGibibytes: 32, spot: false }];
  for (const [index, object] of good.entries()) {
    for (const path of pathsOf(object)) {
      const objects = structuredClone(good);
      remove(objects[index], path);
      const unit = unitOf(objects, { nodePools });
      expect(() => new FleetLaws().see(unit, proveUnit(unit)), `${object.kind} ${path.join('.')}`).not.toThrow();
    }
  }
});

/** The paths of all that an object could do without. */
function* pathsOf(value: unknown, at: readonly string[] = []): Iterable<readonly string[]> {
  if (at.length > 0 && !/^(apiVersion|kind|metadata(\.name)?)$/.test(at.join('.'))) yield at;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* pathsOf(inner, [...at, key]);
}

function remove(object: Loose, path: readonly string[]): void {
  const holder = path.slice(0, -1).reduce((value, key) => value[key], object);
  if (Array.isArray(holder)) holder.splice(Number(path.at(-1)), 1);
  else delete holder[path.at(-1)!];
}

test('the unit’s laws wait for what the render refused, too', () => {
  const unit = unitOf(goodObjects().filter(({ kind }) => kind !== 'ConfigMap'));
  expect(proveUnit(unit).map(({ rule }) => rule)).toEqual(['references-exist']);
  expect(proveUnit(unit, false)).toEqual([]);
});

test.each<[string, string[]]>([
  ['development', []],
  ['staging', ['images']],
  ['production', ['images', 'rollout', 'autoscaler']],
])('tier %s', (tier, expected) => {
  const findings = broken(
    it => {
      api(it).image = 'ghcr.io/shop/api:latest';
      it['StatefulSet database'].spec.replicas = 1;
      const second = structuredClone(it['Deployment api']);
      it['HorizontalPodAutoscaler api'].spec.minReplicas = 1;
      it['Job migrate'] = {
        ...second,
        metadata: { ...second.metadata, name: 'migrate' },
        spec: { ...second.spec, replicas: 1 },
      };
      const { spec } = it['Job migrate'];
      spec.selector = { matchLabels: { 'app.kubernetes.io/instance': 'migrate' } };
      spec.template.metadata.labels['app.kubernetes.io/instance'] = 'migrate';
      spec.template.spec.serviceAccountName = 'migrate';
      spec.template.spec.topologySpreadConstraints[0].labelSelector = spec.selector;
      spec.template.spec.containers[0].image = 'ghcr.io/shop/migrate:1';
      const budget = structuredClone(it['PodDisruptionBudget api']);
      budget.metadata.name = 'migrate';
      budget.spec.selector = spec.selector;
      it.budget = budget;
    },
    { tier },
  );
  expect(findings.map(text => text.slice(0, text.indexOf(':')))).toEqual(expected);
});

test('made-up secrets are fine in development', () => {
  const store = { provider: { fake: { data: [{ key: 'shop/database', value: 'made-up' }] } } };
  const change = (it: Parameters<Parameters<typeof broken>[0]>[0]) => {
    it.store = {
      apiVersion: 'external-secrets.io/v1',
      kind: 'SecretStore',
      metadata: { ...it['Service api'].metadata, name: 'default' },
      spec: store,
    };
    it['ExternalSecret api'].spec.secretStoreRef.kind = 'SecretStore';
  };
  expect(broken(change, { tier: 'development' })).toEqual([]);
  expect(broken(change)).toHaveLength(1);
});

test('rules have names of their own and one sentence or more each', () => {
  const names = rules().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, demands } of rules()) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(demands).toMatch(/\.$/);
  }
});

test('the table holds every rule and every practice that we do not follow', () => {
  const table = rulesAsMarkdown();
  for (const { name } of rules()) expect(table).toContain(`| ${name} `);
  for (const { practice } of exceptions) expect(table).toContain(practice);
});
