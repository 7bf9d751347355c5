/**
 * How secrets look where nobody declared them: literal passwords in text that a program reads, keys that show who issued
 * them. To be believed it must be quiet, so whatever may be a reference, a path, a number or a piece of code passes.
 */

/** Names under which secrets stand: `secret` is what kube-linter's env-var-secret looks for, the rest is what other checkers add. */
const SECRET_NAME =
  /secret|passw|passphrase|pwd|token|jwt|bearer|credential|api[_.-]?key|private[_.-]?key|access[_.-]?key/i;

/** Words that mean a secret only where they stand alone, in a name whose words are parted by `_`: SMTP_PASS, not BYPASS. */
const SECRET_WORD = /(^|_)pass($|_(?!through|thru|by|host|headers?|rate|count|threshold))|_key$|(^|_)basic_?auth$/;

/** Keys that anybody may see, and what databases, queues and stores call a key: a field, a place, an order. */
const OPEN_KEY =
  /(^|_)(public|publishable|site|primary|foreign|partition|sort|group|range|hash|unique|index|lookup|routing|message|cache|redis|object|bucket|file|header|label|tag|metadata|idempotency)_key$/;

/** Values that hold no secret whatever their name: a number, a switch, a path. */
const HARMLESS = /^(-?\d+(\.\d+)?|true|false|on|off|yes|no|none|enabled|disabled|(\/[\w.@-]+)+\/?)$/i;

