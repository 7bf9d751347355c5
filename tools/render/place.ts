import { groupOf, type Manifest } from './manifest.ts';

/** The longest file name that common file systems take, in bytes. */
const LONGEST_NAME = 255;

/** What needs no encoding: nearly every name. */
const SAFE = /^[a-z0-9.-]*$/;

/**
 * Where an object's file stands below the layer's folder: `<namespace>/<Kind>.<name>.yaml`, `_cluster/…` for what has no
 * namespace. No index and no hash, so that a path lives as long as its object; the API group joins the kind only where
 * two groups share the kind's name (`ambiguous`).
 */
export function placeOf(manifest: Manifest, ambiguous: ReadonlySet<string>): string {
  const { kind, metadata } = manifest;
  const group = groupOf(manifest.apiVersion);
  const what = ambiguous.has(kind) && group !== '' ? `${kind}.${group}` : kind;
  return `${metadata.namespace ?? '_cluster'}/${what}.${encode(metadata.name)}.yaml`;
}

/**
 * A name as a file name, reversibly (`decodeURIComponent` gives it back). RBAC names may hold `:` and capitals, which
 * Windows and macOS refuse or take for their lower-case twin.
 */
export function encode(name: string): string {
  if (SAFE.test(name)) return name;
  return name.replace(/[^a-z0-9.-]/g, character =>
    [...new TextEncoder().encode(character)]
      .map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

/** Whether every part of a path fits a common file system. */
export function fits(file: string): boolean {
  if (file.length <= LONGEST_NAME) return true; // encoded names are ASCII
  return file.split('/').every(part => Buffer.byteLength(part) <= LONGEST_NAME);
}
