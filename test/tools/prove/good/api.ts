import { budget, companions, type Loose, object, selector, service, serving, template } from './parts.ts';

const main = {
  ...serving,
  env: [
    { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'api', key: 'DATABASE_URL' } } },
    { name: 'LOG_LEVEL', valueFrom: { configMapKeyRef: { name: 'api', key: 'level' } } },
    { name: 'PORT', value: '8000' },
  ],
  volumeMounts: [{ name: 'files', mountPath: '/etc/api.yaml', subPath: 'api.yaml' }],
};

const backend = { service: { name: 'api', port: { name: 'http' } } };

/** A Deployment that scales, with settings and a secret, behind an Ingress. */
export function api(): Loose[] {
  return [
    object('apps/v1/Deployment', 'api', {
      spec: {
        selector: selector('api'),
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
        template: template('api', main, { volumes: [{ name: 'files', configMap: { name: 'api' } }] }),
      },
    }),
    ...companions('api'),
    budget('api'),
    service('api'),
    object('autoscaling/v2/HorizontalPodAutoscaler', 'api', {
      spec: {
        minReplicas: 2,
        maxReplicas: 6,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
      },
    }),
    object('v1/ConfigMap', 'api', { data: { 'api.yaml': 'workers: 4\n', level: 'info' } }),
    object('external-secrets.io/v1/ExternalSecret', 'api', {
      spec: {
        data: [{ secretKey: 'DATABASE_URL', remoteRef: { key: 'shop/database' } }],
        secretStoreRef: { kind: 'ClusterSecretStore', name: 'default' },
        target: { name: 'api' },
      },
    }),
    object(
      'networking.k8s.io/v1/Ingress',
      'api',
      {
        spec: {
          ingressClassName: 'nginx',
          rules: [{ host: 'api.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
          tls: [{ hosts: ['api.example.com'], secretName: 'api-tls' }],
        },
      },
      { annotations: { 'cert-manager.io/cluster-issuer': 'default', 'nginx.org/policies': 'limit' } },
    ),
    object('k8s.nginx.org/v1/Policy', 'limit', { spec: { accessControl: { allow: ['10.0.0.0/8'] } } }),
  ];
}
