import { text } from './ottl.ts';

/** Fields that hold a secret, whatever their value is; flattened, so `headers.authorization` too. */
const SECRET_KEYS =
  '(?i)(^|[._-])(authorization|cookie|set-cookie|password|passwd|pwd|secret|token|api[_-]?key|private[_-]?key|dsn)$|(secret|access_token|refresh_token|session_key|client_secret)';

/** What a secret looks like inside a text: what is found, and what is left of it. */
const PATTERNS: readonly (readonly [found: string, left: string])[] = [
  // Authorization: Bearer …, and the same as a field of JSON within a text.
  ['(?i)(authorization["\']?\\s*[:=]\\s*["\']?)(?:(?:bearer|basic|token|apikey)\\s+)?[^\\s"\',}]+', '$1***'],
  ['(?i)\\b(bearer|basic)\\s+[a-z0-9._~+/=-]{8,}', '$1 ***'],
  // password=…, "clientSecret": "…", ?access_token=…
  [
    '(?i)(["\']?\\b[\\w-]*(?:password|passwd|secret|api[_-]?key|access[_-]?token|refresh[_-]?token|cookie)["\']?\\s*[:=]\\s*)("[^"]*"|\'[^\']*\'|[^\\s,;&}"\']+)',
    '$1***',
  ],
  // postgres://user:password@host
  ['(://[^:/@\\s]+:)[^@/\\s]+@', '$1***@'],
  // JSON Web Tokens.
  ['\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*', '***'],
  // The numbers of payment cards of 16 digits (Visa, Mastercard, Discover), which no log may hold (PCI DSS 4.0, requirement 3.3).
  ['\\b(?:4\\d{3}|5[1-5]\\d{2}|6011|65\\d{2})[ -]?\\d{4}[ -]?\\d{4}[ -]?\\d{4}\\b', '***'],
];

/** Takes secrets out of a map of attributes, by their names and by what they look like. */
export function redactMap(map: string): string[] {
  return [
    `delete_matching_keys(${map}, ${text(SECRET_KEYS)})`,
    ...PATTERNS.map(([found, left]) => `replace_all_patterns(${map}, "value", ${text(found)}, ${text(left)})`),
  ];
}

/** Takes secrets out of a text by what they look like. */
export function redactText(target: string): string[] {
  return PATTERNS.map(([found, left]) => `replace_pattern(${target}, ${text(found)}, ${text(left)})`);
}
