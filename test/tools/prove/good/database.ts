import {
  budget,
  CONFIRM,
  companions,
  instance,
  type Loose,
  object,
  selector,
  service,
  serving,
  template,
} from './parts.ts';

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '10Gi' } },
    storageClassName: 'gp3',
    volumeMode: 'Filesystem',
  },
};

/** What it calls the API server with, where it keeps who leads. */
const token = {
  name: 'token',
  projected: {
    sources: [
      { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    ],
  },
};
const mounts = [
  { name: 'data', mountPath: '/data' },
  { name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
];

/** A StatefulSet with a headless Service, one by Patroni's role, and the rights it needs. */
export function database(): Loose[] {
  const spec = {
    replicas: 2,
    selector: selector('database'),
    serviceName: 'database',
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    template: template('database', { ...serving, volumeMounts: mounts }, { volumes: [token] }),
    volumeClaimTemplates: [claim],
  };
  return [
    object('apps/v1/StatefulSet', 'database', { spec }, { annotations: CONFIRM }),
    ...companions('database'),
    budget('database'),
    service('database', { clusterIP: 'None' }),
    service('primary', { selector: { ...instance('database'), role: 'primary' } }),
    object('rbac.authorization.k8s.io/v1/Role', 'database', {
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch', 'patch'] }],
    }),
    object('rbac.authorization.k8s.io/v1/RoleBinding', 'database', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'database' },
      subjects: [{ kind: 'ServiceAccount', name: 'database', namespace: 'shop' }],
    }),
  ];
}
