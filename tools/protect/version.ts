import { parse } from 'yaml';
import { KEEPS } from '../prove/rules/keeps.ts';
import { HEADER } from '../publish/index.ts';
import { identityOf, type Manifest } from '../render/manifest.ts';

/** One object as one commit, or the render, has it. */
export interface Version {
  /** Its file below `dist/`. */
  readonly file: string;
  readonly cluster: string;
  /** The unit's folder below `dist/`: `staging/zapora`. */
  readonly unit: string;
  /** Path of the construct that made it. */
  readonly construct: string;
  readonly manifest: Manifest;
}

/** On an object that leads to data outside of it: where that data is. */
export const HOLDS = 'drydock/holds';
/** On what declares the databases of a server: their names. */
export const DATABASES = 'drydock/databases';
/** Argo CD's words that keep an object until a person agrees. */
export const CONFIRM = ['Prune=confirm', 'Delete=confirm'] as const;

/** Kinds whose every change is judged; their names begin the names of their files. */
const JUDGED = new Set(['PersistentVolumeClaim', 'StatefulSet', 'StorageClass']);
const MARKS = [HOLDS, KEEPS, ...CONFIRM];

/**
 * Whether an object can be lost or broken in a way that matters here. Most cannot, and are never parsed: a new label on
 * every object of a fleet is judged in a tenth of a second.
 *
 * @param after the text that takes its place, if any
 */
export function matters(file: string, text: string, after: string | undefined): boolean {
  if (!text.startsWith(HEADER)) return false;
  const kind = kindIn(file);
  if (JUDGED.has(kind) || text.includes(HOLDS) || text.includes(DATABASES)) return true;
  return after === undefined ? kind === 'Namespace' || isMarked(text) : marksOf(text) !== marksOf(after);
}

function isMarked(text: string): boolean {
  return MARKS.some(mark => text.includes(mark));
}

function marksOf(text: string): string {
  return isMarked(text) ? text.split('\n').filter(isMarked).join('\n') : '';
}

/** `undefined` for what is no object: somebody committed a file of ours broken, and no cluster has it. */
export function read(file: string, text: string): Version | undefined {
  let manifest: Manifest | null;
  try {
    manifest = parse(text) as Manifest | null;
  } catch {
    return undefined;
  }
  if (manifest?.apiVersion === undefined || manifest.metadata?.name === undefined) return undefined;
  const construct = text.slice(HEADER.length, text.indexOf('\n'));
  return { file, cluster: clusterIn(file), unit: unitIn(file), construct, manifest };
}

/** The kind that a path names: `StatefulSet` of `…/StatefulSet.database.yaml`. */
export function kindIn(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).split('.')[0]!;
}

export function unitIn(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

/** Each Argo CD is a cluster of its own: both have a project of the same name. */
export function clusterIn(file: string): string {
  return file.startsWith('argocd/') ? unitIn(file) : file.split('/')[0]!;
}

/** Cluster, kind, namespace and name: where its file stands does not matter. */
export function isSame(one: Version, other: Version): boolean {
  return one.cluster === other.cluster && identityOf(one.manifest) === identityOf(other.manifest);
}

/** An object as messages and acknowledgements name it. */
export function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.name}`;
}

export function annotation({ metadata }: Manifest, key: string): string | undefined {
  return metadata.annotations?.[key];
}
