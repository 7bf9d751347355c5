import type { Construct } from 'constructs';
import { type PlacedAddon, SYSTEM_NAMESPACE } from '../apps/platform/addons.ts';
import type { Cluster } from '../charts/cluster.ts';
import { COMPONENT, COST_CENTER, ENVIRONMENT, MANAGED_BY, OWNER, PART_OF, podSecurity } from '../charts/conventions.ts';
import { CONFIRM_DELETION, KubeObject } from '../charts/index.ts';
import type { Application } from '../imports/custom.ts';
import type { Instance } from './instance.ts';
import { labelsOf } from './labels.ts';
import { SERVER_SIDE_DIFF, syncPolicy } from './policy.ts';
import { projectOf } from './project.ts';
import { NAMESPACE } from './repository.ts';
import { wave } from './waves.ts';

const PLATFORM_TEAM = { system: 'platform', owner: 'platform', costCenter: 'platform' };

/**
 * One vendor's chart in one cluster. No `ignoreDifferences` for the `caBundle` that controllers write into their webhooks:
 * the charts leave the field out, so that under server-side apply it is not ours, and the server-side diff does not show it.
 */
export function addonApplication(scope: Construct, instance: Instance, cluster: Cluster, addon: PlacedAddon): void {
  const name = `${addon.name}-${cluster.name}`;
  // Without a finalizer: its definitions carry everybody's objects, and would take them along.
  const metadata = {
    name,
    namespace: NAMESPACE,
    labels: labelsOf({ cluster, ...PLATFORM_TEAM, component: addon.name, layer: 'addons' }),
    annotations: { ...wave(`addon ${addon.starts}`), ...SERVER_SIDE_DIFF, ...CONFIRM_DELETION },
  };
  const ownNamespace = addon.namespace !== SYSTEM_NAMESPACE;
  new KubeObject<Application>(
    scope,
    `application-${name}`,
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata },
    {
      spec: {
        project: projectOf('addons', cluster.ring),
        source: sourceOf(addon),
        destination: { name: instance.destinationOf(cluster), namespace: addon.namespace },
        syncPolicy: {
          ...syncPolicy(['SkipDryRunOnMissingResource=true', ...(ownNamespace ? ['CreateNamespace=true'] : [])]),
          ...(ownNamespace && { managedNamespaceMetadata: { labels: namespaceLabels(cluster, addon) } }),
        },
        revisionHistoryLimit: 5,
      },
    },
  );
}

function sourceOf({ name, source, values }: PlacedAddon): NonNullable<Application['spec']['source']> {
  const helm = { releaseName: name, skipTests: true, valuesObject: values };
  return 'chart' in source
    ? { repoURL: source.repository, chart: source.chart, targetRevision: source.version, helm }
    : { repoURL: source.repository, path: source.path, targetRevision: `refs/tags/${source.tag}`, helm };
}

function namespaceLabels(
  { kubernetes, tier }: Cluster,
  { name, podSecurity: level }: PlacedAddon,
): Record<string, string> {
  return {
    [PART_OF]: PLATFORM_TEAM.system,
    [COMPONENT]: name,
    [MANAGED_BY]: 'drydock',
    [ENVIRONMENT]: tier,
    [OWNER]: PLATFORM_TEAM.owner,
    [COST_CENTER]: PLATFORM_TEAM.costCenter,
    ...podSecurity(level, kubernetes),
  };
}
