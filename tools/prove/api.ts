import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { releases } from '../control-plane/versions.ts';
import type { Import, Schema } from '../import/schema.ts';
import type { Kinds } from '../render/index.ts';
import { groupOf } from '../render/manifest.ts';
import { nearest } from './nearest.ts';

type Definitions = Import['definitions'];

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
    if (!existsSync(core)) throw new Error(`imports/kubernetes has no ${minor}.json; ${bringing(minor)}`);
    const custom = path.join(folder, 'custom');
    const files = existsSync(custom)
      ? readdirSync(custom)
          .filter(name => name.endsWith('.json'))
          .sort()
      : [];
    for (const file of [core, ...files.map(name => path.join(custom, name))]) this.#add(file);

    const groups = new Map<string, Set<string>>();
    for (const key of this.#kinds.keys()) {
      const slash = key.lastIndexOf('/');
      const kind = key.slice(slash + 1);
      groups.set(kind, (groups.get(kind) ?? new Set()).add(groupOf(key.slice(0, slash))));
    }
    this.ambiguous = new Set([...groups].filter(([, of]) => of.size > 1).map(([kind]) => kind));
  }

  namespaced(kind: string): boolean | undefined {
    return this.#kinds.get(kind)?.namespaced;
  }

  kind(kind: string): Kind | undefined {
    return this.#kinds.get(kind);
  }

  /** The kinds that may be meant: named like this one in another version or group, else nearly so. For a remedy. */
  namesakes(kind: string): string[] {
    const keys = [...this.#kinds.keys()];
    const nameOf = (key: string) => key.slice(key.lastIndexOf('/') + 1);
    const wanted = nameOf(kind);
    const name = keys.some(key => nameOf(key) === wanted) ? wanted : nearest(wanted, [...new Set(keys.map(nameOf))]);
    return keys.filter(key => nameOf(key) === name);
  }

  #add(file: string): void {
    const { kinds, definitions } = JSON.parse(readFileSync(file, 'utf8')) as Import;
    for (const schema of Object.values(definitions)) link(schema, definitions);
    for (const [key, { schema, namespaced }] of Object.entries(kinds)) {
      const found = definitions[schema];
      if (found === undefined)
        throw new Error(`${file}: ${key} names the missing definition ${schema}; run \`npm run import\``);
      this.#kinds.set(key, { schema: found, namespaced });
    }
  }
}

/** What brings a minor: an import asks a real API server, whose release somebody has to choose. */
function bringing(minor: string): string {
  const run = `run \`npm run import -- ${minor}\``;
  return releases[minor] === undefined ? `add its release to tools/control-plane/versions.ts, then ${run}` : run;
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
  const bare = [format, values, pattern, minLength, maxLength].every(each => each === undefined);
  if (bare && (type === 'string' || type === 'boolean')) schema.trivial = type;
  const at = schema as { -readonly [Key in keyof Schema]: Schema[Key] };
  if (schema.items) at.items = linked(schema.items);
  if (schema.additionalProperties) at.additionalProperties = linked(schema.additionalProperties);
  const properties = schema.properties as Record<string, Schema> | undefined;
  for (const key in properties) properties[key] = linked(properties[key]!);
}
