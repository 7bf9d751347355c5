import { Construct } from 'constructs';
import type { LimitRange, Namespace, NetworkPolicy, ResourceQuota } from '../imports/kubernetes.ts';
import { CONFIRM_DELETION, podSecurity, READS_SECRETS, WAVES } from './conventions.ts';
import { KubeObject } from './kube-object.ts';
import { type Demand, quotaFor } from './quota.ts';
import type { LayerName, System } from './system.ts';

/** One half of a unit: a namespace and its guards. */
export class Layer extends Construct {
  readonly namespace: string;
  readonly #demands: (() => Demand)[] = [];

  constructor(
    scope: System,
    readonly name: LayerName,
    { namespace }: { readonly namespace: string },
  ) {
    super(scope, name);
    this.namespace = namespace;
    const metadata = (object: string) => ({ name: object, namespace, annotations: WAVES.guards });

    new KubeObject<Namespace>(
      this,
      'namespace',
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: namespace,
          labels: { [READS_SECRETS]: 'true', ...scope.telemetry, ...podSecurity('restricted', scope.site.kubernetes) },
          annotations: { ...CONFIRM_DELETION, ...WAVES.guards },
        },
      },
      {},
    );

    new KubeObject<NetworkPolicy>(
      this,
      'default-deny',
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: metadata('default-deny'),
      },
      { spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } },
    );

    new KubeObject<LimitRange>(
      this,
      'limits',
      {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: metadata('limits'),
      },
      {
        spec: {
          limits: [
            {
              type: 'Container',
              // What a container gets that states nothing: little, so that it is noticed; ours all state theirs.
              default: { cpu: '500m', memory: '256Mi', 'ephemeral-storage': '256Mi' },
              defaultRequest: { cpu: '50m', memory: '128Mi', 'ephemeral-storage': '64Mi' },
              max: { cpu: '16', memory: '64Gi' },
              min: { cpu: '10m', memory: '16Mi' },
            },
          ],
        },
      },
    );

    new KubeObject<ResourceQuota>(
      this,
      'quota',
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: metadata('quota'),
      },
      () => ({ spec: { hard: quotaFor(this.#demands.map(demand => demand())) } }),
    );
  }

  /** What a workload may take at its peak; the quota is their sum. Asked at render, when every size is known. */
  expect(demand: () => Demand): void {
    this.#demands.push(demand);
  }
}
