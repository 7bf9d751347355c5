/**
 * `toYaml(manifest)`: the YAML that reviewers read and clusters obey.
 *
 * The law: every reader gives back what went in: YAML 1.1 (PyYAML), YAML 1.2 (`yaml`), and Go's (kubectl, Argo CD), which mixes both.
 * A string stands bare only where all of them read a string; in doubt it is quoted. Text of several lines is a block (`|`) where that
 * reads back the same. The bytes do not depend on the order in which an author wrote the keys.
 */

/** Keys that say what a map is; a reader wants them first. All others follow alphabetically (by UTF-16 code unit, in no one's locale). */
const FIRST = ['apiVersion', 'kind', 'metadata', 'name', 'namespace', 'type', 'image', 'key', 'spec'];
const RANK = new Map(FIRST.map((key, rank) => [key, rank]));

/** Most strings of a manifest, settled by one test: no indicator, no space, no word, nothing like a number (`yaml` takes e3 for one). */
const SURELY_PLAIN = /^(?!(?:y|yes|n|no|on|off|true|false|null|e\d+)$)[a-z/][\w./-]*(?::[\w./-]+)*$/i;

/** Booleans and nulls of both versions; also the cases no reader takes (`nULL`), so that nobody has to know which those are. */
const WORD = /^(?:y|yes|n|no|on|off|true|false|null|~|=|<<)?$/i;

/** Numbers of both versions, without `_`, which Go ignores anywhere: 017, 0o17, 0x1F, 1., .5, 1e3, +1, 12:30:45, -.inf, .nan, and a lone dot. */
const NUMBER = /^[-+]?(?:0x[\da-f]+|0[ob]?\d+|\d*\.?\d*(?:e[-+]?\d+)?|\d+(?::[0-5]?\d)+(?:\.\d*)?|\.inf|\.nan)$/i;

const TIMESTAMP = /^\d{4}-\d\d?-\d\d?(?:$|[Tt\s])/;

/** Where a bare string would end early or turn into something else: indicators, document markers, comments, keys, outer spaces. */
const BROKEN = /^[\s?:,[\]{}#&*!|>'"%@`]|^-(?:\s|$)|^(?:---|\.\.\.)|: | #|[\s:]$|[\t\n]/;

/**
 * What a reviewer cannot see, or a reader refuses, is written as an escape: controls, U+0085, odd spaces, U+2028 and U+2029 (Go's reader
 * breaks the line there), marks that turn the direction of text, U+FEFF, non-characters. Listed rather than `\p{C}`, which grows with Node.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /[\ufe00-\ufe0e\0-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff0-\uffff\u{e0000}-\u{e0fff}]/u;
const EACH_HIDDEN = new RegExp(HIDDEN, 'gu');
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** YAML readers look no further than this for the `:` after a key. */
const LONGEST_KEY = 1024;

/**
 * Plain data (maps, lists, strings, finite numbers, booleans, null) as one YAML document, ending in a line feed. A map's `undefined`
 * values are left out. Anything else (NaN, -0, a lone surrogate, a class instance, `undefined` in a list) is refused, naming the place.
 */
export function toYaml(manifest: unknown): string {
  try {
    if (isList(manifest) && manifest.length > 0) return list(manifest, '', '');
    if (isMap(manifest)) return map(manifest, '', '') || '{}\n';
    return `${scalar(manifest, '  ')}\n`;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Error(`${placeOf(error.value, manifest)?.replace(/^\./, '') || 'manifest'}: ${error.message}`);
  }
}

function map(object: Record<string, unknown>, pad: string, first: string): string {
  let out = '';
  let lead = first;
  for (const key of ordered(Object.keys(object))) {
    const value = object[key];
    if (value === undefined) continue;
    out += `${lead + keyText(key)}:${below(value, pad)}`;
    lead = pad;
  }
  return out;
}

function list(items: readonly unknown[], pad: string, first: string): string {
  const inner = `${pad}  `;
  let out = '';
  let lead = first;
  for (const item of items) {
    const nested = isList(item) ? list(item, inner, '') : isMap(item) ? map(item, inner, '') : '';
    out += nested === '' ? `${lead}- ${scalar(item, inner)}\n` : `${lead}- ${nested}`;
    lead = pad;
  }
  return out;
}

/** What follows `key:`; a map or list goes to the next lines, two columns further in. */
function below(value: unknown, pad: string): string {
  const inner = `${pad}  `;
  const nested = isList(value) ? list(value, inner, inner) : isMap(value) ? map(value, inner, inner) : '';
  return nested === '' ? ` ${scalar(value, inner)}\n` : `\n${nested}`;
}

/** All that fits behind `key:` or `- `, empty maps and lists included. `pad` is where the lines of a block begin. */
function scalar(value: unknown, pad: string): string {
  if (typeof value === 'string') return text(value, pad);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null) return 'null';
  if (isList(value)) return '[]';
  if (isMap(value)) return '{}';
  throw new Refused(value, `${described(value)} is not plain data; give a map, list, string, number, boolean or null`);
}

