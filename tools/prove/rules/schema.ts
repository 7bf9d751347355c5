import type { Schema } from '../../import/schema.ts';
import { kindOf, type Manifest } from '../../render/manifest.ts';
import { nearest } from '../nearest.ts';
import type { ObjectRule, Problem } from '../rule.ts';

/**
 * The closed schema: a field that the cluster's API server does not know is a finding, since it would drop it (or refuse
 * the object). What JSON Schema cannot say of Kubernetes is said here too: a quantity is text, a port ends at 65535.
 */
export const schema: ObjectRule = {
  name: 'schema',
  demands:
    'Every field is known to the API server of the cluster’s Kubernetes minor and has its type; a kind that has a spec is given one; no entry stands twice in a list of named ones; quantities are text; ports are 1 to 65535.',
  check(manifest, { api }) {
    const kind = kindOf(manifest);
    const known = api.kind(kind);
    if (known === undefined) {
      const others = api.namesakes(kind);
      const remedy =
        others.length > 0
          ? `write ${others.join(' or ')}`
          : 'bring its schema with `npm run import -- --kubeconfig … --group …`';
      return [{ given: `no schema knows ${kind}`, remedy }];
    }
    const problems = new Walk().judge(manifest, known.schema);
    return lacksSpec(manifest, known.schema)
      ? [...problems, { given: 'spec is not given', remedy: 'give it' }]
      : problems;
  },
};

/** Only a Namespace has said all with its name; the schemas of many other kinds leave their `spec` open as well. */
function lacksSpec({ kind, spec }: Manifest, { properties, required }: Schema): boolean {
  return spec === undefined && properties?.spec !== undefined && !required?.includes('spec') && kind !== 'Namespace';
}

/** One walk over one object. The path is a stack, made into text only for a finding. */
class Walk {
  readonly #path: (string | number)[] = [];
  readonly #problems: Problem[] = [];

  judge(manifest: Manifest, schema: Schema): readonly Problem[] {
    this.#value(manifest, schema);
    return this.#problems;
  }

