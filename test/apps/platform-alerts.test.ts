import { App } from 'cdk8s';
import { describe, expect, test } from 'vitest';
import { addons } from '../../apps/platform/addons.ts';
import { Platform } from '../../apps/platform/index.ts';
import type { Cluster } from '../../charts/index.ts';
import type { PodMonitor, PrometheusRule } from '../../imports/custom.ts';
import { judged, rendered } from '../charts/fixture.ts';
import { local, production, staging } from '../site.ts';

const unit = (cluster: Cluster) => new Platform(new App(), { ...cluster, role: 'independent' });
const of = (cluster: Cluster, kind: string) => rendered(unit(cluster)).all.filter(each => each.kind === kind);

function alertsOf(cluster: Cluster) {
  const rules = (of(cluster, 'PrometheusRule') as unknown as PrometheusRule[]).flatMap(({ spec }) =>
    spec!.groups!.flatMap(group => group.rules ?? []),
  );
  return Object.fromEntries(rules.map(rule => [rule.alert!, rule]));
}

describe.each([local, staging, production])('of $name', cluster => {
  test('every law holds', () => {
    expect(judged(unit(cluster)).filter(each => /alert|metric|monitor|promql|runbook/i.test(each))).toEqual([]);
  });

  test('names the namespace of whatever is concerned, never two things by one name', () => {
    const alerts = Object.values(alertsOf(cluster));
    // Prometheus would refuse to judge a rule whose series differ by the namespace alone, once that is overwritten.
    const several = alerts.filter(({ expr }) => /by \(namespace, (name|scaledObject|job)\)/.test(String(expr)));
    const own = several.filter(({ expr }) => !String(expr).includes('namespace="monitoring"'));
    expect(own.length).toBeGreaterThan(3);
    for (const { alert, labels } of own) expect([alert, labels!.namespace]).toEqual([alert, '{{ $labels.namespace }}']);
  });

  test('always has one that machines alone hear', () => {
    expect(alertsOf(cluster).Watchdog).toMatchObject({ expr: 'vector(1)', labels: { severity: 'none' } });
  });
});

test('speaks of Argo CD only where one can be asked', () => {
  expect(Object.keys(alertsOf(local)).filter(name => name.startsWith('ArgoCd'))).toHaveLength(4);
  expect(Object.keys(alertsOf(production)).filter(name => name.startsWith('ArgoCd'))).toEqual([]);
  expect(of(production, 'ServiceMonitor')).toEqual([]);
});

test('looks for as many Alertmanagers as there are', () => {
  expect(alertsOf(production).AlertmanagerMembersApart!.expr).toMatch(/< 2$/);
  expect(alertsOf(local).AlertmanagerMembersApart).toBeUndefined();
});

test('asks the controllers that it judges, where their add-ons stand, and keeps their labels', () => {
  const monitors = of(staging, 'PodMonitor') as unknown as PodMonitor[];
  const down = Object.values(alertsOf(staging)).flatMap(
    ({ expr }) => /absent\(up\{job="([\w-]+)"\} == 1\)/.exec(String(expr))?.[1] ?? [],
  );
  const names = monitors.map(({ metadata }) => metadata!.name!);
  expect(names).toEqual(expect.arrayContaining(down));
  expect(down).toHaveLength(3);
  const places = addons(staging).map(({ namespace }) => namespace);
  for (const name of down) {
    const { spec } = monitors.find(({ metadata }) => metadata!.name === name)!;
    expect(places).toEqual(expect.arrayContaining(spec!.namespaceSelector!.matchNames!));
    expect(spec!.podMetricsEndpoints!.map(({ honorLabels }) => honorLabels)).toEqual([true]);
  }
});
