import { Duration } from 'cdk8s';
import type { Workload } from '../workload.ts';
import type { Alert } from './alert.ts';

/** Whom alerts of many kinds of workloads are about. */
export type Of = Pick<Workload, 'name' | 'namespace' | 'layer' | 'system'>;

/** Whether its pods may all be gone on purpose: at night, or where the database only follows. */
export function mayRest({ layer, system }: Pick<Workload, 'layer' | 'system'>): boolean {
  return layer.name === 'services' && system.site.workingHours !== undefined;
}

/** What holds only while it is meant to have pods; joined to any alert by `and on ()`. */
export function whileOn({ namespace, name }: Pick<Workload, 'namespace' | 'name'>): string {
  return `kube_deployment_spec_replicas{namespace="${namespace}",deployment="${name}"} > 0`;
}

/** Whether a Deployment has the pods that it asks for. */
export function deploymentAlerts(
  of: Of,
  {
    most,
    start,
    isCalled,
    isOff,
  }: {
    readonly most: number;
    readonly start: Duration;
    /** Whether anybody waits for its answers. */
    readonly isCalled: boolean;
    /** Whether it is held at no pods here. */
    readonly isOff: boolean;
  },
): Alert[] {
  const its = `{namespace="${of.namespace}",deployment="${of.name}"}`;
  const data = of.layer.name === 'data';
  const standby = of.system.site.role === 'standby';
  // Whoever begins from none every morning has none until it has started.
  const begins = mayRest(of) ? Math.ceil(start.toSeconds() / 60) : 0;
  const none: Alert = {
    name: 'NoReadyPods',
    severity: isCalled && !standby ? 'P1' : 'P2',
    expr: `kube_deployment_status_replicas_available${its} == 0 and on (namespace, deployment) kube_deployment_spec_replicas${its} > 0`,
    for: Duration.minutes(1 + begins),
    summary: `No pod of ${of.name} is ready`,
    description: isCalled ? 'Nobody gets an answer from it.' : 'What it should work off piles up.',
    why: [
      'It asks for pods and has none. A rollout never takes the last one away, so a minute is enough',
      begins > 0 ? `; ${begins} more for the start of the day` : '',
      standby ? '. No P1 at a standby: nobody is sent here, but a failover would be' : '',
      '.',
    ].join(''),
    runbook: 'services/rollout',
  };
  const stuck: Alert = {
    name: 'RolloutStuck',
    severity: 'P2',
    expr: `kube_deployment_status_condition{namespace="${of.namespace}",deployment="${of.name}",condition="Progressing",status="false"} == 1`,
    for: Duration.minutes(5),
    summary: `The rollout of ${of.name} does not move`,
    description: 'New pods do not become ready. The old ones go on serving, as far as they are there.',
    why: 'Kubernetes says so after ten minutes without progress (progressDeadlineSeconds); five more, for a node that comes late.',
    runbook: 'services/rollout',
  };
  const fewer: Alert = {
    name: 'ReplicasMissing',
    severity: data ? 'P2' : 'P3',
    expr: `kube_deployment_spec_replicas${its} > kube_deployment_status_replicas_available${its}`,
    for: Duration.minutes(15),
    summary: `${of.name} has fewer pods than it asks for`,
    description: 'It asks for {{ $value }}. The rest carry its load, and one loss less.',
    why: 'A new node and the start of a pod fit into a quarter of an hour.',
    runbook: 'services/rollout',
  };
  // Of a single pod NoReadyPods says the same; what is off has none, and asks for none.
  return isOff ? [none, stuck] : [none, stuck, ...(most > 1 ? [fewer] : [])];
}

/** Whether a StatefulSet has the pods that it asks for. */
export function statefulSetAlerts(
  of: Pick<Workload, 'name' | 'namespace'>,
  { name, pods, start }: { readonly name: string; readonly pods: number; readonly start: Duration },
): Alert[] {
  const its = `{namespace="${of.namespace}",statefulset="${name}"}`;
  const minutes = Math.ceil(start.toSeconds() / 60);
  return [
    {
      name: 'NoReadyPods',
      severity: 'P1',
      expr: `kube_statefulset_status_replicas_ready${its} == 0 and on (namespace, statefulset) kube_statefulset_replicas${its} > 0`,
      for: Duration.minutes(pods === 1 ? 5 : 2),
      summary: `No pod of ${of.name} is ready`,
      description: 'Whatever asks it gets no answer.',
      why:
        pods === 1
          ? 'Its only pod is away for as long as it restarts: five minutes, for a volume that moves to another node.'
          : `Of ${pods} pods one at a time is replaced; none at all is no rollout.`,
      runbook: 'services/rollout',
    },
    ...(pods > 1
      ? [
          {
            name: 'ReplicasMissing',
            severity: 'P2',
            threshold: pods,
            expr: (limit: number) => `kube_statefulset_status_replicas_ready${its} < ${limit}`,
            for: Duration.minutes(Math.max(15, minutes)),
            summary: `${of.name} has fewer pods than it should`,
            description: `{{ $value }} of ${pods} are ready: it survives one loss less, or none.`,
            why: `${pods} is what the construct asks for. A pod may take ${minutes} minutes to start, and a quarter of an hour at least where a node is lost.`,
            runbook: 'services/rollout',
          } satisfies Alert,
        ]
      : []),
  ];
}
