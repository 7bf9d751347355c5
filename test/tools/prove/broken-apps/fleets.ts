import { JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import { KubeObject, type Site, System } from '../../../../charts/index.ts';
import type { ServiceAccount } from '../../../../imports/kubernetes.ts';
import { added, type BrokenApp, patched } from './broken-app.ts';

/** Another unit that makes an object of the shop's. */
class Till extends System {
  constructor(scope: Construct, site: Site) {
    super(scope, 'till', { site, owner: 'retail', costCenter: 'till' });
    const metadata = { name: 'api', namespace: 'shop' };
    const head = { apiVersion: 'v1', kind: 'ServiceAccount', metadata } as const;
    new KubeObject<ServiceAccount>(this, 'account', head, { automountServiceAccountToken: false });
  }
}

/** By the law of the fleet that each breaks. */
export const FLEETS: Readonly<Record<string, BrokenApp>> = {
  'alert-routed': {
    ...added('monitoring.coreos.com/v1/PrometheusRule tills', {
      spec: {
        groups: [{ name: 'tills', rules: [{ alert: 'Down', expr: 'vector(1)', labels: { severity: 'page' } }] }],
      },
    }),
    also: ['alert-labels', 'alert-can-fire'],
  },
  'alert-once': patched('PrometheusRule menu', JsonPatch.replace('/spec/groups/0/rules/0/labels/service', 'api')),
  // That the object stands in a namespace of another unit is a fault too.
  'one-owner': { at: 'ServiceAccount api', beside: Till, also: ['namespace-guards'] },
  'host-once': {
    at: 'Ingress api',
    breaks: shop => shop.api.expose({ name: 'second', host: `api.${shop.site.domain}` }),
  },
  'nodes-hold': {
    at: 'Deployment api',
    site: { nodePools: [{ name: 'small', maxNodes: 1, cores: 1, memoryGibibytes: 8, spot: false }] },
  },
  'one-archive': {
    at: 'ConfigMap second',
    breaks: shop => {
      const annotations = { 'drydock/holds': 's3://backups/production/shop/database shop-database' };
      for (const name of ['first', 'second'])
        shop.add(`v1/ConfigMap ${name}`, { data: {} }, { namespace: 'shop', annotations });
    },
  },
};
