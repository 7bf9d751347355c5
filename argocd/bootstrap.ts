import type { Construct } from 'constructs';
import type { Ring } from '../charts/cluster.ts';
import { PART_OF } from '../charts/conventions.ts';
import { KubeObject } from '../charts/index.ts';
import type { Application, AppProject } from '../imports/custom.ts';
import type { ConfigMap } from '../imports/kubernetes.ts';
import { ROOTS } from './kinds.ts';
import { OWN_FOLDER_ONLY, SERVER_SIDE_DIFF, syncPolicy } from './policy.ts';
import { NAMESPACE, REPOSITORY, refOf } from './repository.ts';

const PROJECT = 'roots';

/** The cluster that Argo CD stands in. By address: it has it under any name, also where it is registered as one of the fleet. */
const HERE = { server: 'https://kubernetes.default.svc', namespace: NAMESPACE };

/** What a person applies once, and Argo CD takes it from there: docs/argocd.md. */
export function bootstrap(scope: Construct, instance: string, rings: readonly Ring[]): void {
  settings(scope);
  new KubeObject<AppProject>(
    scope,
    'project-roots',
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: PROJECT, namespace: NAMESPACE },
    },
    {
      spec: {
        description: 'The roots: they write projects and Applications, and nothing else',
        sourceRepos: [REPOSITORY],
        destinations: [HERE],
        namespaceResourceWhitelist: [...ROOTS],
      },
    },
  );
  for (const ring of rings) root(scope, instance, ring);
}

/** The Application of a ring's Applications. Without a finalizer: deleting it deletes none of them. */
function root(scope: Construct, instance: string, ring: Ring): void {
  const name = `root-${ring}`;
  new KubeObject<Application>(
    scope,
    name,
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: NAMESPACE, annotations: { ...SERVER_SIDE_DIFF, ...OWN_FOLDER_ONLY } },
    },
    {
      spec: {
        project: PROJECT,
        source: {
          repoURL: REPOSITORY,
          targetRevision: refOf(ring),
          path: `dist/argocd/${instance}/${ring}`,
          directory: { recurse: true },
        },
        destination: HERE,
        syncPolicy: syncPolicy(),
        revisionHistoryLimit: 5,
      },
    },
  );
}

/**
 * The health of an Application, which Argo CD does not judge by itself: without it a wave of Applications counts as done
 * when they are written, not when what they bring is up. It is the health that the Application itself reports.
 */
const APPLICATION_HEALTH = `local reported = obj.status and obj.status.health or {}
return {
  status = reported.status or "Progressing",
  message = reported.message or "",
}
`;

/**
 * One key of Argo CD's settings: the rest belongs to whoever installs it, and server-side apply under a manager's name of our
 * own leaves it to them.
 */
function settings(scope: Construct): void {
  new KubeObject<ConfigMap>(
    scope,
    'settings',
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      // By these two labels Argo CD finds it.
      metadata: {
        name: 'argocd-cm',
        namespace: NAMESPACE,
        labels: { 'app.kubernetes.io/name': 'argocd-cm', [PART_OF]: 'argocd' },
      },
    },
    { data: { 'resource.customizations.health.argoproj.io_Application': APPLICATION_HEALTH } },
  );
}
