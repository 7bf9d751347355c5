/** The custom resources that Drydock emits, and the TypeScript types their schemas are made of. Adding a kind is one line here. */
export interface Source {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** A module of an installed package, or a file of this folder. */
  readonly module: string;
  /** The interface in that module. @default `I<kind>`, as the kubernetes-models packages have it */
  readonly type?: string;
}

const argocd = '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
const certManager = '@kubernetes-models/cert-manager/cert-manager.io/v1';
const externalSecrets = '@kubernetes-models/external-secrets/external-secrets.io/v1';
const keda = '@kubernetes-models/keda/keda.sh/v1alpha1';
const prometheus = '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
const verticalPodAutoscaler = '@kubernetes-models/autoscaler/autoscaling.k8s.io/v1';

export const sources: readonly Source[] = [
  kind('argoproj.io/v1alpha1', 'Application', argocd),
  kind('argoproj.io/v1alpha1', 'AppProject', argocd),
  kind('autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', verticalPodAutoscaler),
  kind('cert-manager.io/v1', 'Certificate', certManager),
  kind('cert-manager.io/v1', 'ClusterIssuer', certManager, { namespaced: false }),
  kind('cert-manager.io/v1', 'Issuer', certManager),
  handwritten('cilium.io/v2', 'CiliumNetworkPolicy', 'cilium-network-policy'),
  kind('external-secrets.io/v1', 'ClusterExternalSecret', externalSecrets, { namespaced: false }),
  kind('external-secrets.io/v1', 'ClusterSecretStore', externalSecrets, { namespaced: false }),
  kind('external-secrets.io/v1', 'ExternalSecret', externalSecrets),
  kind('external-secrets.io/v1', 'SecretStore', externalSecrets),
  handwritten('k8s.nginx.org/v1', 'Policy', 'nginx-policy'),
  kind('keda.sh/v1alpha1', 'ScaledObject', keda),
  kind('monitoring.coreos.com/v1', 'PodMonitor', prometheus),
  kind('monitoring.coreos.com/v1', 'Probe', prometheus),
  kind('monitoring.coreos.com/v1', 'PrometheusRule', prometheus),
  kind('monitoring.coreos.com/v1', 'ServiceMonitor', prometheus),
];

function kind(apiVersion: string, name: string, folder: string, { namespaced = true } = {}): Source {
  return { apiVersion, kind: name, namespaced, module: `${folder}/${name}` };
}

function handwritten(apiVersion: string, name: string, file: string): Source {
  return { apiVersion, kind: name, namespaced: true, module: `./handwritten/${file}.ts`, type: name };
}
