import { fileURLToPath } from 'node:url';
import { Api } from '../../../tools/prove/api.ts';
import type { Unit } from '../../../tools/prove/rule.ts';
import type { Manifest, Rendered } from '../../../tools/render/manifest.ts';
import { container, podTemplate } from './good-pod.ts';

const api = new Api(fileURLToPath(new URL('../../../imports', import.meta.url)), '1.35');

const COST = {
  'app.kubernetes.io/managed-by': 'drydock',
  'app.kubernetes.io/part-of': 'shop',
  'cost-center': 'shop',
  environment: 'production',
  owner: 'ordering',
};
const CONFIRM = { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' };

// biome-ignore lint/suspicious/noExplicitAny: tests break these objects in every way there is
export type Loose = any;

const instance = (name: string) => ({ 'app.kubernetes.io/instance': name });
const selector = (name: string) => ({ matchLabels: instance(name) });
const dns = { ports: [{ port: 53, protocol: 'UDP' }], to: [{ namespaceSelector: selector('dns') }] };

function object(apiVersion: string, kind: string, name: string, body: object, metadata: object = {}): Loose {
  return { apiVersion, kind, metadata: { name, namespace: 'shop', labels: { ...COST }, ...metadata }, ...body };
}

function template(name: string, main: object, pod: object = {}): object {
  return podTemplate(name, { ...COST, ...instance(name) }, container(name, main), pod);
}

/** What every workload brings: account, policy and, where it runs for ever, a budget. */
function companions(name: string, budget: boolean): Loose[] {
  return [
    object('v1', 'ServiceAccount', name, { automountServiceAccountToken: false }),
    object('networking.k8s.io/v1', 'NetworkPolicy', name, {
      spec: {
        podSelector: selector(name),
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [{ podSelector: selector('edge') }], ports: [{ port: 8000, protocol: 'TCP' }] }],
        egress: [structuredClone(dns)],
      },
    }),
    ...(budget
      ? [
          object('policy/v1', 'PodDisruptionBudget', name, {
            spec: { maxUnavailable: 1, selector: selector(name), unhealthyPodEvictionPolicy: 'AlwaysAllow' },
          }),
        ]
      : []),
  ];
}

const probe = (path: string) => ({ httpGet: { path, port: 'http' } });
const serving = {
  ports: [{ name: 'http', containerPort: 8000, protocol: 'TCP' }],
  readinessProbe: probe('/readyz'),
  livenessProbe: probe('/livez'),
  lifecycle: { preStop: { sleep: { seconds: 10 } } },
};
const service = (name: string, spec: object = {}) =>
  object('v1', 'Service', name, {
    spec: {
      type: 'ClusterIP',
      selector: instance(name),
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }],
      ...spec,
    },
  });

