import { expect, test } from 'vitest';
import { Platform } from '../../../apps/platform/index.ts';
import { silence } from '../../../charts/alerting/agreed.ts';
import type { Site } from '../../../charts/index.ts';
import { dock } from '../../../dock.ts';
import { production, staging } from '../../site.ts';
import { Shop } from './broken-apps/shop.ts';

const agreement = { reason: 'it moves', owner: 'ordering', expires: '2020-01-31' };

/** What the dock says of a shop in two clusters. */
function docked(change: (shop: Shop) => void) {
  const berth = (of: Omit<Site, 'role'>) => {
    const site: Site = { ...of, role: 'primary' };
    const build = (scope: ConstructorParameters<typeof Shop>[0]) => {
      const shop = new Shop(scope, site);
      change(shop);
      return shop;
    };
    const platform = { system: 'platform', site, of: Platform, build: (scope: never) => new Platform(scope, site) };
    return { cluster: site, units: [platform, { system: 'shop', site, of: Shop, build }] };
  };
  const { findings, agreed } = dock([berth(production), berth(staging)] as never, { imports: 'imports', take() {} });
  return { findings: findings.filter(({ rule }) => rule === 'alert-agreed'), agreed };
}

test('a silence knows the file that it changes, in each cluster', () => {
  const { findings, agreed } = docked(shop => silence(shop.api, { alert: 'PodCrashLooping', ...agreement }));
  expect(findings).toEqual([]);
  expect(agreed).toEqual(
    ['production', 'staging'].map(cluster => ({
      ...agreement,
      cluster,
      construct: 'shop/api',
      alert: 'PodCrashLooping',
      is: 'silenced',
      files: [`${cluster}/shop/services/shop/PrometheusRule.api.yaml`],
    })),
  );
});

test('a silence of what no cluster has is a finding; of what one has, none', () => {
  const nobody = docked(shop => silence(shop.api, { alert: 'PodCrashLoopin', ...agreement }));
  expect(nobody.findings.map(({ cluster, given }) => `${cluster}: ${given}`)).toEqual(
    ['production', 'staging'].map(cluster => `${cluster}: PodCrashLoopin is silenced, and no alert here is called so`),
  );
  const one = docked(shop => {
    silence(shop.api, { alert: 'ShopBusy', ...agreement });
    if (shop.site.tier !== 'production') return;
    shop.api.alert({
      name: 'ShopBusy',
      severity: 'P3',
      expr: 'up{namespace="shop"} > 0',
      summary: 'Busy',
      description: 'Busy',
      why: 'One.',
      runbook: 'shop/busy',
    });
  });
  expect(one.findings).toEqual([]);
});
