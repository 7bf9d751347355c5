import type { Kind } from './facts.ts';

/**
 * What a project permits is written down here, not computed from what is rendered today. Argo CD passes over a live object
 * whose kind its project no longer permits: were a kind to leave the list together with its last object, the object would
 * stay in the cluster, unseen, and the Application would say Synced. So lists grow, and never shrink in the change that
 * removes something. What a unit renders beyond them is added, and shows in the difference of the project.
 */

/** The namespaced kinds that the vocabulary of `charts/` makes or is about to. Never Secret: secrets come from the store. */
export const VOCABULARY: readonly Kind[] = kinds({
  '': ['ConfigMap', 'LimitRange', 'PersistentVolumeClaim', 'ResourceQuota', 'Service', 'ServiceAccount'],
  apps: ['Deployment', 'StatefulSet'],
  'argoproj.io': ['AnalysisTemplate', 'Rollout'],
  autoscaling: ['HorizontalPodAutoscaler'],
  'autoscaling.k8s.io': ['VerticalPodAutoscaler'],
  batch: ['CronJob', 'Job'],
  'cert-manager.io': ['Certificate'],
  'cilium.io': ['CiliumNetworkPolicy'],
  'external-secrets.io': ['ExternalSecret', 'SecretStore'],
  'k8s.nginx.org': ['Policy'],
  'keda.sh': ['ScaledObject', 'TriggerAuthentication'],
  'monitoring.coreos.com': ['PodMonitor', 'PrometheusRule', 'ServiceMonitor'],
  'networking.k8s.io': ['Ingress', 'NetworkPolicy'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['Role', 'RoleBinding'],
});

/** What only the platform unit may own besides its namespaces. */
export const PLATFORM_WIDE: readonly Kind[] = kinds({
  'cert-manager.io': ['ClusterIssuer'],
  'external-secrets.io': ['ClusterExternalSecret', 'ClusterSecretStore'],
  'networking.k8s.io': ['IngressClass'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': ['StorageClass'],
});

/** What the vendors' charts bring for a whole cluster. */
export const ADDONS_WIDE: readonly Kind[] = kinds({
  'admissionregistration.k8s.io': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
});

/**
 * What they bring in a namespace. Secrets are among it: External Secrets ships an empty one that its webhook fills. It holds
 * no value worth keeping.
 */
export const ADDONS: readonly Kind[] = kinds({
  '': ['ConfigMap', 'Secret', 'Service', 'ServiceAccount'],
  apps: ['DaemonSet', 'Deployment', 'StatefulSet'],
  'cert-manager.io': ['Certificate', 'Issuer'],
  'coordination.k8s.io': ['Lease'],
  'k8s.nginx.org': ['Policy'],
  'monitoring.coreos.com': ['Alertmanager', 'PodMonitor', 'Prometheus', 'PrometheusRule', 'ServiceMonitor'],
  'networking.k8s.io': ['Ingress'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['Role', 'RoleBinding'],
});

/** What a root may write, into Argo CD's own namespace. */
export const ROOTS: readonly Kind[] = kinds({ 'argoproj.io': ['AppProject', 'Application'] });

function kinds(groups: Readonly<Record<string, readonly string[]>>): Kind[] {
  return Object.entries(groups).flatMap(([group, names]) => names.map(kind => ({ group, kind })));
}
