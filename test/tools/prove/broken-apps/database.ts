import type { Construct } from 'constructs';
import { Duration, KubeObject } from '../../../../charts/index.ts';
import { Workload, type WorkloadProps } from '../../../../charts/workload.ts';
import type { PodDisruptionBudget, Service, StatefulSet } from '../../../../imports/kubernetes.ts';

const POSTGRES = { name: 'postgres', containerPort: 5432, protocol: 'TCP' } as const;
const probe = { tcpSocket: { port: POSTGRES.name } };

/** A StatefulSet as the laws want it. */
export class Database extends Workload {
  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id, props);
    this.layer.expect(() => this.demand(2));
    const { selector, name } = this;
    const metadata = this.metadata();
    new KubeObject<StatefulSet>(
      this,
      'stateful-set',
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: {
          ...metadata,
          annotations: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' },
        },
      },
      () => ({
        spec: {
          persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
          replicas: 2,
          selector: { matchLabels: selector },
          serviceName: name,
          template: this.podTemplate(
            { ports: [POSTGRES], readinessProbe: probe, livenessProbe: probe },
            { grace: Duration.seconds(30) },
          ),
        },
      }),
    );
    new KubeObject<Service>(
      this,
      'service',
      { apiVersion: 'v1', kind: 'Service', metadata },
      {
        spec: {
          clusterIP: 'None',
          ports: [{ name: POSTGRES.name, port: 5432, protocol: 'TCP', targetPort: POSTGRES.name }],
          selector,
          type: 'ClusterIP',
        },
      },
    );
    new KubeObject<PodDisruptionBudget>(
      this,
      'disruption-budget',
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata },
      {
        spec: { maxUnavailable: 1, selector: { matchLabels: selector }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
      },
    );
  }
}
