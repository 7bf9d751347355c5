/** As much of a valibot schema, or of a step of its pipe, as its description needs. */
export interface Schema {
  readonly kind: string;
  readonly type: string;
  /** How valibot's own messages say it. */
  readonly expects?: string | null;
  readonly message?: unknown;
  readonly requirement?: unknown;
  readonly description?: string;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly wrapped?: Schema;
  readonly pipe?: readonly Schema[];
}

const NOUNS: Readonly<Record<string, string>> = { string: 'text', boolean: 'true or false' };

/** Steps that say nothing of their own: `check` holds a function, and only its message tells what for. */
const OPAQUE = new Set(['check', 'raw_check']);

/** Wrappers that also take nothing. */
const OPTIONAL = new Set(['optional', 'exact_optional', 'undefinedable', 'nullable', 'nullish']);

/** What a schema allows, as a person says it: `integer 1024–65535`, `one of debug, info`, `text matching /^x/`, `url`. */
export function allowed(schema: Schema): string {
  const [base, ...steps] = stepsOf(schema) as [Schema, ...Schema[]];
  const written = steps.findLast(({ type }) => type === 'description')?.description;
  if (written !== undefined) return written;

  const rules = steps.filter(({ kind }) => kind === 'validation');
  const formats = rules.filter(isFormat).map(({ type }) => type.replaceAll('_', ' '));
  const noun = formats.length > 0 ? formats.join(' and ') : nounOf(base);
  const ranges = [between(rules, 'value', ''), between(rules, 'length', ' characters')].filter(each => each !== '');
  const patterns = rules.filter(({ type }) => type === 'regex').map(({ requirement }) => String(requirement));
  const matching = patterns.length > 0 ? [`matching ${patterns.join(' and ')}`] : [];
  return [[noun, ...ranges, ...matching].join(' '), ...rules.flatMap(others)].join(', ');
}

/** A schema and what is piped after it; a pipe may begin with a pipe. */
function stepsOf(schema: Schema): Schema[] {
  if (schema.pipe === undefined) return [schema];
  const [first, ...rest] = schema.pipe;
  return [...stepsOf(first!), ...rest];
}

function nounOf({ type, expects, options = [], literal, wrapped }: Schema): string {
  if (wrapped !== undefined) return OPTIONAL.has(type) ? `${allowed(wrapped)}, or nothing` : allowed(wrapped);
  if (type === 'literal') return `only ${String(literal)}`;
  if (type === 'picklist' || type === 'enum')
    return options.length === 1 ? `only ${String(options[0])}` : `one of ${options.join(', ')}`;
  if (type === 'union') return options.map(option => allowed(option as Schema)).join(' or ');
  return NOUNS[type] ?? expects ?? type;
}

/** A kind of text or number with a name of its own: valibot judges it by a pattern or a function that nobody wants to read. */
function isFormat({ type, requirement }: Schema): boolean {
  return type !== 'regex' && !OPAQUE.has(type) && (requirement instanceof RegExp || typeof requirement === 'function');
}

/** `1024–65535`, `≥ 1`, `≤ 16`, or nothing. */
function between(rules: readonly Schema[], of: 'value' | 'length', unit: string): string {
  const bound = (end: 'min' | 'max') => rules.find(({ type }) => type === `${end}_${of}`)?.requirement;
  const [min, max] = [bound('min'), bound('max')];
  if (min === undefined && max === undefined) return '';
  if (max === undefined) return `≥ ${min}${unit}`;
  if (min === undefined) return `≤ ${max}${unit}`;
  return `${min}–${max}${unit}`;
}

/** What remains, as valibot names it: `starts with https://`, `multiple of 5`. */
function others(rule: Schema): string[] {
  const { type, requirement, message } = rule;
  if (OPAQUE.has(type)) return typeof message === 'string' ? [message] : [];
  if (type === 'regex' || /^(min|max)_(value|length)$/.test(type) || isFormat(rule)) return [];
  return [[type.replaceAll('_', ' '), ...(requirement === undefined ? [] : [String(requirement)])].join(' ')];
}
