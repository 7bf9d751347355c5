import { expect, test } from 'vitest';
import { apiPod, broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'an account that is not there',
    it => {
      delete it['ServiceAccount clean'];
    },
    [
      'references-exist: CronJob.clean: spec.jobTemplate.spec.template.spec.serviceAccountName names ServiceAccount clean, which namespace shop has not; render it in the same namespace',
    ],
  ],
  [
    'a priority that is not there',
    it => {
      apiPod(it).priorityClassName = 'urgent';
    },
    [
      'references-exist: Deployment.api: spec.template.spec.priorityClassName names PriorityClass urgent, which neither the unit nor the platform has; add it to apps/platform, or name one that is there',
    ],
  ],
  [
    'the system’s priorities are there',
    it => {
      apiPod(it).priorityClassName = 'system-cluster-critical';
    },
    [],
  ],
  [
    'a storage class that is not there',
    it => {
      it['StatefulSet database'].spec.volumeClaimTemplates[0].spec.storageClassName = 'fast';
    },
    [
      'references-exist: StatefulSet.database: spec.volumeClaimTemplates[0].spec.storageClassName names StorageClass fast, which neither the unit nor the platform has; add it to apps/platform, or name one that is there',
    ],
  ],
  [
    'a claim that is not there',
    it => {
      apiPod(it).volumes.push({ name: 'shared', persistentVolumeClaim: { claimName: 'shared' } });
    },
    [
      'references-exist: Deployment.api: spec.template.spec.volumes[1].persistentVolumeClaim names PersistentVolumeClaim shared, which namespace shop has not; render it in the same namespace',
    ],
  ],
  [
    'a headless Service that is not there',
    it => {
      delete it['Service database'];
    },
    [
      'references-exist: StatefulSet.database: spec.serviceName names Service database, which namespace shop has not; render it in the same namespace',
    ],
  ],
  [
    'an issuer that is not there',
    it => {
      it['Ingress api'].metadata.annotations['cert-manager.io/cluster-issuer'] = 'letsencrypt';
    },
    [
      'references-exist: Ingress.api: metadata.annotations["cert-manager.io/cluster-issuer"] names ClusterIssuer letsencrypt, which neither the unit nor the platform has; add it to apps/platform, or name one that is there',
    ],
  ],
  [
    'a certificate that nobody issues',
    it => {
      delete it['Ingress api'].metadata.annotations['cert-manager.io/cluster-issuer'];
    },
    [
      "references-exist: Ingress.api: spec.tls[0].secretName names Secret api-tls, which namespace shop has not; make it with an ExternalSecret or a Certificate of the same namespace: secret('…')",
    ],
  ],
  [
    'a Certificate makes its Secret',
    it => {
      delete it['Ingress api'].metadata.annotations['cert-manager.io/cluster-issuer'];
      it.certificate = {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { ...it['Service api'].metadata },
        spec: { dnsNames: ['api.example.com'], issuerRef: { kind: 'Issuer', name: 'own' }, secretName: 'api-tls' },
      };
    },
    [
      'references-exist: Certificate.api: spec.issuerRef names Issuer own, which namespace shop has not; render it in the same namespace',
    ],
  ],
  [
    'a store that is not there',
    it => {
      it['ExternalSecret api'].spec.secretStoreRef.name = 'vault';
    },
    [
      'references-exist: ExternalSecret.api: spec.secretStoreRef names ClusterSecretStore vault, which neither the unit nor the platform has; add it to apps/platform, or name one that is there',
    ],
  ],
  [
    'an ingress class that is not there',
    it => {
      it['Ingress api'].spec.ingressClassName = 'alb';
    },
    [
      'references-exist: Ingress.api: spec.ingressClassName names IngressClass alb, which neither the unit nor the platform has; add it to apps/platform, or name one that is there',
    ],
  ],
  [
    'a policy that is not there',
    it => {
      it['Ingress api'].metadata.annotations['nginx.org/policies'] = 'shop/limit, deny';
    },
    [
      'references-exist: Ingress.api: metadata.annotations["nginx.org/policies"] names Policy deny, which namespace shop has not; render it in the same namespace',
    ],
  ],
  [
    'a role that is not there',
    it => {
      delete it['Role database'];
    },
    [
      'references-exist: RoleBinding.database: roleRef names Role database, which namespace shop has not; render it in the same namespace',
    ],
  ],
  [
    'an account of a binding that is not there',
    it => {
      it['RoleBinding database'].subjects.push({ kind: 'ServiceAccount', name: 'databse', namespace: 'shop' });
    },
    [
      'references-exist: RoleBinding.database: subjects[1] names ServiceAccount databse, which namespace shop has not; render it in the same namespace',
    ],
  ],
  [
    'a namespaced issuer that is not there',
    it => {
      const { annotations } = it['Ingress api'].metadata;
      delete annotations['cert-manager.io/cluster-issuer'];
      annotations['cert-manager.io/issuer'] = 'own';
    },
    [
      'references-exist: Ingress.api: metadata.annotations["cert-manager.io/issuer"] names Issuer own, which namespace shop has not; render it in the same namespace',
    ],
  ],
  [
    'a runtime class that is not there',
    it => {
      apiPod(it).runtimeClassName = 'gvisor';
    },
    [
      'references-exist: Deployment.api: spec.template.spec.runtimeClassName names RuntimeClass gvisor, which neither the unit nor the platform has; add it to apps/platform, or name one that is there',
    ],
  ],
  [
    'a registry’s secret that is not there',
    it => {
      apiPod(it).imagePullSecrets = [{ name: 'registry' }];
      it['ServiceAccount api'].imagePullSecrets = [{ name: 'registry' }];
    },
    [
      "references-exist: Deployment.api: spec.template.spec.imagePullSecrets[0] names Secret registry, which namespace shop has not; make it with an ExternalSecret or a Certificate of the same namespace: secret('…')",
      "references-exist: ServiceAccount.api: imagePullSecrets[0] names Secret registry, which namespace shop has not; make it with an ExternalSecret or a Certificate of the same namespace: secret('…')",
    ],
  ],
  [
    'a storage class of a claim that is not there',
    it => {
      it.claim = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { ...it['StatefulSet database'].metadata, name: 'shared' },
        spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Mi' } }, storageClassName: 'efs' },
      };
      it['ResourceQuota quota'].spec.hard['requests.storage'] = '21Gi';
    },
    [
      'references-exist: PersistentVolumeClaim.shared: spec.storageClassName names StorageClass efs, which neither the unit nor the platform has; add it to apps/platform, or name one that is there',
    ],
  ],
  [
    'a Certificate’s issuer of the cluster that is not there',
    it => {
      it.certificate = {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { ...it['Service api'].metadata },
        spec: { dnsNames: ['api.example.com'], issuerRef: { kind: 'ClusterIssuer', name: 'own' }, secretName: 'own' },
      };
    },
    [
      'references-exist: Certificate.api: spec.issuerRef names ClusterIssuer own, which neither the unit nor the platform has; add it to apps/platform, or name one that is there',
    ],
  ],
  [
    'a store of the namespace that is not there',
    it => {
      it['ExternalSecret api'].spec.secretStoreRef.kind = 'SecretStore';
    },
    [
      'references-exist: ExternalSecret.api: spec.secretStoreRef names SecretStore default, which namespace shop has not; render it in the same namespace',
    ],
  ],
  [
    'a storage class of a scratch volume that is not there',
    it => {
      it['ResourceQuota quota'].spec.hard['requests.storage'] = '40Gi';
      apiPod(it).volumes.push({
        name: 'scratch',
        ephemeral: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '1Mi' } },
              storageClassName: 'fast',
            },
          },
        },
      });
    },
    [
      'references-exist: Deployment.api: spec.template.spec.volumes[1].ephemeral.volumeClaimTemplate.spec.storageClassName names StorageClass fast, which neither the unit nor the platform has; add it to apps/platform, or name one that is there',
    ],
  ],
  [
    'an account of a ClusterRole that is not there',
    it => {
      it.all = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'all', labels: it['Service api'].metadata.labels },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
        subjects: [
          { kind: 'ServiceAccount', name: 'nobody', namespace: 'shop' },
          { kind: 'ServiceAccount', name: 'prometheus', namespace: 'monitoring' },
        ],
      };
    },
    [
      'cluster-wide: ClusterRoleBinding.all: ClusterRoleBinding all belongs to the whole cluster; render it in apps/platform, where everybody sees it',
      'references-exist: ClusterRoleBinding.all: subjects[0] names ServiceAccount nobody, which namespace shop has not; render it in the same namespace',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
