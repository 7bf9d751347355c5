import type { LimitRangeSpec, PersistentVolumeClaimSpec, ResourceQuotaSpec } from '../../../imports/kubernetes.ts';
import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { field } from './field.ts';
import { podOf } from './pods.ts';
import { quantity } from './quantity.ts';
import { POD_KINDS } from './workload-kinds.ts';

const LIMITS = ['default', 'defaultRequest', 'max', 'min', 'maxLimitRequestRatio'] as const;

export const quantities: ObjectRule = {
  name: 'quantities',
  demands:
    'Quantities stand as the API server prints them (`100m`, `1Gi`, `1`); written otherwise, Argo CD shows a difference that no sync removes.',
  kinds: [...POD_KINDS, 'v1/ResourceQuota', 'v1/LimitRange', 'v1/PersistentVolumeClaim'],
  check(manifest: Manifest): readonly Problem[] {
    const found: Problem[] = [];
    const kind = kindOf(manifest);
    if (kind === 'v1/ResourceQuota') bent((manifest.spec as ResourceQuotaSpec).hard, 'spec.hard', found);
    else if (kind === 'v1/PersistentVolumeClaim') claim(manifest.spec as PersistentVolumeClaimSpec, 'spec', found);
    else if (kind === 'v1/LimitRange') {
      for (const [index, limit] of (manifest.spec as LimitRangeSpec).limits.entries()) {
        for (const name of LIMITS) bent(limit[name], `spec.limits[${index}].${name}`, found);
      }
    } else inPods(manifest, found);
    return found;
  },
};

function inPods(manifest: Manifest, found: Problem[]): void {
  const { spec, specAt, containers } = podOf(manifest)!;
  for (const { at, container } of containers) {
    bent(container.resources?.requests, `${at}.resources.requests`, found);
    bent(container.resources?.limits, `${at}.resources.limits`, found);
  }
  for (const [index, { emptyDir, ephemeral }] of (spec.volumes ?? []).entries()) {
    const at = `${specAt}.volumes[${index}]`;
    if (emptyDir?.sizeLimit !== undefined) bent({ sizeLimit: emptyDir.sizeLimit }, `${at}.emptyDir`, found);
    if (ephemeral?.volumeClaimTemplate)
      claim(ephemeral.volumeClaimTemplate.spec, `${at}.ephemeral.volumeClaimTemplate.spec`, found);
  }
  const { volumeClaimTemplates: claims } = manifest.spec as {
    volumeClaimTemplates?: { spec?: PersistentVolumeClaimSpec }[];
  };
  for (const [index, { spec: each }] of (claims ?? []).entries())
    claim(each, `spec.volumeClaimTemplates[${index}].spec`, found);
}

function claim(spec: PersistentVolumeClaimSpec | undefined, at: string, found: Problem[]): void {
  bent(spec?.resources?.requests, `${at}.resources.requests`, found);
  bent(spec?.resources?.limits, `${at}.resources.limits`, found);
}

function bent(values: Readonly<Record<string, string>> | undefined, at: string, found: Problem[]): void {
  for (const name in values) {
    const { canonical } = quantity(values[name]!);
    if (canonical !== values[name])
      found.push({
        given: `${field(at, name)} is "${values[name]}"`,
        remedy: `write "${canonical}", as the API server will`,
      });
  }
}
