import type { Application } from '../imports/custom.ts';

type Spec = NonNullable<Application['spec']>;
type SyncPolicy = NonNullable<Spec['syncPolicy']>;

/** Asks the API server what an apply would change, so that its defaults and other controllers' fields are no difference. */
export const SERVER_SIDE_DIFF = { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' };

/** Only a commit below its own folder makes Argo CD render an Application again; otherwise every commit would, for all. */
export const OWN_FOLDER_ONLY = { 'argocd.argoproj.io/manifest-generate-paths': '.' };

/** On an Application: deleting it deletes what it brought; without it, what it brought goes on without Argo CD. */
export const APPLICATION_FINALIZER = 'resources-finalizer.argocd.argoproj.io/foreground';

/** On a project: it stays until its last Application is gone, which could not be deleted without it. */
export const PROJECT_FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/**
 * Git is what runs: changes by hand are undone, what left Git goes. An empty folder is a mistake, not an order to delete
 * everything, and is refused.
 */
export function syncPolicy(options: readonly string[] = []): SyncPolicy {
  return {
    automated: { enabled: true, prune: true, selfHeal: true, allowEmpty: false },
    // Without end, every 3 minutes at last: a revision that failed is not tried again otherwise, and an API server or webhook
    // may be away for longer than any count. `refresh` takes up newer commits in between.
    retry: { limit: -1, refresh: true, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } },
    syncOptions: [
      'ServerSideApply=true',
      'ApplyOutOfSyncOnly=true',
      // Two Applications over one object would overwrite each other for ever.
      'FailOnSharedResource=true',
      'PruneLast=true',
      'PrunePropagationPolicy=foreground',
      ...options,
    ],
  };
}
