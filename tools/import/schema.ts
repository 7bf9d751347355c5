/**
 * The closed schemas that Drydock proves objects with: one shape for core kinds, packages' types and a user's own custom resources.
 *
 * Closed means: an object with neither `additionalProperties` nor `x-kubernetes-preserve-unknown-fields` allows its `properties` only.
 * Kept is what a walker of forty lines can judge; combinators and CEL rules are left to the real API server.
 */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  /** Beside OpenAPI's own: `int-or-string` and `quantity`, which then stand without a type. */
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** In characters, not bytes. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** What the server fills in, where that is a text: the key of a list's entry may be left to it. */
  readonly default?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  /** Never in a file: set on loading where the type is all there is to judge, as in most fields of most objects. */
  trivial?: 'string' | 'boolean';
}

export interface KindEntry {
  /** A name in `definitions`. */
  readonly schema: string;
  readonly namespaced: boolean;
}

export interface Import {
  /** Of what the schemas were taken: a Kubernetes release, or package and version. */
  readonly version: string;
  /** By `<apiVersion>/<Kind>`: `apps/v1/Deployment`, `v1/Service`. */
  readonly kinds: Readonly<Record<string, KindEntry>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

/** A JSON document nobody has looked at yet. */
export type Json = { readonly [key: string]: unknown };

export const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const COPIED = [
  'type',
  'format',
  'enum',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
] as const;

/** What no source says well: raw bytes are an object of nothing, JSON too, and two values are written as a string or a number. */
export const KNOWN: Readonly<Record<string, Schema>> = {
  'io.k8s.api.apiextensions.k8s.io.v1.JSON': {},
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { format: 'quantity' },
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { format: 'int-or-string' },
};

/** How a schema is called and what was lost on the way. */
interface Simplifying {
  /** `#/components/schemas/x` → the name of the definition. */
  readonly nameOf: (ref: string) => string;
  /** Told of each pattern that is not a JavaScript expression: CRD patterns are Go RE2. */
  readonly skipped: (pattern: string) => void;
}

/** An OpenAPI v3 or JSON schema, without what does not decide: descriptions, most defaults, combinators. Keys come out in one order. */
export function simplify(raw: Json, how: Simplifying): Schema {
  const ref = raw.$ref ?? (raw.allOf as Json[] | undefined)?.find(each => each.$ref !== undefined)?.$ref;
  if (typeof ref === 'string') return { $ref: how.nameOf(ref) };
  const odd = stringOrNumber(raw);
  if (odd) return { format: odd };

  const result: Record<string, unknown> = {};
  for (const key of COPIED) if (raw[key] !== undefined) result[key] = raw[key];
  if (typeof raw.default === 'string' && raw.default !== '') result.default = raw.default;
  if (raw.const !== undefined) result.enum = [raw.const];
  if (typeof raw.pattern === 'string') {
    if (isExpression(raw.pattern)) result.pattern = raw.pattern;
    else how.skipped(raw.pattern);
  }
  if (Array.isArray(raw.required) && raw.required.length > 0) result.required = [...raw.required].sort();
  if (raw.properties)
    result.properties = mapSorted(raw.properties as Record<string, Json>, each => simplify(each, how));
  const others = raw.additionalProperties;
  if (typeof others === 'object' && others !== null && Object.keys(others).length > 0) {
    result.additionalProperties = simplify(others as Json, how);
  }
  if (raw.items) result.items = simplify(raw.items as Json, how);
  const open =
    others === true || (typeof others === 'object' && others !== null && result.additionalProperties === undefined);
  if (open || raw['x-kubernetes-preserve-unknown-fields'] === true)
    result['x-kubernetes-preserve-unknown-fields'] = true;
  return result as Schema;
}

/** Only what the kinds reach, sorted. */
export function reachable(
  kinds: Iterable<KindEntry>,
  definitions: Readonly<Record<string, Schema>>,
): Record<string, Schema> {
  const reached = new Map<string, Schema>();
  const visit = (schema: Schema): void => {
    if (schema.$ref !== undefined) follow(schema.$ref);
    for (const child of Object.values(schema.properties ?? {})) visit(child);
    if (schema.items) visit(schema.items);
    if (schema.additionalProperties) visit(schema.additionalProperties);
  };
  const follow = (name: string): void => {
    if (reached.has(name)) return;
    const definition = definitions[name];
    if (!definition)
      throw new Error(`the schema '${name}' is referred to but not defined; import from a complete source`);
    reached.set(name, definition);
    visit(definition);
  };
  for (const { schema } of kinds) follow(schema);
  return mapSorted(Object.fromEntries(reached), each => each);
}

/** One line a kind and a definition: small, and a difference in git names what changed. */
export function print({ version, kinds, definitions }: Import): string {
  const lines = (record: object) =>
    Object.entries(record)
      .sort(byKey)
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      .join(',\n');
  return `{"version":${JSON.stringify(version)},\n"kinds":{\n${lines(kinds)}\n},\n"definitions":{\n${lines(definitions)}\n}}\n`;
}

function mapSorted<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  const sorted = Object.entries(record).sort(byKey);
  return Object.fromEntries(sorted.map(([key, value]) => [key, map(value)]));
}

/** By code unit, not by locale: the same bytes everywhere. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return compare(a, b);
}

/** The two kinds of value that JSON writes as a string or a number. CRDs say both with the same mark and tell them apart by a pattern. */
function stringOrNumber(raw: Json): 'int-or-string' | 'quantity' | undefined {
  const marked = raw['x-kubernetes-int-or-string'] === true || raw.format === 'int-or-string';
  if (marked)
    return typeof raw.pattern === 'string' && raw.pattern.includes('[KMGTPE]i') ? 'quantity' : 'int-or-string';
  const types = (raw.oneOf as Json[] | undefined)?.map(each => each.type);
  return types?.length === 2 && types.includes('string') && types.includes('number') ? 'quantity' : undefined;
}

function isExpression(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}
