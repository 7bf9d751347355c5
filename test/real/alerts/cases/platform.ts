import type { AlertCase, Cases, RenderedAlert, Series } from '../case.ts';

const held = (alert: RenderedAlert) => `${alert.for / 60 + 6}m`;
const ALWAYS = 'x3000';

/** The same series with the value at which it must fire, and with one at which it must not. */
function when(alert: RenderedAlert, fires: Values, quiet: Values): AlertCase {
  const at = held(alert);
  return { fires: { series: constant(fires), at }, quiet: { series: constant(quiet), at } };
}

type Values = Readonly<Record<string, number>>;

function constant(values: Values): Series {
  return Object.fromEntries(Object.entries(values).map(([series, value]) => [series, `${value}${ALWAYS}`]));
}

const absent = (alert: RenderedAlert, there: string): AlertCase => ({
  ...when(alert, {}, { [there]: 1 }),
  missing: 'fires',
});

/** A counter that grows by so much a minute, and one that stands still. */
const grows = (alert: RenderedAlert, series: string, by = 1): AlertCase => ({
  fires: { series: { [series]: `0+${by}${ALWAYS}` }, at: held(alert) },
  quiet: { series: { [series]: `7${ALWAYS}` }, at: held(alert) },
});

/** Of a thousand messages a minute so many fail. */
function fails(alert: RenderedAlert, failed: string, all: string): AlertCase {
  const part = (share: number): Series => ({ [failed]: `0+${1000 * share}${ALWAYS}`, [all]: `0+1000${ALWAYS}` });
  return {
    fires: { series: part(alert.threshold! * 1.1), at: held(alert) },
    quiet: { series: part(alert.threshold! * 0.9), at: held(alert) },
  };
}

type Status = readonly [sync: string, health: string];

/** An Application that stays as it is, or whose other status comes and goes meanwhile; and one that is right after a few minutes. */
function passes(alert: RenderedAlert, wrong: Status, other: Status, right: Status): AlertCase {
  const app = ([sync, health]: Status) =>
    `argocd_app_info{namespace="argocd",name="api",project="shop",dest_namespace="shop",sync_status="${sync}",health_status="${health}"}`;
  return {
    fires: { series: { [app(wrong)]: `1${ALWAYS}` }, at: held(alert) },
    also: [{ series: { [app(wrong)]: '1 stale '.repeat(60), [app(other)]: 'stale 1 '.repeat(60) }, at: held(alert) }],
    quiet: { series: { [app(wrong)]: '1x5 _x3000', [app(right)]: '_x5 1x3000' }, at: held(alert) },
  };
}

const PROMETHEUS = 'namespace="monitoring",pod="prometheus-0"';
const ALERTMANAGER = 'namespace="monitoring",pod="alertmanager-0"';
const group = `{${PROMETHEUS},rule_group="api"}`;
const node = (name: string, condition: string, status = 'true') =>
  `kube_node_status_condition{job="kube-state-metrics",node="${name}",condition="${condition}",status="${status}"}`;
const volume = (phase: string) =>
  `kube_persistentvolume_status_phase{job="kube-state-metrics",persistentvolume="pv",phase="${phase}"}`;
const claim = (phase: string) =>
  `kube_persistentvolumeclaim_status_phase{job="kube-state-metrics",namespace="shop",persistentvolumeclaim="data",phase="${phase}"}`;
const certificate = (what: string, more = '') => `certmanager_certificate_${what}{namespace="shop",name="web"${more}}`;
const DAY = 86_400;

