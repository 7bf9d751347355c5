import type { PersistentVolumeClaim, StatefulSetSpec } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';

export const statefulSet: ObjectRule = {
  name: 'stateful-set',
  demands:
    'A StatefulSet names its headless Service, writes its claims in full and keeps them when it is deleted or scaled down.',
  kinds: ['apps/v1/StatefulSet'],
  *check(manifest: Manifest): Iterable<Problem> {
    const {
      serviceName,
      persistentVolumeClaimRetentionPolicy: kept,
      volumeClaimTemplates = [],
    } = manifest.spec as StatefulSetSpec;
    if (!serviceName)
      yield {
        given: 'spec.serviceName is not given',
        remedy: 'name its headless Service: it gives each pod its DNS name',
      };
    for (const when of ['whenDeleted', 'whenScaled'] as const) {
      if (kept?.[when] !== 'Retain')
        yield {
          given: `spec.persistentVolumeClaimRetentionPolicy.${when} is ${kept?.[when] ?? 'not given'}`,
          remedy: 'write Retain: data outlives its pod',
        };
    }
    for (const [index, claim] of volumeClaimTemplates.entries())
      yield* inFull(claim, `spec.volumeClaimTemplates[${index}]`);
  },
};

/** With server-side apply a claim without apiVersion, kind and volumeMode is OutOfSync for ever (argoproj/argo-cd#11143, #16707). */
function* inFull({ apiVersion, kind, spec }: PersistentVolumeClaim, at: string): Iterable<Problem> {
  if (apiVersion !== 'v1') yield { given: `${at} has no apiVersion`, remedy: 'write v1' };
  if (kind !== 'PersistentVolumeClaim') yield { given: `${at} has no kind`, remedy: 'write PersistentVolumeClaim' };
  if (!spec?.accessModes?.length)
    yield { given: `${at}.spec has no accessModes`, remedy: 'write [ReadWriteOnce], or what its pods need' };
  if (spec?.volumeMode === undefined) yield { given: `${at}.spec has no volumeMode`, remedy: 'write Filesystem' };
  if (spec?.resources?.requests?.storage === undefined)
    yield { given: `${at}.spec.resources.requests has no storage`, remedy: 'give one, e.g. 100Gi' };
}
