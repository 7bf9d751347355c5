import { Duration } from 'cdk8s';
import type { Container, Deployment, PodDisruptionBudget } from '../imports/kubernetes.ts';
import { httpAlerts, metricsAbsent } from './alerting/http.ts';
import { auditAlerts, logAlerts } from './alerting/logs.ts';
import { podAlerts, podsOf, startOf } from './alerting/pods.ts';
import { deploymentAlerts } from './alerting/rollout.ts';
import { writesHere } from './cluster.ts';
import { HTTP, PODS_WHEN_PRIMARY } from './conventions.ts';
import { httpRow } from './dashboard/rows/http.ts';
import { podsRow } from './dashboard/rows/pods.ts';
import { checkHealth, type Health, probes } from './health.ts';
import { KubeObject, type Patch } from './kube-object.ts';
import { checkMetrics, type Metrics, metricsPort, scrape, seriesOf } from './metrics.ts';
import { checkPort } from './port.ts';
import { atOnce } from './quota.ts';
import { recommend } from './recommendations.ts';
import { boundsOf, checkReplicas, type Replicas } from './replicas.ts';
import { type ScalerPatches, scale, scalerFor } from './scaler.ts';
import type { Workload } from './workload.ts';

export interface RollingPatches extends ScalerPatches {
  readonly deployment?: Patch<Deployment>;
  readonly disruptionBudget?: Patch<PodDisruptionBudget>;
}

export interface RollingProps {
  readonly port: number;
  readonly replicas: Replicas;
  readonly health?: Health;
  readonly metrics?: Metrics;
  /** How long a pod that is told to stop goes on as before. @default not at all */
  readonly leave?: Duration;
  /** How long it may then finish what it has begun. */
  readonly drain: Duration;
  /** Whether it has no pods where the system only follows another cluster. */
  readonly needsPrimary?: boolean;
  /** Ports and probes of what speaks no HTTP. @default HTTP at `port`, as `health` says */
  readonly container?: Partial<Container>;
  readonly patch: RollingPatches;
}

/** What a process may take to end by itself once it is done. */
const END = Duration.seconds(5);

/** Pods that run for ever and are replaced one by one: a Deployment with its budget, its scaler and its recommendations. */
export function rolling(
  workload: Workload,
  { port, replicas, health, metrics, leave, drain, needsPrimary = false, patch, ...its }: RollingProps,
): void {
  const { path } = workload.node;
  const { site } = workload.system;
  // What stands beside data is there as long as that: at night too.
  const workingHours = workload.layer.name === 'data' ? undefined : site.workingHours;
  checkPort(path, 'port', port);
  checkMetrics(path, metrics);
  checkHealth(path, health, { drain });
  checkReplicas(path, replicas, metrics);
  const off = needsPrimary && !writesHere(site);
  const scaler = scalerFor(replicas, { workingHours, mayBeOff: needsPrimary });
  if (scaler === 'none' && (patch.autoscaler || patch.scaledObject))
    throw new Error(
      `${path}: patch.${patch.autoscaler ? 'autoscaler' : 'scaledObject'} has nothing to patch; give replicas a range, or leave the patch out`,
    );
  if (metrics) {
    scrape(workload, metrics);
    workload.rules.add(
      { name: 'metrics', rules: metricsAbsent(workload, { isOff: off }) },
      { name: 'http', rules: metrics.source && !off ? httpAlerts(workload, metrics.source) : [] },
    );
  }

  const container: Partial<Container> = {
    ...(leave && { lifecycle: { preStop: { sleep: { seconds: leave.toSeconds() } } } }),
    ...(its.container ?? {
      ports: [{ name: HTTP, containerPort: port, protocol: 'TCP' }, ...metricsPort(metrics)],
      ...probes(health),
    }),
  };
  const grace = Duration.seconds([leave, drain, END].reduce((sum, each) => sum + (each?.toSeconds() ?? 0), 0));
  const metadata = workload.metadata(workload.versioned);
  const fixed = scaler === 'none' ? boundsOf(replicas).max : undefined;
  const annotations = { ...metadata.annotations, ...(off && fixed && { [PODS_WHEN_PRIMARY]: String(fixed) }) };
  new KubeObject<Deployment>(
    workload,
    'deployment',
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...metadata, annotations } },
    () => ({
      spec: {
        // Kubernetes' own default.
        progressDeadlineSeconds: 600,
        // Absent where a scaler decides: every apply would set the number back.
        ...(fixed !== undefined && { replicas: off ? 0 : fixed }),
        // Enough to go back by hand; what was there before is in git.
        revisionHistoryLimit: 5,
        selector: { matchLabels: workload.selector },
        strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 }, type: 'RollingUpdate' },
        template: workload.podTemplate(container, { grace }),
      },
    }),
    patch.deployment,
  );

  new KubeObject<PodDisruptionBudget>(
    workload,
    'disruption-budget',
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: workload.metadata() },
    {
      spec: {
        // One at a time, always: a node can be drained, and the rest serve.
        maxUnavailable: 1,
        selector: { matchLabels: workload.selector },
        // A pod that is not ready anyway must not keep a node from being drained.
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    },
    patch.disruptionBudget,
  );

  recommend(workload, 'Deployment', workload.name);

  const { min, max } = boundsOf(replicas);
  const start = startOf(container);
  workload.rules.add(
    { name: 'pods', rules: podAlerts(workload, { pods: podsOf.deployment(workload.name), least: min, start }) },
    // What others call goes on answering for a while when it is told to stop.
    {
      name: 'rollout',
      rules: deploymentAlerts(workload, { most: max, start, isCalled: leave !== undefined, isOff: off }),
    },
  );

  workload.dashboard.show(() => [
    ...(metrics?.source ? [httpRow(metrics.source, seriesOf(workload))] : []),
    podsRow(workload.namespace, podsOf.deployment(workload.name)),
  ]);

  if (!off)
    workload.rules.add({
      name: 'logs',
      rules: [...logAlerts(workload), ...(workload.keepsAuditLog ? auditAlerts(workload, metrics?.source) : [])],
    });

  // Where it is off there is room for it all the same: a failover must not wait for a quota.
  workload.layer.expect(() => workload.demand(atOnce(max)));
  if (scaler !== 'none') scale(workload, { replicas, metrics, kind: scaler, off, patch });
}