/** One of everything, as it should be: an API behind an Ingress, a database, a nightly job, a migration. */
export function goodObjects(): Loose[] {
  return [
    object(
      'v1',
      'Namespace',
      'shop',
      {},
      {
        namespace: undefined,
        annotations: { ...CONFIRM },
        labels: {
          ...COST,
          ...Object.fromEntries(
            ['enforce', 'audit', 'warn'].flatMap(mode => [
              [`pod-security.kubernetes.io/${mode}`, 'restricted'],
              [`pod-security.kubernetes.io/${mode}-version`, 'v1.35'],
            ]),
          ),
        },
      },
    ),
    object('networking.k8s.io/v1', 'NetworkPolicy', 'default-deny', {
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    }),
    object('v1', 'LimitRange', 'limits', {
      spec: {
        limits: [
          {
            type: 'Container',
            default: { cpu: '500m' },
            defaultRequest: { cpu: '50m' },
            max: { cpu: '16' },
            min: { cpu: '10m' },
          },
        ],
      },
    }),
    object('v1', 'ResourceQuota', 'quota', {
      spec: {
        hard: {
          'limits.cpu': '16',
          'limits.memory': '4Gi',
          pods: '20',
          'requests.cpu': '4',
          'requests.memory': '4Gi',
          'requests.storage': '20Gi',
        },
      },
    }),

    object('apps/v1', 'Deployment', 'api', {
      spec: {
        selector: selector('api'),
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
        template: template(
          'api',
          {
            ...serving,
            env: [
              { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'api', key: 'DATABASE_URL' } } },
              { name: 'LOG_LEVEL', valueFrom: { configMapKeyRef: { name: 'api', key: 'level' } } },
              { name: 'PORT', value: '8000' },
            ],
            volumeMounts: [{ name: 'files', mountPath: '/etc/api.yaml', subPath: 'api.yaml' }],
          },
          { volumes: [{ name: 'files', configMap: { name: 'api' } }] },
        ),
      },
    }),
    ...companions('api', true),
    service('api'),
    object('autoscaling/v2', 'HorizontalPodAutoscaler', 'api', {
      spec: {
        minReplicas: 2,
        maxReplicas: 6,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
      },
    }),
    object('v1', 'ConfigMap', 'api', { data: { 'api.yaml': 'workers: 4\n', level: 'info' } }),
    object('external-secrets.io/v1', 'ExternalSecret', 'api', {
      spec: {
        data: [{ secretKey: 'DATABASE_URL', remoteRef: { key: 'shop/database' } }],
        secretStoreRef: { kind: 'ClusterSecretStore', name: 'default' },
        target: { name: 'api' },
      },
    }),
    object(
      'networking.k8s.io/v1',
      'Ingress',
      'api',
      {
        spec: {
          ingressClassName: 'nginx',
          rules: [
            {
              host: 'api.example.com',
              http: {
                paths: [
                  { path: '/', pathType: 'Prefix', backend: { service: { name: 'api', port: { name: 'http' } } } },
                ],
              },
            },
          ],
          tls: [{ hosts: ['api.example.com'], secretName: 'api-tls' }],
        },
      },
      { annotations: { 'cert-manager.io/cluster-issuer': 'default', 'nginx.org/policies': 'limit' } },
    ),
    object('k8s.nginx.org/v1', 'Policy', 'limit', { spec: { accessControl: { allow: ['10.0.0.0/8'] } } }),

    object(
      'apps/v1',
      'StatefulSet',
      'database',
      {
        spec: {
          replicas: 2,
          selector: selector('database'),
          serviceName: 'database',
          persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
          template: template('database', { ...serving, volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
          volumeClaimTemplates: [
            {
              apiVersion: 'v1',
              kind: 'PersistentVolumeClaim',
              metadata: { name: 'data' },
              spec: {
                accessModes: ['ReadWriteOnce'],
                resources: { requests: { storage: '10Gi' } },
                storageClassName: 'gp3',
                volumeMode: 'Filesystem',
              },
            },
          ],
        },
      },
      { annotations: { ...CONFIRM } },
    ),
    ...companions('database', true),
    service('database', { clusterIP: 'None' }),
    service('primary', { selector: { ...instance('database'), role: 'primary' } }),
    object('rbac.authorization.k8s.io/v1', 'Role', 'database', {
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch', 'patch'] }],
    }),
    object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'database', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'database' },
      subjects: [{ kind: 'ServiceAccount', name: 'database', namespace: 'shop' }],
    }),

    object('batch/v1', 'CronJob', 'clean', {
      spec: {
        concurrencyPolicy: 'Forbid',
        failedJobsHistoryLimit: 3,
        schedule: '0 3 * * *',
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 1,
        jobTemplate: {
          spec: {
            activeDeadlineSeconds: 3600,
            backoffLimit: 1,
            template: template('clean', {}, { restartPolicy: 'Never' }),
          },
        },
      },
    }),
    ...companions('clean', false),
    object(
      'batch/v1',
      'Job',
      'migrate',
      {
        spec: {
          activeDeadlineSeconds: 3600,
          backoffLimit: 0,
          ttlSecondsAfterFinished: 86_400,
          template: template('migrate', {}, { restartPolicy: 'Never' }),
        },
      },
      { annotations: { 'argocd.argoproj.io/hook': 'Sync', 'argocd.argoproj.io/sync-wave': '-1' } },
    ),
    ...companions('migrate', false),
  ].map(each => JSON.parse(JSON.stringify(each)));
}

export interface Setting {
  readonly tier?: string;
  readonly cluster?: string;
  readonly system?: string;
}

/** Manifests as a unit of a cluster whose platform has the usual. */
export function unitOf(
  manifests: readonly Manifest[],
  { tier = 'production', cluster = 'us-east-1a', system = 'shop' }: Setting = {},
): Unit {
  const objects = manifests.map((manifest): Rendered => {
    const what = `${manifest.kind}.${manifest.metadata.name}`;
    return {
      construct: `${system}/${what}`,
      file: `${cluster}/${system}/services/${what}.yaml`,
      layer: 'services',
      manifest,
    };
  });
  const platform = new Set([
    'ClusterIssuer default',
    'ClusterSecretStore default',
    'IngressClass nginx',
    'PriorityClass standard',
    'StorageClass gp3',
  ]);
  return { cluster: { name: cluster, tier, api }, system, objects, platform };
}
