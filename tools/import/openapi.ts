import { type Import, type Json, type KindEntry, KNOWN, reachable, type Schema, simplify } from './schema.ts';

/** The part of an OpenAPI v3 document of a kube-apiserver that matters here. */
export interface OpenApi {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Json>> };
}

interface OpenApiImport extends Import {
  /** Patterns that JavaScript does not understand, and so are not judged. */
  readonly skippedPatterns: readonly string[];
}

interface Operation {
  readonly 'x-kubernetes-group-version-kind'?: {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  };
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Json }>> };
}

/** A stored object, replaceable under its own name; so no sub-resource, no review, no binding. */
const OBJECT_PATH = /^\/(?:api|apis\/[^/]+)\/[^/]+\/(namespaces\/\{namespace\}\/)?[^/]+\/\{name\}$/;

/** The index's paths of whole API versions that promise not to change: v1, v2; never alpha or beta. */
export function stablePaths(index: Iterable<string>): string[] {
  return [...index].filter(path => /^(?:api|apis\/[^/]+)\/v\d+$/.test(path)).sort();
}

/** The index's paths of one group, in every version it is served in. */
export function groupPaths(index: Iterable<string>, group: string): string[] {
  return [...index].filter(path => path.startsWith(`apis/${group}/`)).sort();
}

/** Every kind that can be an object in these documents, with all it refers to, each definition once. */
export function fromOpenApi(version: string, documents: readonly OpenApi[]): OpenApiImport {
  const kinds: Record<string, KindEntry> = {};
  const skippedPatterns: string[] = [];
  const all: Record<string, Schema> = {};
  const doubtful = new Set<string>();
  for (const document of documents) {
    for (const [name, raw] of Object.entries(document.components?.schemas ?? {})) {
      const skipped: string[] = [];
      const definition = KNOWN[name] ?? simplify(raw, { nameOf, skipped: pattern => skipped.push(pattern) });
      if (all[name] === undefined) skippedPatterns.push(...skipped);
      else if (JSON.stringify(all[name]) !== JSON.stringify(definition)) doubtful.add(name);
      all[name] = definition;
    }
    for (const [path, operations] of Object.entries(document.paths ?? {})) {
      const match = OBJECT_PATH.exec(path);
      const put = operations.put as Operation | undefined;
      const gvk = put?.['x-kubernetes-group-version-kind'];
      const ref = Object.values(put?.requestBody?.content ?? {})[0]?.schema?.$ref;
      if (!match || !gvk || typeof ref !== 'string') continue;
      const apiVersion = gvk.group ? `${gvk.group}/${gvk.version}` : gvk.version;
      kinds[`${apiVersion}/${gvk.kind}`] = { schema: nameOf(ref), namespaced: match[1] !== undefined };
    }
  }
  const definitions = reachable(Object.values(kinds), all);
  const clash = Object.keys(definitions).find(name => doubtful.has(name));
  if (clash !== undefined)
    throw new Error(`two documents define '${clash}' differently; import them from one server at one time`);
  return { version, kinds, definitions, skippedPatterns };
}

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}
