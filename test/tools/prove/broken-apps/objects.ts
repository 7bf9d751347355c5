import { JsonPatch } from 'cdk8s';
import { added, type BrokenApp, patched } from './broken-app.ts';

const { add, remove, replace } = JsonPatch;
const API = 'Deployment api';
const POD = '/spec/template/spec';
const ALERT = '/spec/groups/0/rules/0';
const CONTAINER = `${POD}/containers/0`;

/** By the law of one object that each breaks. */
export const OBJECTS: Readonly<Record<string, BrokenApp>> = {
  schema: patched(API, add('/spec/replcas', 2)),
  names: added('v1/ConfigMap Limits', { data: { level: 'info' } }),
  labels: patched('Service api', add('/metadata/labels/team', 'night shift')),
  'cost-labels': patched('Service api', remove('/metadata/labels/owner')),
  controllers: {
    at: 'Deployment menu',
    breaks: shop => {
      shop
        .object('Deployment menu')
        .addJsonPatch(
          replace('/kind', 'ReplicaSet'),
          ...['strategy', 'progressDeadlineSeconds', 'revisionHistoryLimit'].map(field => remove(`/spec/${field}`)),
        );
      shop.object('VerticalPodAutoscaler menu').addJsonPatch(replace('/spec/targetRef/kind', 'ReplicaSet'));
    },
  },
  'pod-security': patched(API, add(`${POD}/hostNetwork`, true)),
  'pod-hardening': patched(API, replace(`${CONTAINER}/securityContext/readOnlyRootFilesystem`, false)),
  resources: patched(API, remove(`${CONTAINER}/resources/limits/cpu`)),
  quantities: patched(API, replace(`${CONTAINER}/resources/limits/cpu`, '0.4')),
  probes: patched(API, remove(`${CONTAINER}/livenessProbe`)),
  ports: patched(API, remove(`${CONTAINER}/ports/0/protocol`)),
  images: patched(API, replace(`${CONTAINER}/image`, 'ghcr.io/shop/api:latest')),
  env: patched(API, add(`${CONTAINER}/env/0`, { name: 'DATABASE_PASSWORD', value: 'hunter2' })),
  'env-references': patched(API, add(`${CONTAINER}/env/-`, { name: 'MENU_URL', value: 'http://$(MENU_HOST)' })),
  mounts: patched(API, add(`${CONTAINER}/volumeMounts/-`, { name: 'cache', mountPath: '/cache' })),
  'data-keys': added('v1/ConfigMap limits', { data: { 'per minute': 'many' } }),
  'no-secret-data': added('v1/Secret limits', { stringData: { key: 'hunter2' } }),
  shutdown: patched(API, replace(`${POD}/terminationGracePeriodSeconds`, 10)),
  rollout: patched(API, replace('/spec/strategy', { type: 'Recreate' })),
  'stateful-set': patched('StatefulSet database', remove('/spec/persistentVolumeClaimRetentionPolicy')),
  jobs: patched('CronJob report', remove('/spec/startingDeadlineSeconds')),
  'kept-long-enough': patched(
    'CronJob report',
    add('/metadata/annotations', { 'drydock/keeps': 'reports for 0 days' }),
  ),
  'scaled-object': patched('ScaledObject mailer', remove('/spec/fallback')),
  'scaling-behavior': patched(
    'HorizontalPodAutoscaler api',
    add('/spec/behavior', { scaleDown: { stabilizationWindowSeconds: 7200 } }),
  ),
  service: patched('Service api', replace('/spec/type', 'LoadBalancer')),
  ingress: patched('Ingress api', remove('/spec/ingressClassName')),
  'network-policy': patched('NetworkPolicy api', add('/spec/podSelector/matchLabels/owner', 'ordering')),
  'cloud-role': patched(
    'ServiceAccount api',
    add('/metadata/annotations', { 'eks.amazonaws.com/role-arn': `arn:aws:iam::555555555555:role/${'a'.repeat(65)}` }),
  ),
  'alert-routes': added(
    'external-secrets.io/v1/ExternalSecret alertmanager',
    {
      spec: {
        data: [{ secretKey: 'url', remoteRef: { key: 'shop/url' } }],
        secretStoreRef: { kind: 'ClusterSecretStore', name: 'default' },
        target: { name: 'alertmanager', template: { data: { 'alertmanager.yaml': 'route: { receiver: nobody }' } } },
      },
    },
    { namespace: 'shop' },
  ),
  promql: patched('PrometheusRule api', replace(`${ALERT}/expr`, 'sum(rate(kube_pod_info[5m])')),
  'alert-labels': patched('PrometheusRule api', remove(`${ALERT}/labels/team`)),
  'runbook-exists': {
    ...patched(
      'PrometheusRule api',
      replace(`${ALERT}/annotations/runbook_url`, 'https://example.com/runbooks/none.md#none'),
    ),
    runbooks: 'runbooks',
  },
  argocd: patched('Namespace shop', replace('/metadata/annotations/argocd.argoproj.io~1sync-options', 'Prune=false')),
};
