import type { Construct } from 'constructs';
import { CONFIRM_DELETION, KubeObject } from '../charts/index.ts';
import type { Application } from '../imports/custom.ts';
import type { Synced, SyncedLayer } from './facts.ts';
import type { Instance } from './instance.ts';
import { labelsOf } from './labels.ts';
import { APPLICATION_FINALIZER, OWN_FOLDER_ONLY, SERVER_SIDE_DIFF, syncPolicy } from './policy.ts';
import { projectOf } from './project.ts';
import { NAMESPACE, REPOSITORY, refOf } from './repository.ts';
import { wave } from './waves.ts';

/** One layer of one unit: a folder of `dist/`, brought to its cluster and kept so. */
export function unitApplication(scope: Construct, instance: Instance, unit: Synced, layer: SyncedLayer): void {
  const { cluster, system } = unit;
  const name = `${system}-${layer.name}-${cluster.name}`;
  // What holds data, and what others stand on, is nobody's to delete in passing: a person says so, and it leaves Argo CD
  // only. Services go with their Application, once a person has agreed to their namespace's going.
  const guarded = layer.name === 'data' || system === 'platform';
  const metadata = {
    name,
    namespace: NAMESPACE,
    labels: labelsOf({ ...unit, component: layer.name, layer: layer.name }),
    annotations: {
      ...wave(system === 'platform' ? 'platform' : 'system'),
      ...SERVER_SIDE_DIFF,
      ...OWN_FOLDER_ONLY,
      ...(guarded && CONFIRM_DELETION),
    },
    ...(!guarded && { finalizers: [APPLICATION_FINALIZER] }),
  };
  new KubeObject<Application>(
    scope,
    `application-${name}`,
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata },
    {
      spec: {
        project: projectOf(system, cluster.ring),
        source: {
          repoURL: REPOSITORY,
          targetRevision: refOf(cluster.ring),
          path: layer.folder,
          directory: { recurse: true },
        },
        // Every object names its own namespace; this one is what the project is asked about.
        destination: { name: instance.destinationOf(cluster), namespace: layer.namespaces[0]! },
        syncPolicy: syncPolicy([
          'RespectIgnoreDifferences=true',
          // Definitions come with the add-ons, which on a new cluster may be a step behind.
          'SkipDryRunOnMissingResource=true',
        ]),
        // The autoscaler decides. By a map's field only: a path into a list freezes the whole list (argoproj/argo-cd#17694).
        ...(layer.scaled.length > 0 && {
          ignoreDifferences: layer.scaled.map(({ group, kind, name, namespace }) => ({
            group,
            kind,
            name,
            namespace,
            jsonPointers: ['/spec/replicas'],
          })),
        }),
        revisionHistoryLimit: 5,
      },
    },
  );
}