export const platform: Cases = {
  Watchdog: () => ({ fires: { series: {}, at: '1m' }, quiet: 'never', missing: 'fires' }),
  PrometheusRulesFailing: alert => grows(alert, `prometheus_rule_evaluation_failures_total${group}`),
  PrometheusRulesLate: alert => grows(alert, `prometheus_rule_group_iterations_missed_total${group}`),
  PrometheusConfigRefused: alert => {
    const reloaded = (ok: number) => ({ [`prometheus_config_last_reload_successful{${PROMETHEUS}}`]: ok });
    return when(alert, reloaded(0), reloaded(1));
  },
  PrometheusSendsToNobody: alert => {
    const found = (count: number) => ({
      [`prometheus_notifications_alertmanagers_discovered{${PROMETHEUS}}`]: count,
    });
    return when(alert, found(0), found(1));
  },
  PrometheusNotificationsLost: alert => {
    const labels = `{${PROMETHEUS},alertmanager="http://10.0.0.1:9093"}`;
    return fails(
      alert,
      `prometheus_notifications_errors_total${labels}`,
      `prometheus_notifications_sent_total${labels}`,
    );
  },
  PrometheusHistoryCutShort: alert => {
    const full = (part: number) => ({
      [`prometheus_tsdb_storage_blocks_bytes{${PROMETHEUS}}`]: 1000 * part,
      [`prometheus_tsdb_retention_limit_bytes{${PROMETHEUS}}`]: 1000,
    });
    return when(alert, full(alert.threshold! + 0.01), full(alert.threshold! - 0.01));
  },
  AlertmanagerAbsent: alert => absent(alert, `alertmanager_build_info{${ALERTMANAGER}}`),
  AlertmanagerConfigRefused: alert => {
    const reloaded = (ok: number) => ({ [`alertmanager_config_last_reload_successful{${ALERTMANAGER}}`]: ok });
    return when(alert, reloaded(0), reloaded(1));
  },
  AlertmanagerNotificationsFailing: alert => {
    const labels = `{${ALERTMANAGER},integration="slack"}`;
    return fails(
      alert,
      `alertmanager_notifications_failed_total${labels}`,
      `alertmanager_notifications_total${labels}`,
    );
  },
  AlertmanagerMembersApart: alert => {
    const seen = (count: number) => ({ [`alertmanager_cluster_members{${ALERTMANAGER}}`]: count });
    return when(alert, seen(alert.threshold! - 1), seen(alert.threshold!));
  },

  KubeStateMetricsAbsent: alert => absent(alert, 'kube_node_info{job="kube-state-metrics",node="a"}'),
  ContainerMetricsAbsent: alert =>
    absent(alert, 'container_memory_working_set_bytes{job="kubelet",container="api",namespace="shop"}'),
  TargetsDown: alert => {
    const up = (down: number) =>
      Object.fromEntries(
        Array.from({ length: 20 }, (_, index) => [
          `up{namespace="shop",job="api",instance="${index}"}`,
          index < down ? 0 : 1,
        ]),
      );
    return when(alert, up(20 * alert.threshold! + 1), up(20 * alert.threshold!));
  },

  NodeNotReady: alert => when(alert, { [node('a', 'Ready')]: 0 }, { [node('a', 'Ready')]: 1 }),
  NodesNotReady: alert => {
    const ready = (lost: number) =>
      Object.fromEntries(Array.from({ length: 10 }, (_, index) => [node(`${index}`, 'Ready'), index < lost ? 0 : 1]));
    return when(alert, ready(10 * alert.threshold! + 1), ready(10 * alert.threshold!));
  },
  NodeUnderPressure: alert =>
    when(
      alert,
      { [node('a', 'DiskPressure')]: 1 },
      { [node('a', 'DiskPressure')]: 0, [node('a', 'DiskPressure', 'unknown')]: 1 },
    ),
  PersistentVolumeFailed: alert =>
    when(alert, { [volume('Failed')]: 1 }, { [volume('Failed')]: 0, [volume('Released')]: 1 }),
  PersistentVolumeClaimLost: alert => when(alert, { [claim('Lost')]: 1 }, { [claim('Lost')]: 0, [claim('Bound')]: 1 }),
  PersistentVolumeClaimPending: alert =>
    when(alert, { [claim('Pending')]: 1 }, { [claim('Pending')]: 0, [claim('Bound')]: 1 }),

  CertManagerDown: alert => absent(alert, 'up{job="cert-manager"}'),
  CertificateRunsOut: alert => {
    // Time begins with 0 here.
    const ends = (days: number) => ({ [certificate('expiration_timestamp_seconds')]: days * DAY + alert.for });
    return when(alert, ends(alert.threshold! - 0.1), ends(alert.threshold! + 0.1));
  },
  CertificateRenewalLate: alert => {
    const series = { [certificate('renewal_timestamp_seconds')]: `1${ALWAYS}` };
    const hours = alert.threshold! * 24 + alert.for / 3600;
    return {
      interval: '5m',
      fires: { series, at: `${hours + 1}h` },
      quiet: { series, at: `${alert.threshold! * 24}h` },
    };
  },
  CertificateRefused: alert => {
    const ready = (status: number) => ({ [certificate('ready_status', ',condition="True"')]: status });
    return when(alert, ready(0), ready(1));
  },
  ExternalSecretsDown: alert => absent(alert, 'up{job="external-secrets"}'),
  ExternalSecretNotSynced: alert => {
    const failed = (is: number) => ({
      'externalsecret_status_condition{namespace="shop",name="api",condition="Ready",status="False"}': is,
      'externalsecret_status_condition{namespace="shop",name="api",condition="Ready",status="True"}': 1 - is,
    });
    return when(alert, failed(1), failed(0));
  },
  SecretStoreNotReady: alert => {
    const failed = (is: number) => ({
      'clustersecretstore_status_condition{name="default",condition="Ready",status="False"}': is,
    });
    return when(alert, failed(1), failed(0));
  },
  KedaDown: alert => absent(alert, 'up{job="keda-operator"}'),
  KedaScalersFailing: alert => {
    const limit = Number(/> (\d+)$/.exec(alert.expr)![1]);
    const series = 'keda_scaler_detail_errors_total{namespace="shop",scaledObject="api",scaler="prometheus"}';
    const inAQuarterOfAnHour = (errors: number) => ({ [series]: `0+${errors / 15}${ALWAYS}` });
    const at = `${alert.for / 60 + 20}m`;
    return {
      fires: { series: inAQuarterOfAnHour(limit * 1.2), at },
      quiet: { series: inAQuarterOfAnHour(limit * 0.8), at },
    };
  },

  ArgoCdAbsent: alert => absent(alert, 'argocd_app_info{namespace="argocd",name="api"}'),
  ArgoCdAppOutOfSync: alert =>
    passes(alert, ['OutOfSync', 'Healthy'], ['OutOfSync', 'Progressing'], ['Synced', 'Healthy']),
  ArgoCdAppUnhealthy: alert => passes(alert, ['Synced', 'Degraded'], ['OutOfSync', 'Degraded'], ['Synced', 'Healthy']),
  ArgoCdSyncFailing: alert =>
    grows(alert, 'argocd_app_sync_total{namespace="argocd",name="api",project="shop",phase="Failed"}'),
};
