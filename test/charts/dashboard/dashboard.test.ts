import { expect, test } from 'vitest';
import { counter } from '../../../charts/metric.ts';
import { fastApi } from '../../../charts/metric-source.ts';
import type { ConfigMap } from '../../../imports/kubernetes.ts';
import { rendered, service, system } from '../fixture.ts';

interface Model {
  readonly uid: string;
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly gridPos: { readonly w: number; readonly x: number };
    readonly targets?: readonly { readonly expr: string; readonly refId: string }[];
  }[];
}

function dashboards(of: ReturnType<typeof system>): Record<string, Model> {
  const maps = rendered(of).all.filter(({ metadata }) => metadata.labels?.grafana_dashboard === '1');
  const texts = maps.flatMap(map => Object.entries((map as unknown as ConfigMap).data ?? {}));
  return Object.fromEntries(texts.map(([file, text]) => [file, JSON.parse(text)]));
}

function shop() {
  const made = system();
  service(made, 'web', {
    metrics: { port: 9090, source: fastApi(), declares: [counter('shop_sales_total', 'Sales', ['store'])] },
  });
  return made;
}

test('a system shows what is wrong, how its services answer, and its trade', () => {
  const { panels } = dashboards(shop())['shop.json']!;
  const of = (title: string) => panels.find(panel => panel.title === title)?.targets?.map(({ expr }) => expr);
  expect(of('Alerts, P1')).toEqual(['count(ALERTS{system="shop",alertstate="firing",severity="P1"}) or vector(0)']);
  expect(of('Sales, per hour')).toEqual([
    'sum by (store) (increase(shop_sales_total{namespace="shop",job="web"}[1h]))',
  ]);
  expect(of('Latency')).toHaveLength(3);
});

test('every panel has a number of its own and stands within the page, every query a letter of its own', () => {
  const made = Object.values(dashboards(shop()));
  expect(made.length).toBeGreaterThan(0);
  for (const { panels } of made) {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { gridPos, targets = [] } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  }
});

test('a panel is one line of text', () => {
  const map = rendered(shop()).objects['ConfigMap overview-dashboard'] as unknown as ConfigMap;
  const lines = map.data!['shop.json']!.split('\n').filter(line => line.startsWith('    {"'));
  expect(lines).toHaveLength(JSON.parse(map.data!['shop.json']!).panels.length);
});

test('an address that is too long for Grafana is shortened, and stays one of its own', () => {
  const made = system();
  for (const end of ['a', 'b']) {
    service(made, `a-service-with-a-name-of-forty-letters-${end}`).dashboard.show(() => [{ title: 'Row', panels: [] }]);
  }
  const uids = Object.values(dashboards(made)).map(({ uid }) => uid);
  expect(new Set(uids).size).toBe(3);
  for (const uid of uids) expect(uid.length).toBeLessThanOrEqual(40);
});
