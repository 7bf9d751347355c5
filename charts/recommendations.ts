import type { VerticalPodAutoscaler } from '../imports/custom.ts';
import { KubeObject } from './kube-object.ts';
import type { Workload } from './workload.ts';

/** What a workload's controller would request, by the vertical autoscaler: what runs is what a person wrote. */
export function recommend(workload: Workload, kind: 'Deployment' | 'StatefulSet', name: string): void {
  new KubeObject<VerticalPodAutoscaler>(
    workload,
    'recommendations',
    { apiVersion: 'autoscaling.k8s.io/v1', kind: 'VerticalPodAutoscaler', metadata: workload.metadata() },
    { spec: { targetRef: { apiVersion: 'apps/v1', kind, name }, updatePolicy: { updateMode: 'Off' } } },
  );
}
