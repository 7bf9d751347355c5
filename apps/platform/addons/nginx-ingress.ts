import { byTier, type Cluster } from '../../../charts/index.ts';
import { budget, CRITICAL, resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

const NAME = 'nginx-ingress';

/** The F5 NGINX Ingress Controller: the edge that `expose` speaks to. Its pods' name label is part of our network policies. */
export function nginxIngress(cluster: Cluster): PlacedAddon {
  const { namespace, ingressClass } = cluster.edge;
  const pods = byTier(cluster, { development: 1, staging: 2, production: 3 });
  return {
    name: NAME,
    namespace,
    // It ends with an error where its IngressClass is missing (mustValidateIngressClass), and the platform unit makes that.
    starts: 'after platform',
    podSecurity: 'restricted',
    // A registry: Argo CD takes a repository without a scheme for one, and adds oci:// itself.
    source: { repository: 'ghcr.io/nginx/charts', chart: NAME, version: '2.6.4' },
    values: {
      controller: {
        kind: 'deployment',
        replicaCount: pods,
        ingressClass: { create: false, name: ingressClass, setAsDefaultIngress: false },
        // The Policy behind `operatorsOnly`.
        enableCustomResources: true,
        // A snippet of an app's is configuration that nobody proves; the one below is ours, for every host.
        enableSnippets: false,
        telemetryReporting: { enable: false },
        readOnlyRootFilesystem: true,
        priorityClassName: CRITICAL,
        podDisruptionBudget: budget(pods),
        reportIngressStatus: { enable: true, enableLeaderElection: true },
        resources: resources('250m', '256Mi', '1Gi'),
        // A pod still answers while the load balancer takes it out; the rest of the minute is for requests under way.
        lifecycle: { preStop: { sleep: { seconds: 15 } } },
        terminationGracePeriodSeconds: 60,
        strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }, type: 'RollingUpdate' },
        topologySpreadConstraints: [
          {
            labelSelector: { matchLabels: { 'app.kubernetes.io/name': NAME } },
            maxSkew: 1,
            topologyKey: 'topology.kubernetes.io/zone',
            whenUnsatisfiable: 'ScheduleAnyway',
          },
        ],
        config: {
          entries: {
            ...SETTINGS,
            ...(cluster.cdn && BEHIND_CLOUDFLARE),
            ...(cluster.account === undefined && { 'external-status-address': '127.0.0.1' }),
          },
        },
        service: cluster.account === undefined ? NODE_PORTS : LOAD_BALANCER,
      },
      prometheus: { create: true, service: { create: false }, serviceMonitor: { create: false } },
    },
  };
}

const SETTINGS = {
  http2: 'True',
  'log-format-escaping': 'json',
  'log-format':
    '{"time":"$time_iso8601","request_id":"$request_id","traceparent":"$http_traceparent","client":"$remote_addr","host":"$host","for_namespace":"$resource_namespace","for_service":"$service","method":"$request_method",' +
    '"uri":"$uri","status":"$status","bytes":"$body_bytes_sent","seconds":"$request_time","upstream_seconds":"$upstream_response_time"}',
  // The same id goes to the service and back to the caller, who may name it; one that a caller brings is not believed.
  'location-snippets': 'proxy_set_header X-Request-Id $request_id;\nadd_header X-Request-Id $request_id always;',
  'server-tokens': 'False',
  'ssl-protocols': 'TLSv1.2 TLSv1.3',
};

/** Limits and allow-lists go by the client that Cloudflare names, and only Cloudflare is believed (cloudflare.com/ips-v4). */
const BEHIND_CLOUDFLARE = {
  'real-ip-header': 'CF-Connecting-IP',
  'set-real-ip-from': [
    ...['173.245.48.0/20', '103.21.244.0/22', '103.22.200.0/22', '103.31.4.0/22', '141.101.64.0/18'],
    ...['108.162.192.0/18', '190.93.240.0/20', '188.114.96.0/20', '197.234.240.0/22', '198.41.128.0/17'],
    ...['162.158.0.0/15', '104.16.0.0/13', '104.24.0.0/14', '172.64.0.0/13', '131.0.72.0/22'],
  ].join(','),
};

/** kind has no load balancer: its node's ports are mapped to the laptop's. An address in the status makes an Ingress healthy. */
const NODE_PORTS = {
  type: 'NodePort',
  externalTrafficPolicy: 'Local',
  httpPort: { nodePort: 30080 },
  httpsPort: { nodePort: 30443 },
};

const LOAD_BALANCER = {
  type: 'LoadBalancer',
  externalTrafficPolicy: 'Local',
  annotations: {
    'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
    'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
    // Off by default for ip targets: rate limits and allow-lists would see the load balancer's address only.
    'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes': 'preserve_client_ip.enabled=true',
    // Leaves the Service to the AWS Load Balancer Controller.
    'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
  },
};
