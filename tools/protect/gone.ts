import { groupBy } from '../prove/groups.ts';
import { KEEPS } from '../prove/rules/keeps.ts';
import type { Change, Danger } from './change.ts';
import { claimsOf } from './stateful-set.ts';
import { annotation, HOLDS, nameOf, type Version } from './version.ts';

/** What came with the change, or stayed. */
export interface Left {
  /** Whether anything of a unit is still rendered. */
  unit(folder: string): boolean;
  /** StatefulSets that are new. */
  readonly newcomers: readonly Version[];
}

/**
 * What goes with objects that are no longer rendered. A unit, a namespace or a StatefulSet that goes is one danger, which
 * lists what it takes along.
 */
export function gone(versions: readonly Version[], left: Left): Danger[] {
  const dangers: Danger[] = [];
  let rest = versions;
  const take = (taken: readonly Version[], danger?: Danger) => {
    rest = rest.filter(version => !taken.includes(version));
    if (danger !== undefined) dangers.push(danger);
  };

  for (const [folder, inside] of groupBy(versions, ({ unit }) => unit)) {
    if (!left.unit(folder)) take(inside, unitGone(folder, inside));
  }
  for (const namespace of rest.filter(({ manifest }) => manifest.kind === 'Namespace')) {
    const inside = rest.filter(
      each =>
        each.cluster === namespace.cluster && each.manifest.metadata.namespace === namespace.manifest.metadata.name,
    );
    take([namespace, ...inside], namespaceGone(namespace, inside));
  }
  for (const set of rest.filter(({ manifest }) => manifest.kind === 'StatefulSet')) {
    const names = claimsOf(set.manifest);
    if (names.length === 0) continue;
    const claims = rest.filter(
      each => inOneNamespace(each, set) && isClaim(each) && names.includes(each.manifest.metadata.name),
    );
    take([set, ...claims], setGone(set, names, claims.length > 0, left.newcomers));
  }
  return [...dangers, ...rest.flatMap(alone)];
}

function unitGone(folder: string, inside: readonly Version[]): Danger | undefined {
  const lost = losses(inside);
  if (lost === '') return undefined;
  const [cluster, system] = folder.split('/');
  const first = inside[0]!;
  return {
    version: { ...first, construct: system! },
    change: 'leaves',
    given: `${system} leaves ${cluster}, and nobody would look after ${lost}`,
    remedy: 'put it back',
  };
}

function namespaceGone(namespace: Version, inside: readonly Version[]): Danger | undefined {
  const lost = losses(inside);
  if (lost === '') return undefined;
  const { kind, metadata } = namespace.manifest;
  return danger(namespace, 'deletes', `${kind} ${metadata.name} goes, and with it ${lost}`);
}

function setGone(set: Version, names: readonly string[], deleted: boolean, newcomers: readonly Version[]): Danger {
  const heirs = newcomers.filter(each => inOneNamespace(each, set)).map(({ manifest }) => manifest.metadata.name);
  const given = [
    `${nameOf(set.manifest)} goes, and ${deleted ? 'with it' : 'leaves behind'} the data of ${names.join(', ')}`,
    ...heirs.map(name => `StatefulSet ${name}, which is new, would begin with empty volumes`),
  ].join('; ');
  return danger(set, deleted ? 'deletes' : 'orphans', given);
}

/** What goes by itself. */
function alone(version: Version): Danger[] {
  const { manifest } = version;
  const [kept, held] = [annotation(manifest, KEEPS), annotation(manifest, HOLDS)];
  if (isClaim(version)) return [danger(version, 'deletes', `${nameOf(manifest)} goes, and its data with it`)];
  if (manifest.kind === 'StorageClass')
    return [danger(version, 'orphans', `${nameOf(manifest)} goes: no volume of it could grow, and none be made`)];
  if (kept !== undefined) return [danger(version, 'stops', `${nameOf(manifest)} goes: backups of ${kept} would stop`)];
  if (held !== undefined) return [danger(version, 'orphans', `${nameOf(manifest)} goes, which leads to ${held}`)];
  return [];
}

/** `the data of data-db-0, data-db-1; the backups of orders`; empty where nothing is lost. */
function losses(versions: readonly Version[]): string {
  const claims = versions.flatMap(each => (isClaim(each) ? [each.manifest.metadata.name] : []));
  const sets = versions.flatMap(({ manifest }) => (manifest.kind === 'StatefulSet' ? claimsOf(manifest) : []));
  const data = [...new Set([...claims, ...sets])].sort();
  const marked = (key: string) => [...new Set(versions.flatMap(({ manifest }) => annotation(manifest, key) ?? []))];
  return [
    ...(data.length > 0 ? [`the data of ${data.join(', ')}`] : []),
    ...marked(KEEPS).map(kept => `the backups of ${kept}`),
    ...marked(HOLDS).map(held => `what stands in ${held}`),
  ].join('; ');
}

function danger(version: Version, change: Change, given: string): Danger {
  return { version, change, given, remedy: 'put it back' };
}

function isClaim({ manifest }: Version): boolean {
  return manifest.kind === 'PersistentVolumeClaim';
}

function inOneNamespace(one: Version, other: Version): boolean {
  return one.cluster === other.cluster && one.manifest.metadata.namespace === other.manifest.metadata.namespace;
}
