/** A value that cannot be written as YAML without losing something, and where it stands. */
export interface Unplain {
  readonly at: string;
  readonly given: string;
}

/**
 * What JSON would drop or bend in silence: `null`, NaN, functions, symbols, instances of classes such as a `Size` that
 * nobody converted. A field that is `undefined` was not given and is no fault.
 */
export function unplain(value: unknown): Unplain[] {
  const found: Unplain[] = [];
  if (!isPlain(value)) collect(value, '', found);
  return found;
}

/** The same judgement without the paths: nearly every object passes, and texts of paths would cost more than the walk. */
function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return false;
  if (Array.isArray(value)) return value.every(isPlain);
  if (!isMap(value)) return false;
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    if (field !== undefined && !isPlain(field)) return false;
  }
  return true;
}

function collect(value: unknown, at: string, found: Unplain[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, `${at}[${index}]`, found);
  } else if (typeof value === 'object' && value !== null && isMap(value)) {
    for (const [key, field] of Object.entries(value)) {
      if (field !== undefined) collect(field, at === '' ? key : `${at}.${key}`, found);
    }
  } else if (!isPlain(value)) {
    found.push({ at, given: named(value) });
  }
}

function isMap(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function named(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'class instance'}`;
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : String(value);
}
