import { byTier, type Cluster } from '../../../charts/index.ts';
import { ALERTMANAGER_SECRET } from '../alertmanager/secrets.ts';
import { awsRole, CRITICAL, replicas, resources } from './pieces.ts';
import { type PlacedAddon, SYSTEM_NAMESPACE } from './placed.ts';

const NAME = 'kube-prometheus-stack';

/** Where no system of ours stands, but add-ons, Argo CD and the cluster itself. */
const WITHOUT_SYSTEM = [
  ...['argo-rollouts', 'argocd', 'cert-manager', 'external-dns', 'external-secrets', 'keda', SYSTEM_NAMESPACE, 'loki'],
  ...['monitoring', 'nginx-ingress', 'tempo', 'vpa'],
];

/** What the platform unit tells as well (apps/platform/alerts), with a runbook, and with a severity that is meant. */
const OFF = [
  // This one nobody does: latency tells of it where it hurts. Without InfoInhibitor every throttled container is a ticket.
  'CPUThrottlingHigh',
  'KubeNodeNotReady',
  'KubeNodeUnreachable',
  'KubePersistentVolumeErrors',
  'PrometheusBadConfig',
  'PrometheusErrorSendingAlertsToAnyAlertmanager',
  'PrometheusErrorSendingAlertsToSomeAlertmanagers',
  'PrometheusMissingRuleEvaluations',
  'PrometheusNotConnectedToAlertmanagers',
  'PrometheusRuleFailures',
];

/** Prometheus, Alertmanager, their operator, node-exporter and kube-state-metrics. */
export function kubePrometheusStack(cluster: Cluster): PlacedAddon {
  const pods = replicas(cluster);
  // Its chart's default is minAvailable, and an API server refuses both.
  const podDisruptionBudget = { enabled: pods > 1, minAvailable: 1 };
  const gibibytes = byTier(cluster, { development: 10, staging: 50, production: 200 });
  return {
    name: NAME,
    namespace: 'monitoring',
    // Its volumes wait for a storage class that the platform unit makes.
    starts: 'after platform',
    // node-exporter reads the node: its network, processes and file systems.
    podSecurity: 'privileged',
    // The Service by which CoreDNS is found.
    alsoIn: [SYSTEM_NAMESPACE],
    source: { repository: 'https://prometheus-community.github.io/helm-charts', chart: NAME, version: '88.2.0' },
    values: {
      // prometheus-operator-crds brings them, before the platform unit makes rules.
      crds: { enabled: false },
      // An add-on of its own: this chart draws a random password at every render, which Argo CD would roll out at every look.
      grafana: { enabled: false },
      // EKS runs these where nobody may ask them, kind on an address of the node alone: alerts about them would never end.
      kubeControllerManager: { enabled: false },
      kubeEtcd: { enabled: false },
      kubeProxy: { enabled: false },
      kubeScheduler: { enabled: false },
      defaultRules: {
        // What runs in the systems' namespaces has alerts of its own.
        appNamespacesTarget: WITHOUT_SYSTEM.join('|'),
        disabled: Object.fromEntries(OFF.map(alert => [alert, true])),
        rules: {
          // All three are the platform unit's or nobody's: the dead man's switch is to hear that our rules are judged.
          general: false,
          // The platform unit's say the same.
          alertmanager: false,
          // The groups of what is off.
          etcd: false,
          kubeControllerManager: false,
          kubeProxy: false,
          kubeSchedulerAlerting: false,
          kubeSchedulerRecording: false,
        },
      },
      alertmanager: {
        podDisruptionBudget,
        // It publishes text messages where somebody is woken.
        serviceAccount: {
          name: 'alertmanager',
          annotations: byTier(cluster, {
            development: {},
            staging: {},
            production: awsRole(cluster, 'alertmanager'),
          }),
        },
        alertmanagerSpec: {
          // The platform unit's, in place of the chart's own, which tells nobody.
          useExistingSecret: true,
          configSecret: ALERTMANAGER_SECRET,
          // Equals: they tell each other what was sent, and need no majority.
          replicas: pods,
          priorityClassName: CRITICAL,
          resources: resources('10m', '64Mi', '256Mi'),
          storage: claim(cluster, 1),
        },
      },
      prometheus: {
        podDisruptionBudget,
        prometheusSpec: {
          // Both scrape and judge everything; Alertmanager hears each alert once.
          replicas: pods,
          externalLabels: { cluster: cluster.name, environment: cluster.tier, region: cluster.region },
          // Objectives look back 30 days, in every tier: a budget of two days would say something else.
          retention: '32d',
          // What it does not hold goes, the oldest first. A fifth stays free for the write-ahead log and for a compaction's second copy.
          retentionSize: `${gibibytes * 0.8}GB`,
          storageSpec: claim(cluster, gibibytes),
          priorityClassName: CRITICAL,
          resources: byTier(cluster, {
            development: resources('100m', '512Mi', '1Gi'),
            staging: resources('250m', '1Gi', '2Gi'),
            production: resources('1', '6Gi', '8Gi'),
          }),
          // Otherwise it would heed only monitors and rules that carry this release's label.
          podMonitorSelectorNilUsesHelmValues: false,
          probeSelectorNilUsesHelmValues: false,
          ruleSelectorNilUsesHelmValues: false,
          serviceMonitorSelectorNilUsesHelmValues: false,
        },
      },
      prometheusOperator: {
        priorityClassName: CRITICAL,
        resources: resources('50m', '128Mi', '256Mi'),
        // cert-manager signs for its webhook; the chart's own way is a pair of Jobs with rights over all webhooks.
        admissionWebhooks: { certManager: { enabled: true }, patch: { enabled: false } },
      },
      'kube-state-metrics': {
        priorityClassName: CRITICAL,
        resources: resources('20m', '128Mi', '512Mi'),
        // The namespace of a series is that of what it tells of, not that of who tells it.
        prometheus: { monitor: { enabled: true, honorLabels: true } },
      },
      'prometheus-node-exporter': {
        priorityClassName: 'system-node-critical',
        resources: resources('20m', '32Mi', '128Mi'),
      },
    },
  };
}

function claim({ storage }: Cluster, gibibytes: number) {
  const spec = {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: `${gibibytes}Gi` } },
    storageClassName: storage.block.name,
  };
  return { volumeClaimTemplate: { spec } };
}
