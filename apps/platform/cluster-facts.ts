import { KubeObject, PLATFORM, type System } from '../../charts/index.ts';
import type { ConfigMap } from '../../imports/kubernetes.ts';

/** What a cluster is, for whoever reads `dist/` or stands in a pod: people, workloads, reviews. */
export function clusterFacts(platform: System): void {
  const { name, tier, region, ring, kubernetes, domain } = platform.site;
  new KubeObject<ConfigMap>(
    platform,
    'cluster',
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: PLATFORM.clusterFacts, namespace: PLATFORM.namespace },
    },
    { data: { domain, kubernetes, name, region, ring, tier } },
  );
}
