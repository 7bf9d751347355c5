import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Kinds } from '../render/index.ts';

/** The part of JSON Schema that Kubernetes speaks, plus two formats of our own: `quantity` and `int-or-string`. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  /** Set on loading where the type is all there is to judge: most fields of most objects. */
  trivial?: 'string' | 'boolean';
}

type Definitions = Readonly<Record<string, Schema>>;

/** A file of `imports/`: some kinds and the definitions they are made of. */
interface ImportFile {
  readonly kinds: Readonly<Record<string, { readonly schema: string; readonly namespaced: boolean }>>;
  readonly definitions: Definitions;
}

interface Kind {
  readonly schema: Schema;
  readonly namespaced: boolean;
}

/** All kinds that a cluster of one Kubernetes minor takes: its own, and every custom resource of `imports/custom`. */
export class Api implements Kinds {
  readonly ambiguous: ReadonlySet<string>;
  readonly #kinds = new Map<string, Kind>();

  /**
   * @param folder the folder `imports/`
   * @param minor e.g. `1.35`
   * @throws where `imports/` does not hold that minor: `npm run import` brings it
   */
  constructor(folder: string, minor: string) {
    const core = path.join(folder, 'kubernetes', `${minor}.json`);
    if (!existsSync(core))
      throw new Error(`imports/kubernetes has no ${minor}.json; run \`npm run import -- ${minor}\``);
    const custom = path.join(folder, 'custom');
    const files = existsSync(custom)
      ? readdirSync(custom)
          .filter(name => name.endsWith('.json'))
          .sort()
      : [];
    for (const file of [core, ...files.map(name => path.join(custom, name))]) this.#add(file);

    const groups = new Map<string, Set<string>>();
    for (const key of this.#kinds.keys()) {
      const parts = key.split('/');
      const kind = parts.at(-1)!;
      groups.set(kind, (groups.get(kind) ?? new Set()).add(parts.length === 3 ? parts[0]! : ''));
    }
    this.ambiguous = new Set([...groups].filter(([, of]) => of.size > 1).map(([kind]) => kind));
  }

  namespaced(kind: string): boolean | undefined {
    return this.#kinds.get(kind)?.namespaced;
  }

  kind(kind: string): Kind | undefined {
    return this.#kinds.get(kind);
  }

  /** The kinds named like this one in other versions or groups, for a remedy. */
  namesakes(kind: string): string[] {
    const name = kind.split('/').at(-1);
    return [...this.#kinds.keys()].filter(key => key.split('/').at(-1) === name);
  }

  #add(file: string): void {
    const { kinds, definitions } = JSON.parse(readFileSync(file, 'utf8')) as ImportFile;
    for (const schema of Object.values(definitions)) link(schema, definitions);
    for (const [key, { schema, namespaced }] of Object.entries(kinds)) {
      const found = definitions[schema];
      if (found === undefined)
        throw new Error(`${file}: ${key} names the missing definition ${schema}; run \`npm run import\``);
      this.#kinds.set(key, { schema: found, namespaced });
    }
  }
}

/** Puts what a reference names in its place, so that a walk meets none. */
function link(schema: Schema, definitions: Definitions): void {
  const linked = (part: Schema): Schema => {
    let target = part;
    while (target.$ref !== undefined) {
      const named = definitions[target.$ref];
      if (named === undefined)
        throw new Error(`a schema names the missing definition ${target.$ref}; run \`npm run import\``);
      target = named;
    }
    if (target === part) link(part, definitions);
    return target;
  };
  const { type, format, enum: values, pattern, minLength, maxLength } = schema;
  const bare = [format, values, pattern, minLength, maxLength, schema.const].every(each => each === undefined);
  if (bare && (type === 'string' || type === 'boolean')) schema.trivial = type;
  const at = schema as { -readonly [Key in keyof Schema]: Schema[Key] };
  if (schema.items) at.items = linked(schema.items);
  if (typeof schema.additionalProperties === 'object') at.additionalProperties = linked(schema.additionalProperties);
  for (const key of ['anyOf', 'oneOf', 'allOf'] as const) if (schema[key]) at[key] = schema[key].map(linked);
  const properties = schema.properties as Record<string, Schema> | undefined;
  for (const key in properties) properties[key] = linked(properties[key]!);
}
