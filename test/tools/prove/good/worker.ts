import { budget, companions, inNamespace, type Loose, object, selector, serving, tcp, template } from './parts.ts';

const query = '60 * sum(rate(http_requests_total{namespace="shop"}[2m]))';

const slowly = { stabilizationWindowSeconds: 600, policies: [{ type: 'Percent', value: 20, periodSeconds: 60 }] };

const triggers = [
  { type: 'cpu', metricType: 'Utilization', metadata: { value: '70' } },
  {
    type: 'prometheus',
    metadata: { serverAddress: 'http://prometheus:9090', query, threshold: '1000', ignoreNullValues: 'false' },
  },
  {
    type: 'cron',
    metadata: { timezone: 'Asia/Kolkata', start: '0 9 * * 1-5', end: '0 21 * * 1-5', desiredReplicas: '3' },
  },
];

/** A Deployment that KEDA scales and a recommender watches and Prometheus asks, on spot nodes, with a role in the cloud. */
export function worker(): Loose[] {
  const [account, policy] = companions('worker');
  account.metadata = {
    ...account.metadata,
    annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::333333333333:role/us-east-1a-shop-worker' },
  };
  const prometheus = { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } };
  policy.spec.ingress.push({ from: [{ ...inNamespace('monitoring'), ...prometheus }], ports: [tcp(8000)] });
  return [
    object('apps/v1/Deployment', 'worker', {
      spec: {
        selector: selector('worker'),
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: template('worker', serving, { tolerations: [{ key: 'drydock/spot', operator: 'Exists' }] }),
      },
    }),
    account,
    policy,
    budget('worker'),
    object('keda.sh/v1alpha1/ScaledObject', 'worker', {
      spec: {
        scaleTargetRef: { name: 'worker' },
        minReplicaCount: 2,
        maxReplicaCount: 3,
        fallback: { failureThreshold: 3, replicas: 2, behavior: 'currentReplicasIfHigher' },
        advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: slowly } } },
        triggers,
      },
    }),
    object('autoscaling.k8s.io/v1/VerticalPodAutoscaler', 'worker', {
      spec: {
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'worker' },
        updatePolicy: { updateMode: 'Off' },
      },
    }),
  ];
}
