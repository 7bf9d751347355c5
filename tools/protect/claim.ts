import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../../imports/kubernetes.ts';
import { quantity } from '../prove/rules/quantity.ts';
import type { Manifest } from '../render/manifest.ts';
import type { Verdict } from './change.ts';
import { differing, type Fields, rejected } from './differing.ts';

const SIZES: Readonly<Record<string, string>> = { Mi: 'mebibytes', Gi: 'gibibytes', Ti: 'tebibytes' };

/**
 * A bound claim: its size may grow and its attributes class may change, nothing else
 * (ValidatePersistentVolumeClaimUpdate of Kubernetes). It may also shrink back to what its volume really has, which nobody
 * here can know.
 */
export function claim(before: Manifest, after: Manifest): Verdict[] {
  const [was, is] = [before, after].map(each => plainClaim(each.spec as PersistentVolumeClaimSpec));
  return [
    ...rejected(
      differing(fixed(was!), fixed(is!), 'spec'),
      'give it back its old value, with which its volume was made',
    ),
    ...shrinking(was!, is!),
  ];
}

function shrinking(was: PersistentVolumeClaimSpec, is: PersistentVolumeClaimSpec): Verdict[] {
  const [before, after] = [was, is].map(each => each.resources?.requests?.storage);
  if (before === undefined || (after !== undefined && quantity(after).amount >= quantity(before).amount)) return [];
  return [
    {
      change: 'rejected',
      given: `spec.resources.requests.storage shrinks from ${before} to ${after ?? 'nothing'}, which Kubernetes refuses`,
      remedy: `write ${before}; for a smaller volume restore into a new database`,
    },
  ];
}

/** What of a claim never changes. */
function fixed({ resources, ...spec }: PersistentVolumeClaimSpec): Fields {
  const { storage: _, ...requests } = resources?.requests ?? {};
  const { volumeAttributesClassName: __, ...others } = spec;
  return { ...others, resources: { ...resources, requests } };
}

/** With defaults filled in and sizes as the API server prints them, so that two ways of saying the same are the same. */
export function plainClaim(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const { requests, limits } = spec.resources ?? {};
  return {
    ...spec,
    volumeMode: spec.volumeMode ?? 'Filesystem',
    resources: { ...(requests && { requests: canonical(requests) }), ...(limits && { limits: canonical(limits) }) },
  };
}

function canonical(amounts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, quantity(amount).canonical]));
}

/** `100Gi` as code says it. */
export function sizeInCode(amount: string): string {
  const [, number, unit] = /^(\d+)([MGT]i)$/.exec(amount) ?? [];
  return unit === undefined ? amount : `Size.${SIZES[unit]}(${number})`;
}

/** A StatefulSet's template of claims without its head, which the API server fills in. */
export function plainTemplate({ apiVersion: _, kind: __, metadata, spec }: PersistentVolumeClaim): Fields {
  return { metadata, spec: plainClaim(spec ?? {}) };
}
