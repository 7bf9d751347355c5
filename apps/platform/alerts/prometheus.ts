import { PROMETHEUS } from '../../../charts/conventions.ts';
import { type Alert, type Cluster, Duration } from '../../../charts/index.ts';
import { replicas } from '../addons/pieces.ts';

const SEL = `namespace="${PROMETHEUS.namespace}"`;

/** What a machine outside waits for: when it stops, nobody here can tell. */
export function watchdog(): Alert[] {
  return [
    {
      name: 'Watchdog',
      severity: 'none',
      expr: 'vector(1)',
      summary: 'Alerting works',
      description: 'It always fires. A service outside the cluster calls somebody when it hears no more of it.',
      why: 'A Prometheus or an Alertmanager that is gone sends nothing: only silence can tell.',
      runbook: 'platform/alerting',
    },
  ];
}

/** Whether Prometheus judges, and is heard. */
export function prometheus(): Alert[] {
  return [
    {
      name: 'PrometheusRulesFailing',
      severity: 'P2',
      expr: `sum by (namespace, pod, rule_group) (increase(prometheus_rule_evaluation_failures_total{${SEL}}[15m])) > 0`,
      for: Duration.minutes(5),
      summary: '{{ $labels.pod }} cannot judge {{ $labels.rule_group }}',
      description:
        '{{ $value | humanize }} judgements failed in a quarter of an hour. Alerts of the group are silent, whatever happens.',
      why: 'No rule may fail: each that does is an alert that cannot fire. Five minutes leave out a single query that ran into a restart.',
      runbook: 'platform/alerting',
    },
    {
      name: 'PrometheusRulesLate',
      severity: 'P3',
      expr: `sum by (namespace, pod, rule_group) (increase(prometheus_rule_group_iterations_missed_total{${SEL}}[15m])) > 0`,
      for: Duration.minutes(15),
      summary: '{{ $labels.pod }} takes too long for {{ $labels.rule_group }}',
      description:
        '{{ $value | humanize }} rounds were left out: judging them takes longer than the time between two. Alerts come late.',
      why: 'A start leaves out rounds too; a quarter of an hour is more than that.',
      runbook: 'platform/alerting',
    },
    {
      name: 'PrometheusConfigRefused',
      severity: 'P2',
      expr: `max_over_time(prometheus_config_last_reload_successful{${SEL}}[5m]) == 0`,
      for: Duration.minutes(10),
      summary: '{{ $labels.pod }} refused its configuration',
      description: 'It goes on with the one before: new targets are not asked and new rules not judged.',
      why: 'The operator writes configuration and rules in two steps, so that a moment of refusal is normal; ten minutes are not.',
      runbook: 'platform/alerting',
    },
    {
      name: 'PrometheusSendsToNobody',
      severity: 'P2',
      expr: `prometheus_notifications_alertmanagers_discovered{${SEL}} < 1`,
      for: Duration.minutes(5),
      summary: '{{ $labels.pod }} knows no Alertmanager',
      description:
        'What it finds reaches nobody. If this came to you, another Prometheus found it, or Alertmanager is back.',
      why: 'There is always one; five minutes are longer than a pod takes to be replaced.',
      runbook: 'platform/alerting',
    },
    {
      name: 'PrometheusNotificationsLost',
      severity: 'P2',
      threshold: 0.01,
      expr: limit =>
        `rate(prometheus_notifications_errors_total{${SEL}}[15m]) / (rate(prometheus_notifications_sent_total{${SEL}}[15m]) > 0) > ${limit}`,
      for: Duration.minutes(15),
      summary: '{{ $labels.pod }} loses alerts on the way to {{ $labels.alertmanager }}',
      description: '{{ $value | humanizePercentage }} of what it sends there fails.',
      why: 'The limit of kube-prometheus. Firing alerts are sent again every minute, so that a few may fail without harm.',
      runbook: 'platform/alerting',
    },
    {
      name: 'PrometheusHistoryCutShort',
      severity: 'P3',
      threshold: 0.95,
      expr: limit =>
        `prometheus_tsdb_storage_blocks_bytes{${SEL}} / (prometheus_tsdb_retention_limit_bytes{${SEL}} > 0) > ${limit}`,
      for: Duration.hours(1),
      summary: '{{ $labels.pod }} keeps less than it should',
      description:
        'Its blocks take {{ $value | humanizePercentage }} of the size that it may have; beyond, the oldest go before their time.',
      why: 'Objectives look back 30 days. A compaction writes a second copy for a while: an hour is longer.',
      runbook: 'platform/alerting',
    },
  ];
}

/** Whether Alertmanager reaches people. */
export function alertmanager(cluster: Cluster): Alert[] {
  const members = replicas(cluster);
  return [
    {
      name: 'AlertmanagerAbsent',
      severity: 'P1',
      expr: `absent(alertmanager_build_info{${SEL}})`,
      for: Duration.minutes(5),
      summary: 'No Alertmanager is seen',
      description:
        'If this came to you, it is there and Prometheus cannot ask it. If it is gone, the dead man’s switch has called.',
      why: 'It is asked every 30 s; five minutes are ten answers.',
      runbook: 'platform/alerting',
    },
    {
      name: 'AlertmanagerConfigRefused',
      severity: 'P2',
      expr: `max_over_time(alertmanager_config_last_reload_successful{${SEL}}[5m]) == 0`,
      for: Duration.minutes(10),
      summary: '{{ $labels.pod }} refused its configuration',
      description: 'It goes on with the one before, and after a restart with none: nobody is called then.',
      why: 'A mounted Secret reaches the pod within two minutes; ten are no passing state.',
      runbook: 'platform/alerting',
    },
    // Where secrets are made up, so are the addresses, and nothing is ever reached.
    ...(cluster.secrets.driver === 'fake' ? [] : [notificationsFailing()]),
    ...(members > 1
      ? [
          {
            name: 'AlertmanagerMembersApart',
            severity: 'P2',
            threshold: members,
            expr: (limit: number) => `min_over_time(alertmanager_cluster_members{${SEL}}[5m]) < ${limit}`,
            for: Duration.minutes(15),
            summary: '{{ $labels.pod }} sees {{ $value }} Alertmanagers',
            description: `There should be ${members}. Those that do not see each other each call everybody, and a silence counts in one only.`,
            why: `${members} run in this tier. They find each other within a minute; 15 are longer than a node takes to be replaced.`,
            runbook: 'platform/alerting',
          } satisfies Alert,
        ]
      : []),
  ];
}

function notificationsFailing(): Alert {
  return {
    name: 'AlertmanagerNotificationsFailing',
    severity: 'P1',
    threshold: 0.05,
    expr: limit =>
      `sum by (namespace, integration) (rate(alertmanager_notifications_failed_total{${SEL}}[15m])) / (sum by (namespace, integration) (rate(alertmanager_notifications_total{${SEL}}[15m])) > 0) > ${limit}`,
    for: Duration.minutes(10),
    summary: 'Alertmanager does not reach {{ $labels.integration }}',
    description:
      '{{ $value | humanizePercentage }} of what it sends there fails. Whoever is called that way is not called.',
    why: 'A failed message is sent again; one in twenty over a quarter of an hour is no accident. P1, since it may be the way by which P1 comes.',
    runbook: 'platform/alerting',
  };
}
