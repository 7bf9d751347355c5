import { Duration } from 'cdk8s';
import type { Container } from '../../imports/kubernetes.ts';
import type { Workload } from '../workload.ts';
import type { Alert, Severity } from './alert.ts';

/** What Kubernetes draws the random ends of names from: no vowels, so that no word is among them (apimachinery, util/rand). */
const RANDOM = '[b-df-hj-np-tv-xz2-9]';

/** The names of the pods that something makes: so precise that `api` is not taken for `api-gateway`. */
export const podsOf = {
  deployment: (name: string) => `${name}-${RANDOM}+-${RANDOM}{5}`,
  statefulSet: (name: string) => `${name}-[0-9]+`,
  job: (name: string) => `${name}-${RANDOM}{5}`,
  cronJob: (name: string) => `${name}-[0-9]+-${RANDOM}{5}`,
} as const;

/** How long a container may start before the kubelet gives it up. */
export function startOf({ startupProbe }: Partial<Container>): Duration {
  const { failureThreshold = 3, periodSeconds = 10 } = startupProbe ?? {};
  return Duration.seconds(startupProbe === undefined ? 120 : failureThreshold * periodSeconds);
}

type Of = Pick<Workload, 'name' | 'namespace' | 'layer'>;

/** How fast a person must come for what is wrong with one of several pods: sooner where it may be data. */
function severityOf({ layer }: Of): Severity {
  return layer.name === 'data' ? 'P2' : 'P3';
}

/** What can keep any pod from beginning its work. */
export function startAlerts(of: Of, pods: string): Alert[] {
  const its = `namespace="${of.namespace}",pod=~"${pods}"`;
  const runbook = 'services/pods';
  return [
    {
      name: 'ContainerCannotStart',
      severity: 'P2',
      expr: `max by (namespace, pod, container) (max_over_time(kube_pod_container_status_waiting_reason{${its},reason=~"${CANNOT_START}"}[5m])) == 1`,
      for: Duration.minutes(10),
      summary: '{{ $labels.container }} of {{ $labels.pod }} cannot start',
      description:
        'Its image cannot be pulled, or a Secret or ConfigMap that it names is not there. Waiting does not mend it.',
      why: 'Ten minutes: what the registry or the secret store is asked again for comes within five.',
      runbook,
    },
    {
      name: 'PodPending',
      severity: severityOf(of),
      expr: `max by (namespace, pod) (kube_pod_status_phase{${its},phase="Pending"}) == 1`,
      for: Duration.minutes(15),
      summary: '{{ $labels.pod }} has waited for a quarter of an hour',
      description: 'No node takes it, its volume does not come, or its containers cannot be made.',
      why: 'A node that is bought first is there within ten minutes.',
      runbook,
    },
  ];
}

const CANNOT_START =
  'ImagePullBackOff|ErrImagePull|InvalidImageName|CreateContainerConfigError|CreateContainerError|RunContainerError';

/** What can be wrong with pods that run for ever. */
export function podAlerts(
  of: Of,
  { pods, least, start }: { readonly pods: string; readonly least: number; readonly start: Duration },
): Alert[] {
  const its = `namespace="${of.namespace}",pod=~"${pods}"`;
  const data = of.layer.name === 'data';
  const ready = Math.max(10, Math.ceil(start.toSeconds() / 60) + 5);
  return [
    ...startAlerts(of, pods),
    {
      name: 'PodCrashLooping',
      severity: data && least === 1 ? 'P1' : 'P2',
      expr: `max by (namespace, pod, container) (max_over_time(kube_pod_container_status_waiting_reason{${its},reason="CrashLoopBackOff"}[5m])) == 1`,
      for: Duration.minutes(10),
      summary: '{{ $labels.container }} of {{ $labels.pod }} starts and ends again and again',
      description: 'It ends soon after each start, and the kubelet waits longer each time.',
      why:
        data && least === 1
          ? 'Ten minutes are five starts. There is no other pod that has the data: nobody is served.'
          : 'Ten minutes are five starts. What others see of it has alerts of its own.',
      runbook: 'services/pods',
    },
    {
      name: 'PodNotReady',
      severity: severityOf(of),
      expr: `max by (namespace, pod) (kube_pod_status_ready{${its},condition="true"}) == 0 and on (namespace, pod) max by (namespace, pod) (kube_pod_status_phase{${its},phase="Running"}) == 1`,
      for: Duration.minutes(ready),
      summary: '{{ $labels.pod }} runs and is not ready',
      description: 'It gets no requests. Its readiness probe fails, or a container in it does not run.',
      why: `It may take ${Math.ceil(start.toSeconds() / 60)} minutes to start; five more, and ten at least.`,
      runbook: 'services/pods',
    },
    {
      name: 'ContainerOOMKilled',
      severity: severityOf(of),
      expr: `sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{${its}}[10m])) > 0 and on (namespace, pod, container) max by (namespace, pod, container) (kube_pod_container_status_last_terminated_reason{${its},reason="OOMKilled"}) == 1`,
      summary: '{{ $labels.container }} of {{ $labels.pod }} was killed: out of memory',
      description: 'It asked for more memory than its limit within the last ten minutes. What it was doing is lost.',
      why: 'Memory is reserved and limited alike: one kill says that the number is wrong, or that something leaks.',
      runbook: 'services/pods',
    },
    memoryHigh(of, its),
    {
      name: 'ContainerCpuHigh',
      severity: 'P2',
      threshold: 0.8,
      expr: limit =>
        `sum by (namespace, pod, container) (rate(container_cpu_usage_seconds_total{${its},container!=""}[15m])) / on (namespace, pod, container) group_left () max by (namespace, pod, container) (kube_pod_container_resource_limits{${its},resource="cpu"}) > ${limit}`,
      for: Duration.minutes(5),
      summary: '{{ $labels.container }} of {{ $labels.pod }} uses nearly all the CPU that it may',
      description: '{{ $value | humanizePercentage }} of its limit. Above that it is throttled, and answers late.',
      why: '80 % of the limit on average over a quarter of an hour, still so five minutes later. A cause and no symptom: it wakes nobody.',
      runbook: 'services/pods',
    },
  ];
}

/**
 * Of what keeps data only what the kernel cannot take back counts: a server's page cache fills whatever it may have. Memory that
 * is shared, as PostgreSQL's buffers are, counts as a mapped file.
 */
function memoryHigh(of: Of, its: string): Alert {
  const used = (metric: string) => `sum by (namespace, pod, container) (${metric}{${its},container!=""})`;
  const taken =
    of.layer.name === 'data'
      ? `(${used('container_memory_rss')} + ${used('container_memory_mapped_file')})`
      : used('container_memory_working_set_bytes');
  return {
    name: 'ContainerMemoryHigh',
    severity: severityOf(of),
    threshold: 0.9,
    expr: limit =>
      `${taken} / on (namespace, pod, container) group_left () max by (namespace, pod, container) (kube_pod_container_resource_limits{${its},resource="memory"}) > ${limit}`,
    for: Duration.minutes(10),
    summary: '{{ $labels.container }} of {{ $labels.pod }} is close to the memory that it may have',
    description: '{{ $value | humanizePercentage }} of its limit. At all of it the kernel kills it.',
    why: '90 % of the limit: time to look before the kernel decides.',
    runbook: 'services/pods',
  };
}
