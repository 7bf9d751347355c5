import { byTier, type Cluster, COLLECTOR } from '../../../charts/index.ts';
import { COUNTS_PORT, collectorConfig, OWN_METRICS_PORT, STATE } from '../collector/config.ts';
import { TELEMETRY_BACKENDS } from '../telemetry-backends.ts';
import { resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

/** The release whose components tools/control-plane/otelcol.ts builds to judge its configuration. */
const VERSION = '0.155.0';

/** A collector on every node: logs of its pods, traces that its pods send, and the counts from which alerts about logs are made. */
export function openTelemetryCollector(cluster: Cluster): PlacedAddon {
  const { name, namespace } = COLLECTOR;
  return {
    name,
    namespace,
    // Its PodMonitor waits for the operator's definitions, its queues for the backends.
    starts: 'after platform',
    // It reads the node's folder of logs, as root: the kubelet lets nobody else.
    podSecurity: 'privileged',
    source: {
      repository: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
      chart: name,
      version: '0.158.3',
    },
    values: {
      mode: 'daemonset',
      image: { repository: 'otel/opentelemetry-collector-contrib', tag: VERSION },
      // Instead of the chart's, not merged into it: what was judged is what runs.
      alternateConfig: collectorConfig(cluster),
      clusterRole: {
        create: true,
        rules: [{ apiGroups: [''], resources: ['namespaces', 'pods'], verbs: ['get', 'list', 'watch'] }],
      },
      extraEnvs: [
        { name: 'K8S_NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        ...(cluster.telemetry?.elastic === undefined ? [] : [ELASTIC_API_KEY]),
      ],
      extraVolumes: [
        { name: 'pods', hostPath: { path: '/var/log/pods' } },
        { name: 'state', hostPath: { path: STATE, type: 'DirectoryOrCreate' } },
      ],
      extraVolumeMounts: [
        { name: 'pods', mountPath: '/var/log/pods', readOnly: true },
        { name: 'state', mountPath: STATE },
      ],
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
        runAsGroup: 0,
        runAsUser: 0,
      },
      podSecurityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      ports: {
        'jaeger-compact': { enabled: false },
        'jaeger-grpc': { enabled: false },
        'jaeger-thrift': { enabled: false },
        zipkin: { enabled: false },
        // Not on the node's own address, where anybody in the network could reach them.
        otlp: {
          enabled: true,
          containerPort: 4317,
          servicePort: 4317,
          hostPort: 0,
          protocol: 'TCP',
          appProtocol: 'grpc',
        },
        'otlp-http': { enabled: true, containerPort: 4318, servicePort: 4318, hostPort: 0, protocol: 'TCP' },
        metrics: { enabled: true, containerPort: OWN_METRICS_PORT, servicePort: OWN_METRICS_PORT, protocol: 'TCP' },
        counts: { enabled: true, containerPort: COUNTS_PORT, servicePort: COUNTS_PORT, protocol: 'TCP' },
      },
      // A pod's traces go to the collector of its own node, which knows the pod.
      service: { enabled: true, internalTrafficPolicy: 'Local' },
      podMonitor: {
        enabled: true,
        metricsEndpoints: [
          { port: 'metrics' },
          // The namespace and the service of a count are the pod's that logged, not the collector's.
          { port: 'counts', honorLabels: true },
        ],
      },
      priorityClassName: 'system-node-critical',
      resources: byTier(cluster, {
        development: resources('50m', '128Mi', '512Mi'),
        staging: resources('100m', '256Mi', '512Mi'),
        production: resources('200m', '512Mi', '1Gi'),
      }),
      // Nodes with taints have pods too.
      tolerations: [{ operator: 'Exists' }],
    },
  };
}

/** Who may write into Elasticsearch: from the store, by the platform unit. */
const ELASTIC_API_KEY = {
  name: 'ELASTIC_API_KEY',
  valueFrom: { secretKeyRef: { name: TELEMETRY_BACKENDS, key: 'elastic-api-key' } },
};