  #value(value: unknown, schema: Schema): void {
    if (schema.format === 'quantity') this.#quantity(value);
    else if (schema.format === 'int-or-string') this.#intOrString(value);
    else if (schema.type !== undefined && !hasType(value, schema.type)) {
      this.#wrong(value, `give ${article(schema.type)}`);
    } else if (schema.enum && !schema.enum.includes(value)) {
      this.#wrong(value, `give one of ${schema.enum.map(each => JSON.stringify(each)).join(', ')}`);
    } else if (typeof value === 'string') this.#text(value, schema);
    else if (typeof value === 'number') this.#number(value, schema);
    else if (Array.isArray(value)) this.#list(value, schema);
    else if (typeof value === 'object' && value !== null) this.#map(value as Record<string, unknown>, schema);
  }

  #map(value: Record<string, unknown>, schema: Schema): void {
    const { properties, additionalProperties } = schema;
    for (const key in value) {
      const given = value[key];
      if (given === undefined) continue; // not given
      const field = properties?.[key] ?? additionalProperties;
      if (field !== undefined) {
        if (field.trivial !== undefined && typeof given === field.trivial) continue;
        this.#path.push(key);
        this.#value(given, field);
        if (typeof given === 'number' && isPort(key)) this.#port(given);
        this.#path.pop();
      } else if (!this.#open(schema)) {
        const near = nearest(key, Object.keys(properties ?? {}));
        this.#say(`${this.#at(key)} is not a field of the API`, near ? `write ${near}` : 'remove it');
      }
    }
    for (const key of schema.required ?? []) {
      if (value[key] === undefined) this.#say(`${this.#at(key)} is missing`, 'give it');
    }
  }

  /** A schema that says nothing of its fields takes any: raw extensions, `preserve-unknown-fields`, what was a union. */
  #open(schema: Schema): boolean {
    return schema['x-kubernetes-preserve-unknown-fields'] === true || !(schema.properties || schema.type === 'object');
  }

  #list(value: readonly unknown[], schema: Schema): void {
    if (schema.minItems !== undefined && value.length < schema.minItems)
      this.#wrong(value, `give at least ${schema.minItems}`);
    if (schema.maxItems !== undefined && value.length > schema.maxItems)
      this.#wrong(value, `give at most ${schema.maxItems}`);
    if (schema.items === undefined) return;
    const keys = schema['x-kubernetes-list-map-keys'];
    if (keys !== undefined && value.length > 1) this.#once(value, keys, schema.items);
    for (const [index, item] of value.entries()) {
      this.#path.push(index);
      this.#value(item, schema.items);
      this.#path.pop();
    }
  }

  /** Server-side apply finds an entry by its keys, those included that the server fills in, and refuses two of one name. */
  #once(value: readonly unknown[], keys: readonly string[], { properties }: Schema): void {
    const taken = new Set<string>();
    for (const [index, item] of value.entries()) {
      if (typeof item !== 'object' || item === null) continue; // said where the entry is judged
      const own = keys.map(key => (item as Record<string, unknown>)[key] ?? properties?.[key]?.default);
      if (own.includes(undefined)) continue; // a key that is missing is said there too
      const name = own.join('/');
      this.#path.push(index);
      if (taken.has(name))
        this.#say(`${this.#at()} is ${name} again`, `keep one: an apply refuses two of one ${keys.join(' and ')}`);
      this.#path.pop();
      taken.add(name);
    }
  }

  #number(value: number, { minimum, maximum }: Schema): void {
    if (minimum !== undefined && value < minimum) this.#wrong(value, `give at least ${minimum}`);
    if (maximum !== undefined && value > maximum) this.#wrong(value, `give at most ${maximum}`);
  }

  #text(value: string, { pattern, minLength, maxLength }: Schema): void {
    if (pattern !== undefined && !regexp(pattern).test(value)) this.#wrong(value, `match ${pattern}`);
    if (minLength !== undefined && characters(value) < minLength)
      this.#wrong(value, `give at least ${minLength} characters`);
    if (maxLength !== undefined && characters(value) > maxLength)
      this.#wrong(value, `give at most ${maxLength} characters`);
  }

  #quantity(value: unknown): void {
    if (typeof value === 'string' && QUANTITY.test(value)) return;
    this.#wrong(
      value,
      typeof value === 'number'
        ? `write the unit: Cpu.millis(…), Size.mebibytes(…) or text such as "${value}Mi"`
        : 'give a quantity such as "250m" or "512Mi"',
    );
  }

  #intOrString(value: unknown): void {
    if (!Number.isInteger(value) && typeof value !== 'string') this.#wrong(value, 'give a whole number or text');
  }

  #port(value: number): void {
    if (!Number.isInteger(value) || value < 1 || value > 65535) this.#wrong(value, 'give a port from 1 to 65535');
  }

  #wrong(value: unknown, remedy: string): void {
    this.#say(`${this.#at()} is ${JSON.stringify(value)}`, remedy);
  }

  #say(given: string, remedy: string): void {
    this.#problems.push({ given, remedy });
  }

  #at(key?: string): string {
    let text = '';
    for (const step of key === undefined ? this.#path : [...this.#path, key]) {
      if (typeof step === 'number') text += `[${step}]`;
      else text += /^[\w-]+$/.test(step) ? `${text && '.'}${step}` : `["${step}"]`;
    }
    return text || 'the object';
  }
}

/** The grammar of `k8s.io/apimachinery/pkg/api/resource`. */
const QUANTITY = /^[+-]?(\d+\.?\d*|\.\d+)(([numkMGTPE]|[KMGTPE]i)|[eE][+-]?\d+)?$/;

const ports = new Map<string, boolean>();
function isPort(key: string): boolean {
  const known = ports.get(key) ?? /(^p|P)ort$/.test(key);
  ports.set(key, known);
  return known;
}

const patterns = new Map<string, RegExp>();
function regexp(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, known);
  return known;
}

/** As the API server counts: JavaScript's own length takes an emoji for two. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function article(type: string): string {
  const word =
    { object: 'map', array: 'list', string: 'text', integer: 'whole number', boolean: 'true or false' }[type] ?? type;
  return word === 'text' || word === 'true or false' ? word : `a ${word}`;
}
