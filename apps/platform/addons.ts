import type { Cluster } from '../../charts/index.ts';
import { argoRollouts } from './addons/argo-rollouts.ts';
import { awsLoadBalancerController } from './addons/aws-load-balancer-controller.ts';
import { certManager } from './addons/cert-manager.ts';
import { externalDns } from './addons/external-dns.ts';
import { externalSecrets } from './addons/external-secrets.ts';
import { grafana } from './addons/grafana.ts';
import { keda } from './addons/keda.ts';
import { kubePrometheusStack } from './addons/kube-prometheus-stack.ts';
import { loki } from './addons/loki.ts';
import { metricsServer } from './addons/metrics-server.ts';
import { nginxIngress } from './addons/nginx-ingress.ts';
import { openTelemetryCollector } from './addons/opentelemetry-collector.ts';
import type { PlacedAddon } from './addons/placed.ts';
import { prometheusBlackboxExporter } from './addons/prometheus-blackbox-exporter.ts';
import { prometheusOperatorCrds } from './addons/prometheus-operator-crds.ts';
import { prometheusPushgateway } from './addons/prometheus-pushgateway.ts';
import { tempo } from './addons/tempo.ts';
import { vpa } from './addons/vpa.ts';

export { type PlacedAddon, type Start, SYSTEM_NAMESPACE } from './addons/placed.ts';

/**
 * What a cluster runs that a vendor packages: pinned to one version, installed by Argo CD, neither rendered nor proven
 * here. docs/not-rendered.md lists the same, with what is known of each and what is not.
 */
export function addons(cluster: Cluster): PlacedAddon[] {
  const everywhere = [
    prometheusOperatorCrds,
    certManager,
    externalSecrets,
    keda,
    argoRollouts,
    metricsServer,
    vpa,
    nginxIngress,
    kubePrometheusStack,
    prometheusPushgateway,
    loki,
    tempo,
    openTelemetryCollector,
    prometheusBlackboxExporter,
    grafana,
  ];
  const inAws = [externalDns, awsLoadBalancerController];
  return [...everywhere, ...(cluster.account === undefined ? [] : inAws)].map(addon => addon(cluster));
}
