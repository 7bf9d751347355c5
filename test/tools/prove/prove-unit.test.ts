import { expect, test } from 'vitest';
import { rulesAsMarkdown } from '../../../tools/prove/cli.ts';
import { exceptions, proveUnit, rules } from '../../../tools/prove/index.ts';
import { api, broken } from './broken.ts';
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
