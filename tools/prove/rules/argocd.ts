import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { field } from './field.ts';
import type { Labels } from './selector.ts';

const PREFIX = 'argocd.argoproj.io/';
const SYNC_OPTIONS = `${PREFIX}sync-options`;
const PHASES = new Set(['PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreDelete', 'PostDelete', 'Skip']);

/** What cannot be made again. */
const GUARDED = new Set([
  'v1/Namespace',
  'v1/PersistentVolumeClaim',
  'apps/v1/StatefulSet',
  'apiextensions.k8s.io/v1/CustomResourceDefinition',
]);
const GUARDS = ['Prune=confirm', 'Delete=confirm'];

export const argocd: ObjectRule = {
  name: 'argocd',
  demands:
    'Annotations of Argo CD mean what they say; Namespaces, StatefulSets, claims and CRDs are deleted on a person’s word only (Prune=confirm,Delete=confirm).',
  except: 'confirm rather than false: a deletion that was meant needs no detour.',
  check(manifest: Manifest): Iterable<Problem> {
    const { annotations = NONE } = manifest.metadata;
    const guarded = GUARDED.has(kindOf(manifest));
    return guarded || annotations !== NONE ? judge(annotations, guarded) : [];
  },
};

const NONE: Labels = {};

function* judge(annotations: Labels, guarded: boolean): Iterable<Problem> {
  for (const key in annotations) {
    if (key.startsWith(PREFIX))
      yield* meaning(key.slice(PREFIX.length), annotations[key]!, field('metadata.annotations', key));
  }
  if (!guarded) return;
  const at = field('metadata.annotations', SYNC_OPTIONS);
  const options = annotations[SYNC_OPTIONS]?.split(',').map(option => option.trim()) ?? [];
  for (const guard of GUARDS) {
    if (!options.includes(guard)) yield { given: `${at} has no ${guard}`, remedy: `write ${GUARDS.join(',')}` };
  }
  for (const option of ['Force=true', 'Replace=true']) {
    if (options.includes(option))
      yield { given: `${at} has ${option}`, remedy: 'leave it out: it deletes the object to change it' };
  }
}

function* meaning(name: string, value: string, at: string): Iterable<Problem> {
  if (name === 'tracking-id')
    yield { given: `${at} is given`, remedy: 'leave it out: Argo CD writes it, and two would fight over the object' };
  if (name === 'sync-wave' && !/^-?\d+$/.test(value))
    yield { given: `${at} is "${value}"`, remedy: 'write a whole number as text, e.g. "-1"' };
  if (name !== 'hook') return;
  for (const phase of value.split(',')) {
    if (!PHASES.has(phase.trim()))
      yield { given: `${at} is "${value}"`, remedy: `write one of ${[...PHASES].join(', ')}` };
  }
}
