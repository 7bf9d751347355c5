import { JsonPatch } from 'cdk8s';
import { Cpu, CronJob, Duration, Size } from '../../../../charts/index.ts';
import { added, type BrokenApp, patched } from './broken-app.ts';

const { add, remove, replace } = JsonPatch;
const INSTANCE = 'app.kubernetes.io/instance';
const POD = '/spec/template/spec';

/** By the law of one unit that each breaks. */
export const UNITS: Readonly<Record<string, BrokenApp>> = {
  'cluster-wide': added('scheduling.k8s.io/v1/PriorityClass urgent', { value: 1 }, {}),
  'namespace-guards': patched(
    'Namespace shop',
    replace('/metadata/labels/pod-security.kubernetes.io~1enforce', 'baseline'),
  ),
  'network-closed': added('networking.k8s.io/v1/NetworkPolicy nobody', {
    spec: { podSelector: { matchLabels: { [INSTANCE]: 'nobody' } }, policyTypes: ['Ingress', 'Egress'] },
  }),
  'network-wired': patched(
    'NetworkPolicy database',
    add('/spec/ingress', [
      { from: [{ podSelector: { matchLabels: { [INSTANCE]: 'menu' } } }], ports: [{ port: 5432, protocol: 'TCP' }] },
    ]),
  ),
  'wired-ports': patched('Deployment api', replace(`${POD}/containers/0/ports/0/containerPort`, 9090)),
  'wired-addresses': patched(
    'CronJob report',
    add('/spec/jobTemplate/spec/template/spec/containers/0/args', ['--api', 'http://api.shop.svc/orders']),
  ),
  'service-finds-pods': patched('Service menu', replace('/spec/selector', { [INSTANCE]: 'nobody' })),
  'headless-service': {
    at: 'StatefulSet database',
    breaks: shop => shop.object('Service database').addJsonPatch(remove('/spec/clusterIP')),
  },
  'ingress-finds-service': patched(
    'Ingress api',
    replace('/spec/rules/0/http/paths/0/backend/service/port', { name: 'https' }),
  ),
  'ingress-answers': {
    at: 'Ingress api',
    breaks: shop => shop.object('Service api').addJsonPatch(add('/spec/publishNotReadyAddresses', true)),
  },
  'references-exist': patched('Deployment api', replace(`${POD}/priorityClassName`, 'urgent')),
  'one-secret-maker': added('external-secrets.io/v1/ExternalSecret second', {
    spec: {
      data: [{ secretKey: 'DATABASE_URL', remoteRef: { key: 'shop/database' } }],
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'default' },
      target: { name: 'api' },
    },
  }),
  'own-service-account': patched(
    'CronJob report',
    replace('/spec/jobTemplate/spec/template/spec/serviceAccountName', 'api'),
  ),
  rbac: patched('Role menu', replace('/rules/0/verbs', ['*'])),
  'rights-listed': {
    ...added('rbac.authorization.k8s.io/v1/Role idle', {
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
    }),
    also: ['rights-used'],
  },
  'rights-used': patched('RoleBinding menu', replace('/subjects/0/name', 'api')),
  'selectors-disjoint': patched(
    'StatefulSet database',
    replace('/spec/selector', { matchLabels: { 'app.kubernetes.io/part-of': 'shop' } }),
  ),
  'disruption-budget': patched('PodDisruptionBudget api', replace('/spec/maxUnavailable', 0)),
  'spread-holds': patched(
    'Deployment api',
    replace(`${POD}/topologySpreadConstraints/0/labelSelector`, { matchLabels: { [INSTANCE]: 'nobody' } }),
  ),
  autoscaler: patched('Deployment api', add('/spec/replicas', 2)),
  'vertical-autoscaler': patched('VerticalPodAutoscaler api', replace('/spec/updatePolicy/updateMode', 'Recreate')),
  'rollout-keeps-one': patched('Deployment api', replace('/spec/strategy/rollingUpdate/maxUnavailable', 2)),
  'quota-fits': patched('ResourceQuota quota', replace('/spec/hard/pods', '1')),
  'limit-range-fits': patched('Deployment api', replace(`${POD}/containers/0/resources/requests/cpu`, '5m')),
  'monitor-finds-port': patched('PodMonitor mailer', replace('/spec/podMetricsEndpoints/0/port', 'web')),
  'metric-exists': patched('PrometheusRule api', replace('/spec/groups/0/rules/0/expr', 'kube_pod_restarts > 0')),
  'alert-can-fire': patched('PrometheusRule api', replace('/spec/groups/0/rules/0/expr', 'up > 1')),
  'backups-apart': {
    at: 'CronJob report',
    breaks: shop => {
      const { cpu, memory } = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };
      const deadline = Duration.minutes(10);
      new CronJob(shop, 'again', { cpu, memory, image: 'ghcr.io/shop/report:1.4.2', schedule: '0 3 1 * *', deadline });
      for (const name of ['report', 'again'])
        shop.object(`CronJob ${name}`).metadata.addAnnotation('drydock/holds', 's3://shop/production/shop shop');
    },
  },
};
