import { proveUnit } from '../../../tools/prove/index.ts';
import type { Loose } from './good/parts.ts';
import { goodObjects, type Setting, unitOf } from './good-unit.ts';

/** The good unit's objects by `Kind name`, to be changed in place. */
export type Objects = Record<string, Loose>;

/** What the laws say of the good unit after a change, each finding as `rule: construct: given; remedy`. */
export function broken(change: (objects: Objects) => void, setting?: Setting): string[] {
  const objects: Objects = Object.fromEntries(goodObjects().map(each => [`${each.kind} ${each.metadata.name}`, each]));
  change(objects);
  const unit = unitOf(
    Object.values(objects).filter(each => each !== undefined),
    setting,
  );
  return proveUnit(unit).map(
    ({ rule, construct, given, remedy }) =>
      `${rule}: ${construct.replace(/^[^/]+\/|\/rights\/.*/g, '')}: ${given}; ${remedy}`,
  );
}

/** The API's container and pod, where most laws look. */
export const api = (objects: Objects): Loose => objects['Deployment api'].spec.template.spec.containers[0];
export const apiPod = (objects: Objects): Loose => objects['Deployment api'].spec.template.spec;

/** Makes the worker one that has no pods until a failover; then at most so many. */
export function switchOff(objects: Objects, podsWhenPrimary?: number): void {
  delete objects['ScaledObject worker'];
  const { metadata, spec } = objects['Deployment worker'];
  spec.replicas = 0;
  if (podsWhenPrimary !== undefined) metadata.annotations = { 'drydock/pods-when-primary': String(podsWhenPrimary) };
}
