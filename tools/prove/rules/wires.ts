import type { ServicePort } from '../../../imports/kubernetes.ts';
import { isOf } from '../network/ends.ts';
import type { End } from '../rule.ts';
import { isSidecar, type Pod } from './pods.ts';
import { listens } from './service-ports.ts';
import type { Workload } from './view.ts';

/** Whether an end of a wire means the pods of a workload. */
export function means(end: End, { namespace, pod }: Workload): boolean {
  return isOf(end, { namespace, labels: pod.labels });
}

/** The container port that a Service's port leads to; none where it names one that no container has. */
export function targetOf({ containers }: Pod, { port, targetPort = port }: ServicePort): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  return containers.flatMap(({ container }) => container.ports ?? []).find(({ name }) => name === targetPort)
    ?.containerPort;
}

/** Whether a container that stays declares a TCP port. */
export function hears({ pod }: Workload, port: number): boolean {
  return listens(serving(pod), { port });
}

/** A pod without the containers that have ended before it takes requests. */
export function serving(pod: Pod): Pod {
  return { ...pod, containers: pod.containers.filter(each => each.is === 'container' || isSidecar(each)) };
}
