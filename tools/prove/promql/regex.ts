/** What RE2 does not have: looking around and referring back. */
const NOT_RE2 = /\(\?<?[=!]|\\[1-9]/;

/**
 * A regular expression as Prometheus takes it: RE2's, for the whole value.
 *
 * @returns nothing where it is none
 */
export function regexOf(text: string): RegExp | undefined {
  if (NOT_RE2.test(text.replaceAll('\\\\', ''))) return undefined;
  const flags = /^\(\?([ims]+)\)/.exec(text);
  const body = text
    .slice(flags?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?[imsU-]+:/g, '(?:');
  try {
    return new RegExp(`^(?:${body})$`, [...new Set(['s', ...(flags?.[1] ?? '')])].join(''));
  } catch {
    return undefined;
  }
}
