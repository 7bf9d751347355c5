import { compare, type Import, OBJECT_META, reachable, type Schema } from './schema.ts';

/**
 * TypeScript interfaces of an import.
 *
 * Our own instead of a library: openapi-typescript names a type `components['schemas']['io.k8s.api.core.v1.Container']`, and
 * json-schema-to-typescript numbers those that share a short name (`HorizontalPodAutoscaler1`) in order of appearance; neither
 * can say that a kind's `apiVersion` is a literal, that `status` is the server's, and that a Quantity is no number.
 */
export function typesOf(imported: Import, header: string): string {
  const authored = withoutServersShare(imported);
  const kinds = new Set(Object.values(imported.kinds).map(({ schema }) => schema));
  const names = shortNames(Object.keys(authored), kinds);
  const blocks = Object.entries(authored)
    .map(([name, schema]) => ({ short: names.get(name) as string, schema }))
    .sort((a, b) => compare(a.short, b.short))
    .map(({ short, schema }) => `\n${declare(short, schema, names)}`);
  return `${header}${blocks.join('')}`;
}

/** What an author writes of each kind: apiVersion, kind and metadata always, `status` never; and only the definitions that still needs. */
function withoutServersShare({ kinds, definitions }: Import): Record<string, Schema> {
  const changed: Record<string, Schema> = { ...definitions };
  for (const [key, { schema: name }] of Object.entries(kinds)) {
    const at = key.lastIndexOf('/');
    const schema = definitions[name] as Schema;
    const { status: _, apiVersion: _a, kind: _k, metadata, ...rest } = schema.properties ?? {};
    changed[name] = {
      ...schema,
      required: ['apiVersion', 'kind', 'metadata', ...(schema.required ?? [])],
      properties: {
        apiVersion: { enum: [key.slice(0, at)] },
        kind: { enum: [key.slice(at + 1)] },
        metadata: metadata ?? { $ref: OBJECT_META },
        ...rest,
      },
    };
  }
  return reachable(Object.values(kinds), changed);
}

/** Types of TypeScript's own that an interface must not hide from the code that imports it. */
const RESERVED = new Set([
  'Array',
  'Boolean',
  'Date',
  'Error',
  'Function',
  'JSON',
  'Map',
  'Number',
  'Object',
  'Record',
  'Set',
  'String',
  'Symbol',
]);

/** Whose `Event` or `Subject` is meant when nobody says. */
const COMMON_GROUPS = ['core', 'meta', 'apps', 'rbac'];

interface Named {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly short: string;
}

/**
 * `io.k8s.api.apps.v1.Deployment` → `Deployment`. Where two share a short name a kind comes before a part of one, then a common group
 * before the others in the alphabet, then the newest version. Who comes later gets the group as a prefix (`EventsEvent`), and where that
 * is taken too, group and version.
 */
export function shortNames(
  definitions: readonly string[],
  kinds: ReadonlySet<string> = new Set(),
): Map<string, string> {
  const rank = ({ name, group }: Named) =>
    (kinds.has(name) ? 0 : COMMON_GROUPS.length + 1) +
    (COMMON_GROUPS.includes(group) ? COMMON_GROUPS.indexOf(group) : COMMON_GROUPS.length);
  const order = (a: Named, b: Named) =>
    rank(a) - rank(b) || compare(a.group, b.group) || compareVersions(b.version, a.version) || compare(a.name, b.name);
  const names = new Map<string, string>();
  const taken = new Set(RESERVED);
  for (const each of definitions.map(split).sort(order)) {
    const { group, version, short } = each;
    const candidates = [short, pascal(group) + short, pascal(group) + pascal(version) + short, pascal(each.name)];
    const free = candidates.find(candidate => !taken.has(candidate));
    if (free === undefined) throw new Error(`no TypeScript name is left for '${each.name}'`);
    names.set(each.name, free);
    taken.add(free);
  }
  return names;
}

/** The last three parts; group names that are domains come reversed, so the part before the version is the most telling one. */
function split(name: string): Named {
  const parts = name.split('.');
  const [group = '', version = '', short = ''] = ['', '', ...parts].slice(-3);
  return { name, group, version, short: pascal(short) };
}

function declare(name: string, schema: Schema, names: ReadonlyMap<string, string>): string {
  if (schema.properties) return `export interface ${name} ${typeOf(schema, names, '')}\n`;
  return `export type ${name} = ${typeOf(schema, names, '')};\n`;
}

function typeOf(schema: Schema, names: ReadonlyMap<string, string>, indent: string): string {
  if (schema.$ref !== undefined) return names.get(schema.$ref) as string;
  if (schema.format === 'int-or-string') return 'number | string';
  if (schema.format === 'quantity') return 'string';
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array': {
      const item = schema.items ?? {};
      const isUnion = item.format === 'int-or-string' || (item.enum?.length ?? 0) > 1;
      return isUnion ? `(${typeOf(item, names, indent)})[]` : `${typeOf(item, names, indent)}[]`;
    }
    case 'object':
      return objectType(schema, names, indent);
    default:
      return schema.properties ? objectType(schema, names, indent) : 'unknown';
  }
}

function objectType(schema: Schema, names: ReadonlyMap<string, string>, indent: string): string {
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (!schema.properties) {
    if (schema.additionalProperties) return `Record<string, ${typeOf(schema.additionalProperties, names, indent)}>`;
    return open ? 'Record<string, unknown>' : 'Record<string, never>';
  }
  const inner = `${indent}  `;
  const fields = Object.entries(schema.properties).map(([key, field]) => {
    const mark = schema.required?.includes(key) ? '' : '?';
    return `${inner}${propertyName(key)}${mark}: ${typeOf(field, names, inner)};\n`;
  });
  if (open) fields.push(`${inner}[key: string]: unknown;\n`);
  return `{\n${fields.join('')}${indent}}`;
}

function propertyName(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key);
}

function literal(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** `core` → `Core`, `cert-manager` → `CertManager`. */
function pascal(text: string): string {
  return text.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]?)/g, (_, first: string) => first.toUpperCase());
}

/** As Kubernetes ranks them: v2 > v1 > v1beta1 > v1alpha1. */
function compareVersions(a: string, b: string): number {
  const [stageA, ...numbersA] = versionParts(a);
  const [stageB, ...numbersB] = versionParts(b);
  return stageA - stageB || numbersA[0] - numbersB[0] || numbersA[1] - numbersB[1];
}

function versionParts(version: string): [number, number, number] {
  const [, major = '0', stage, minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  return [stage === undefined ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor)];
}