function text(value: string, pad: string): string {
  if (SURELY_PLAIN.test(value)) return value;
  if (HIDDEN.test(value) || LONE_SURROGATE.test(value)) return quoted(value);
  if (value.includes('\n')) return block(value, pad) ?? quoted(value);
  return isPlain(value) ? value : quoted(value);
}

function isPlain(value: string): boolean {
  return !BROKEN.test(value) && !WORD.test(value) && !TIMESTAMP.test(value) && !NUMBER.test(value.replaceAll('_', ''));
}

/** JSON's escapes are YAML's too, as long as no half of a surrogate pair stands alone. */
function quoted(value: string): string {
  if (LONE_SURROGATE.test(value)) {
    throw new Refused(
      value,
      `${JSON.stringify(value)} holds half a character (a lone surrogate); write the whole character`,
    );
  }
  return JSON.stringify(value).replace(EACH_HIDDEN, hidden => {
    const code = hidden.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}

/**
 * `|` keeps one final line feed, `|-` none, `|+` all. The `2` is due where the first line begins with white space, which a reader would
 * count as indentation. None where the last line is white space alone: readers disagree whether it is a line at all.
 */
function block(value: string, pad: string): string | undefined {
  if (/(?:^|\n)[ \t]*$/.test(value.replace(/\n+$/, ''))) return undefined;
  const indent = /^\s/.test(value) ? '2' : '';
  const chomp = value.endsWith('\n\n') ? '+' : value.endsWith('\n') ? '' : '-';
  const body = chomp === '-' ? value : value.slice(0, -1);
  return `|${indent}${chomp}\n${body.replace(/^(?=.)/gm, pad)}`;
}

/** Exact for both readers: whole numbers digit by digit (2^60 is not JavaScript's ...7000), and `1.0e+21`, as YAML 1.1 wants dot and sign. */
function number(value: number): string {
  if (!Number.isFinite(value) || Object.is(value, -0)) {
    throw new Refused(value, `${described(value)} has no place in a manifest; give a finite number`);
  }
  if (Number.isSafeInteger(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(value).toString();
  return String(value).replace(/^(-?\d)e/, '$1.0e');
}

/** The same few hundred keys come again in each manifest of a fleet. */
const keyTexts = new Map<string, string>();

function keyText(key: string): string {
  let known = keyTexts.get(key);
  if (known === undefined) {
    known = key.includes('\n') ? quoted(key) : text(key, '');
    if (known.length > LONGEST_KEY) throw new Refused(key, `a key of more than ${LONGEST_KEY} characters; shorten it`);
    keyTexts.set(key, known);
  }
  return known;
}

function ordered(keys: string[]): string[] {
  for (let i = 1; i < keys.length; i++) {
    if (byRank(keys[i - 1]!, keys[i]!) > 0) return keys.sort(byRank);
  }
  return keys; // as most are: looking costs less than sorting
}

function byRank(a: string, b: string): number {
  return (RANK.get(a) ?? FIRST.length) - (RANK.get(b) ?? FIRST.length) || (a < b ? -1 : 1);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A map, not an instance of a class: a `Duration` or a date that was never turned into a string must not come out as its fields. */
function isMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

class Refused extends Error {
  constructor(
    readonly value: unknown,
    message: string,
  ) {
    super(message);
  }
}

function described(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'object' ? `an instance of ${value?.constructor?.name}` : String(value);
}

/** Where the refused value stands (`.spec.ports[0].port`); sought only once it is refused, so that the emitter need not carry paths. */
function placeOf(refused: unknown, tree: unknown): string | undefined {
  if (Object.is(tree, refused)) return '';
  if (!isList(tree) && !isMap(tree)) return undefined;
  for (const [key, value] of Object.entries(tree)) {
    if (value === undefined && isMap(tree)) continue;
    const place = key === refused ? '' : placeOf(refused, value);
    if (place !== undefined) return (isList(tree) ? `[${key}]` : `.${key}`) + place;
  }
  return undefined;
}
