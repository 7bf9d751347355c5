import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addons, type PlacedAddon } from '../../../apps/platform/addons.ts';
import { fleet } from '../../../fleet.ts';
import { development, local, production, staging } from '../../site.ts';

const clusters = [local, development, staging, production];
const all = [...new Map(clusters.flatMap(addons).map(addon => [addon.name, addon])).values()];
const versionOf = ({ source }: PlacedAddon) => ('chart' in source ? source.version : source.tag);
const named = (list: PlacedAddon[], name: string) => list.find(addon => addon.name === name)!;

describe.each(all.map(addon => [addon.name, addon] as const))('%s', (name, addon) => {
  it('is pinned to one version', () => {
    expect(versionOf(addon)).toMatch('chart' in addon.source ? /^v?\d+\.\d+\.\d+$/ : /^[\w-]+\/v\d+\.\d+\.\d+$/);
  });

  it('stands with its version, namespace and repository in docs/not-rendered.md', () => {
    const row = readFileSync('docs/not-rendered.md', 'utf8')
      .split('\n')
      .find(line => line.startsWith(`| ${name} | ${versionOf(addon)} |`));
    expect(row).toContain(`| ${addon.namespace} |`);
    expect(row).toContain(addon.source.repository);
  });
});

it('lists in docs/not-rendered.md no add-on that is gone', () => {
  const [, table = ''] = readFileSync('docs/not-rendered.md', 'utf8').split('|---|---|---|---|---|---|\n');
  const rows = table.split('\n\n')[0]!.split('\n');
  expect(rows.map(row => row.split(' | ')[0]!.slice(2)).sort()).toEqual(all.map(({ name }) => name).sort());
});

it('asks AWS for nothing outside of it', () => {
  expect(addons(local).map(({ name }) => name)).not.toContain('external-dns');
  expect(addons(local).map(({ name }) => name)).not.toContain('aws-load-balancer-controller');
  expect(JSON.stringify(addons(local))).not.toMatch(/arn:aws|amazonaws\.com|aws-load-balancer/);
});

it('gives each add-on the role of its own cluster and account', () => {
  const role = (name: string) => named(addons(production), name).values.serviceAccount;
  for (const name of ['cert-manager', 'external-dns', 'external-secrets', 'aws-load-balancer-controller']) {
    expect(role(name)).toEqual({
      annotations: { 'eks.amazonaws.com/role-arn': `arn:aws:iam::555555555555:role/production-${name}` },
    });
  }
  // Its secrets come from Vault, which knows it by its token.
  expect(named(addons(development), 'external-secrets').values.serviceAccount).toEqual({ annotations: {} });
});

it('keeps the records of clusters apart', () => {
  const owners = clusters
    .flatMap(cluster => addons(cluster).filter(({ name }) => name === 'external-dns'))
    .map(({ values }) => values.txtOwnerId);
  expect(new Set(owners).size).toBe(owners.length);
});

it('puts a budget over two pods and more only', () => {
  for (const cluster of [development, staging]) {
    const several = cluster.tier !== 'development';
    expect(named(addons(cluster), 'metrics-server').values).toMatchObject({
      replicas: several ? 2 : 1,
      podDisruptionBudget: { enabled: several },
    });
  }
});

it('starts before the platform unit what that makes objects of, and after it what needs its classes', () => {
  const starts = Object.fromEntries(addons(staging).map(({ name, starts }) => [name, starts]));
  expect(starts).toMatchObject({
    'cert-manager': 'first',
    'external-secrets': 'before platform',
    'nginx-ingress': 'after platform',
    'kube-prometheus-stack': 'after platform',
  });
});

it('leaves the alerts of systems to the systems, and forgets no add-on', () => {
  const { defaultRules } = named(addons(staging), 'kube-prometheus-stack').values as {
    readonly defaultRules: { readonly appNamespacesTarget: string };
  };
  const watched = new RegExp(`^(?:${defaultRules.appNamespacesTarget})$`);
  const namespaces = all.flatMap(({ namespace, alsoIn = [] }) => [namespace, ...alsoIn]);
  expect([...namespaces, 'argocd', 'kube-system'].filter(namespace => !watched.test(namespace))).toEqual([]);
  const systems = fleet.flatMap(({ units }) => units.map(({ system }) => system));
  expect(systems.filter(system => watched.test(system) || watched.test(`${system}-data`))).toEqual([]);
});

it('leaves the IngressClass to the platform unit', () => {
  const { namespace, values } = named(addons(staging), 'nginx-ingress');
  expect(namespace).toBe(staging.edge.namespace);
  expect(values.controller).toMatchObject({ ingressClass: { create: false, name: staging.edge.ingressClass } });
});
