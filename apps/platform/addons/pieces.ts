import { byTier, type Cluster } from '../../../charts/index.ts';

/** Kubernetes' own class for what a cluster cannot do without: above every class of ours. */
export const CRITICAL = 'system-cluster-critical';

/** Pods of a controller that elects a leader: one works, the other takes over while a node is drained. */
export function replicas(cluster: Cluster): number {
  return byTier(cluster, { development: 1, staging: 2, production: 2 });
}

/** A budget only where a second pod exists: over a single one it would keep nodes from being drained, or mean nothing. */
export function budget(pods: number): { enabled: boolean; maxUnavailable?: number } {
  return pods > 1 ? { enabled: true, maxUnavailable: 1 } : { enabled: false };
}

/** Memory is bounded, CPU is not: a throttled controller falls behind just when there is much to do. */
export function resources(cpu: string, memory: string, memoryLimit: string) {
  return { limits: { memory: memoryLimit }, requests: { cpu, memory } };
}

/** The annotation that gives a service account its AWS role (IRSA); none outside AWS. The roles: docs/not-rendered.md. */
export function awsRole({ account, name }: Cluster, addon: string): Record<string, string> {
  return account === undefined ? {} : { 'eks.amazonaws.com/role-arn': `arn:aws:iam::${account}:role/${name}-${addon}` };
}
