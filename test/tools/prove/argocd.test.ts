import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a tracking id',
    it => {
      it['Service api'].metadata.annotations = { 'argocd.argoproj.io/tracking-id': 'x' };
    },
    [
      'argocd: Service.api: metadata.annotations["argocd.argoproj.io/tracking-id"] is given; leave it out: Argo CD writes it, and two would fight over the object',
    ],
  ],
  [
    'a wave that is no number',
    it => {
      it['Service api'].metadata.annotations = { 'argocd.argoproj.io/sync-wave': 'first' };
    },
    [
      'argocd: Service.api: metadata.annotations["argocd.argoproj.io/sync-wave"] is "first"; write a whole number as text, e.g. "-1"',
    ],
  ],
  [
    'a hook that does not exist',
    it => {
      it['Job migrate'].metadata.annotations['argocd.argoproj.io/hook'] = 'PreSynch';
    },
    [
      'argocd: Job.migrate: metadata.annotations["argocd.argoproj.io/hook"] is "PreSynch"; write one of PreSync, Sync, PostSync, SyncFail, PreDelete, PostDelete, Skip',
    ],
  ],
  [
    'data without a guard',
    it => {
      delete it['StatefulSet database'].metadata.annotations;
    },
    [
      'argocd: StatefulSet.database: metadata.annotations["argocd.argoproj.io/sync-options"] has no Prune=confirm; write Prune=confirm,Delete=confirm',
      'argocd: StatefulSet.database: metadata.annotations["argocd.argoproj.io/sync-options"] has no Delete=confirm; write Prune=confirm,Delete=confirm',
    ],
  ],
  [
    'a namespace half guarded',
    it => {
      it['Namespace shop'].metadata.annotations['argocd.argoproj.io/sync-options'] = 'Prune=confirm, Replace=true';
    },
    [
      'argocd: Namespace.shop: metadata.annotations["argocd.argoproj.io/sync-options"] has no Delete=confirm; write Prune=confirm,Delete=confirm',
      'argocd: Namespace.shop: metadata.annotations["argocd.argoproj.io/sync-options"] has Replace=true; leave it out: it deletes the object to change it',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
