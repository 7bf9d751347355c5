import type { End, Wire } from '../rule.ts';
import type { Labels } from '../rules/selector.ts';
import type { Pod } from './network.ts';

/** The one label by which a workload's pods are known. */
export const INSTANCE = 'app.kubernetes.io/instance';

type PodsEnd = Extract<End, { is: 'pods' }>;

/** Cluster DNS, which answers over UDP and, where the answer is long, over TCP. Every workload may ask it. */
export const DNS: PodsEnd = {
  is: 'pods',
  called: 'cluster DNS',
  namespace: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
};
export const DNS_PORT = 53;

/** Prometheus as its operator's chart labels it. */
export const PROMETHEUS: PodsEnd = {
  is: 'pods',
  called: 'Prometheus',
  namespace: 'monitoring',
  labels: { 'app.kubernetes.io/name': 'prometheus' },
};

/** The pod with the fewest labels that an end means: whatever selects it selects all pods of the end. */
export function podOfEnd(end: End): Pod | undefined {
  if (end.is === 'workload') return { namespace: end.namespace, labels: { [INSTANCE]: end.name } };
  if (end.is === 'pods') return { namespace: end.namespace, labels: end.labels ?? {} };
  return undefined;
}

/** Whether a pod is one of an end's. */
export function isOf(end: End, { namespace, labels }: Pod): boolean {
  if (end.is === 'workload') return end.namespace === namespace && labels[INSTANCE] === end.name;
  return end.is === 'pods' && end.namespace === namespace && hasAll(labels, end.labels ?? {});
}

function hasAll(labels: Labels, wanted: Labels): boolean {
  for (const key in wanted) if (labels[key] !== wanted[key]) return false;
  return true;
}

/** As findings call it. */
export function endAsText(end: End): string {
  if (end.is === 'workload') return end.name;
  return end.is === 'api-server' ? 'the API server' : end.called;
}

/** What tells an end from all others. */
export function keyOf(end: End): string {
  if (end.is === 'workload') return `workload ${end.namespace}/${end.name}`;
  return JSON.stringify(end);
}

/** Each wire once, however many variables stand for it. */
export function distinct(wiring: readonly Wire[]): Wire[] {
  return [...new Map(wiring.map(wire => [`${keyOf(wire.from)} ${keyOf(wire.to)} ${wire.port}`, wire])).values()];
}