/** `$(OTHER)`, `${OTHER}`, `$OTHER`, `{{ other }}`, `%(other)s`, `<other>`, `env:OTHER`: filled in elsewhere. */
const REFERENCE = /\$[({]|^\$[\w.:-]+$|\{\{|%[({]|^%[sdv]$|^[<@*]|^(env|file|vault|op|secret|ref)[+:]/i;

/** What a bare value is not, but code, a tag or the beginning of a structure is. */
const CODE = /^[!&>=]|[`"'$(){}[\]<|\\]/;

/** What stands in the place of a value without being one. */
const EMPTY_WORD = /^(string|text|required|optional|none|null|nil|undefined|~|yes|no|on|off)?$/i;

/** Whether a value under a secret's name gives nothing away; a whole file may hold more than its references. */
export function isHarmless(value: string): boolean {
  return HARMLESS.test(value) || (!value.includes('\n') && REFERENCE.test(value));
}

/** Whether a value must not stand in the open, by its name. */
export function isSecret(name: string, value: string): boolean {
  if (isHarmless(value)) return false;
  // Of an address only a password in it is secret: PROXY_PASS may be what nginx means by it.
  return SECRET_NAME.test(name) || (hasSecretWord(name) && !/^[a-z][a-z0-9+.-]*:\/\//i.test(value));
}

function hasSecretWord(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])(?=[A-Z])/g, '$1_')
    .replace(/[.-]/g, '_')
    .toLowerCase();
  return SECRET_WORD.test(words) && !OPEN_KEY.test(words);
}

/** Names whose value is the secret itself; `token-ttl`, `secretName` and `password_encryption` only speak of one. */
const PASSWORD = 'passw(?:or)?d|passphrase|requirepass|masterauth|pass';
const KEYS = '(?:api|private|access|secret|signing|encryption)[_.-]?key|(?:client|shared|app|jwt)[_.-]?secret';
const TOKENS = '(?:auth|access|api|bearer|refresh|bot)[_.-]?token';

/** `password: x`, `"db_password": "x"`, `export PGPASSWORD=x`; not in a comment, which begins its line. */
const ASSIGNED = new RegExp(
  `(?:^|[\\s{,;])(["']?)(?!-)([\\w.-]*(?:${PASSWORD}|${KEYS}|${TOKENS}))\\1[ \\t]*[:=][ \\t]*("[^"\\n]*"|'[^'\\n]*'|[^\\s,;}]*)`,
  'gi',
);

/** Redis and Valkey write name and value with nothing between. */
const DIRECTIVE = /^[ \t]*(requirepass|masterauth|sentinel[ \t]+auth-pass[ \t]+\S+)[ \t]+(\S+)/gim;

/** `--password=x`, `--token x`, in a line for a shell too. */
const FLAG = new RegExp(
  `(?:^|\\s)--?([\\w.-]*(?:${PASSWORD}|${KEYS}|token|secret))(?:=|\\s+)("[^"\\n]*"|'[^'\\n]*'|\\S+)`,
  'gi',
);

/** `postgres://app:hunter2@database`: the part between colon and at. */
const ADDRESS = /:\/\/[^/\s:@"'?#]*:([^/\s@"'?#]+)@/g;

/** One look for all of them, since nearly every text has none. */
const SUSPICIOUS = /:\/\/[^/\s]*@|pass|auth|key|secret|token/i;

/**
 * Keys that tell by their beginning what they are, whatever stands around them; prefixes and lengths as in the rules of
 * github.com/gitleaks/gitleaks. What an issuer calls publishable (`pk_live_…`, the DSN of Sentry) is none.
 */
const ISSUED: readonly (readonly [what: string, shape: RegExp])[] = [
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/],
  ['a GitHub token', /\b(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_\w{82})\b/],
  ['a GitLab token', /\bglpat-[\w-]{20}/],
  ['a Slack token', /\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+/],
  ['a Slack webhook', /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[\w+/]{40,}/],
  ['a Stripe key', /\b[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,}/],
  ['a Stripe webhook secret', /\bwhsec_[A-Za-z0-9]{24,}/],
  ['a Shopify token', /\bshp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}\b/],
  ['a SendGrid key', /\bSG\.[\w-]{22}\.[\w-]{43}/],
  ['a signed token (JWT)', /\beyJ[\w-]{14,}\.eyJ[\w-]{14,}\.[\w-]{10,}/],
];

const ANY_ISSUED = new RegExp(ISSUED.map(([, { source }]) => source).join('|'));

/** How every PEM private key ends its first line, whatever its algorithm (RFC 7468). */
export const PRIVATE_KEY = 'PRIVATE KEY-----';

/** Whether an address in a text carries a password. */
export function hasPasswordInAddress(text: string): boolean {
  if (!text.includes('://')) return false;
  return [...text.matchAll(ADDRESS)].some(([, password]) => !REFERENCE.test(password!));
}

/** What is wrong with a text that a program reads, in a few words each: `a literal requirepass`, `a GitHub token`. */
export function* secretsIn(text: string): Iterable<string> {
  if (ANY_ISSUED.test(text)) for (const [what, shape] of ISSUED) if (shape.test(text)) yield what;
  if (!SUSPICIOUS.test(text)) return;
  if (hasPasswordInAddress(text)) yield 'an address with a password';
  const names = new Set<string>();
  for (const match of text.matchAll(ASSIGNED)) {
    if (isHeld(match[2]!, match[3]!) && !isTemplate(text, match.index) && !isComment(text, match.index))
      names.add(match[2]!);
  }
  for (const [, name, value] of text.matchAll(DIRECTIVE)) if (isLiteral(value!)) names.add(name!);
  for (const name of names) yield `a literal ${name}`;
}

/** The flags of a command line that hold a literal secret, and where: `--token x` may be two arguments. */
export function* secretFlags(args: readonly string[]): Iterable<{ readonly index: number; readonly name: string }> {
  for (const [index, arg] of args.entries()) {
    if (!SUSPICIOUS.test(arg)) continue;
    const next = args[index + 1];
    const whole = /^--?[\w.-]+$/.test(arg) && next !== undefined && !/\s/.test(next) ? `${arg} ${next}` : arg;
    for (const [, name, value] of whole.matchAll(FLAG)) {
      if (!value!.startsWith('-') && isHeld(name!, value!)) yield { index, name: name! };
    }
  }
}

/** Whether a name holds a literal secret; what ends in `pass` may be another word, as `bypass` is. */
function isHeld(name: string, value: string): boolean {
  return isLiteral(value) && (!/(?<!require)pass$/i.test(name) || isSecret(name, value.replace(/^["']|["']$/g, '')));
}

/** A value in quotes, or one bare word; anything else is code, or the beginning of a structure. */
function isLiteral(value: string): boolean {
  const [, , quoted] = /^(["'])(.*)\1$/.exec(value) ?? [];
  const plain = quoted ?? value;
  if (quoted === undefined && CODE.test(plain)) return false;
  return !EMPTY_WORD.test(plain) && !isHarmless(plain);
}

/** `{{TOKEN:trim}}`: a reference with what is done to it. */
function isTemplate(text: string, index: number): boolean {
  return text.startsWith('{{', index - 1);
}

function isComment(text: string, index: number): boolean {
  // The match may begin with the line feed before its line.
  const start = text[index] === '\n' ? index + 1 : text.lastIndexOf('\n', index) + 1;
  return /^\s*(#|;|\/\/|--)/.test(text.slice(start, start + 200));
}
