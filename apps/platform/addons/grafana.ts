import { GRAFANA, PROMETHEUS } from '../../../charts/conventions.ts';
import { type Cluster, PLATFORM } from '../../../charts/index.ts';
import { GRAFANA_ADMIN } from '../grafana-admin.ts';
import { CRITICAL, resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

const NAME = 'grafana';
const READS_DASHBOARDS = 'grafana-dashboards';
const OPERATORS = 'grafana-operators';

/**
 * Shows the dashboards that stand in the systems' ConfigMaps. It keeps nothing: what somebody changes by hand is gone with
 * its pod, since all that is worth keeping comes from code.
 */
export function grafana({ domain, edge }: Cluster): PlacedAddon {
  const host = GRAFANA.host(domain);
  return {
    name: NAME,
    namespace: PROMETHEUS.namespace,
    // Its password's Secret, its issuer and its IngressClass are the platform unit's.
    starts: 'after platform',
    // Prometheus' own namespace, and so as open as that is.
    podSecurity: 'privileged',
    // Where the chart went in January 2026; the repository of before is frozen.
    source: {
      repository: 'https://grafana-community.github.io/helm-charts',
      chart: NAME,
      version: '12.11.2',
    },
    values: {
      // Its own database is a file in the pod: a second pod would know other sessions.
      replicas: 1,
      priorityClassName: CRITICAL,
      resources: resources('50m', '256Mi', '512Mi'),
      admin: { existingSecret: GRAFANA_ADMIN, userKey: 'admin-user', passwordKey: 'admin-password' },
      'grafana.ini': {
        analytics: { check_for_updates: false, check_for_plugin_updates: false, reporting_enabled: false },
        server: { root_url: `https://${host}` },
        users: { default_theme: 'system' },
      },
      datasources: {
        'datasources.yaml': {
          apiVersion: 1,
          datasources: [
            {
              name: 'Prometheus',
              // The dashboards' own name for it.
              uid: 'prometheus',
              type: 'prometheus',
              url: PROMETHEUS.url,
              access: 'proxy',
              isDefault: true,
              editable: false,
              // As often as it scrapes: a finer step would show gaps.
              jsonData: { timeInterval: '30s', httpMethod: 'POST' },
            },
          ],
        },
      },
      sidecar: {
        dashboards: {
          enabled: true,
          label: 'grafana_dashboard',
          labelValue: '1',
          searchNamespace: 'ALL',
          // Otherwise it asks for Secrets as well.
          resource: 'configmap',
          provider: { allowUiUpdates: false },
        },
      },
      // The chart's own role reads every Secret of the cluster.
      rbac: { useExistingClusterRole: READS_DASHBOARDS },
      serviceMonitor: { enabled: true },
      testFramework: { enabled: false },
      ingress: {
        enabled: true,
        ingressClassName: edge.ingressClass,
        annotations: {
          'cert-manager.io/cluster-issuer': PLATFORM.issuer,
          'nginx.org/policies': OPERATORS,
        },
        hosts: [host],
        path: '/',
        tls: [{ hosts: [host], secretName: `${NAME}-tls` }],
      },
      extraObjects: [
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRole',
          metadata: { name: READS_DASHBOARDS },
          rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }],
        },
        {
          apiVersion: 'k8s.nginx.org/v1',
          kind: 'Policy',
          metadata: { name: OPERATORS },
          spec: { accessControl: { allow: [...edge.operators] }, ingressClassName: edge.ingressClass },
        },
      ],
    },
  };
}
