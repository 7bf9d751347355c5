import type { PersistentVolumeClaim, StatefulSetSpec } from '../../imports/kubernetes.ts';
import type { Manifest } from '../render/manifest.ts';
import type { Verdict } from './change.ts';
import { plainTemplate, sizeInCode } from './claim.ts';
import { differing, type Fields, rejected, split } from './differing.ts';

/** All of a StatefulSet that may change (ValidateStatefulSetUpdate of Kubernetes 1.35); everything else never does. */
const MAY_CHANGE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];
const STORAGE = '.spec.resources.requests.storage';
const ANEW =
  'give it back its old value (a new one needs a new StatefulSet: `kubectl delete --cascade=orphan` before the sync, which lets its pods run)';

export function statefulSet(before: Manifest, after: Manifest): Verdict[] {
  const [was, is] = [before, after].map(each => each.spec as StatefulSetSpec);
  const fields = differing(fixed(was!), fixed(is!), 'spec');
  const sizes = fields.filter(({ at }) => at.endsWith(STORAGE));
  return [
    ...sizes.flatMap(size => rejected([size], sameTemplate(size.before, size.after))),
    ...rejected(
      fields.filter(each => !sizes.includes(each)),
      ANEW,
    ),
    ...forgetting(was!, is!),
  ];
}

/** The names of the claims that its pods have: `<template>-<StatefulSet>-<ordinal>`. */
export function claimsOf({ metadata, spec }: Manifest): string[] {
  const { volumeClaimTemplates = [], replicas = 1, ordinals } = spec as StatefulSetSpec;
  const first = ordinals?.start ?? 0;
  return volumeClaimTemplates.flatMap(template =>
    Array.from({ length: replicas }, (_, i) => `${template.metadata?.name}-${metadata.name}-${first + i}`),
  );
}

/** Claims by name, so that a message says which of them. */
function fixed(spec: StatefulSetSpec): Fields {
  const { volumeClaimTemplates = [], podManagementPolicy = 'OrderedReady', ...others } = spec;
  return {
    ...split(others as unknown as Fields, MAY_CHANGE).others,
    podManagementPolicy,
    volumeClaimTemplates: Object.fromEntries(
      volumeClaimTemplates.map((template: PersistentVolumeClaim) => [template.metadata?.name, plainTemplate(template)]),
    ),
  };
}

function sameTemplate(before: unknown, after: unknown): string {
  return `keep the size it was created with: \`storage: { created: ${sizeInCode(String(before))}, now: ${sizeInCode(String(after))} }\``;
}

function* forgetting(was: StatefulSetSpec, is: StatefulSetSpec): Iterable<Verdict> {
  for (const when of ['whenDeleted', 'whenScaled'] as const) {
    const [before, after] = [was, is].map(each => each.persistentVolumeClaimRetentionPolicy?.[when] ?? 'Retain');
    if (before === 'Retain' && after !== 'Retain')
      yield {
        change: 'unguards',
        given: `spec.persistentVolumeClaimRetentionPolicy.${when} changes from Retain to ${after}: claims would go with their pods`,
        remedy: 'write Retain',
      };
  }
}
