/** A quantity as `k8s.io/apimachinery/pkg/api/resource` understands it. */
export interface Quantity {
  /** In cores, bytes or pieces. */
  readonly amount: number;
  /** As the API server prints it: `100m` for `0.1`, `1Gi` for `1024Mi`. Written otherwise, Argo CD shows a difference for ever. */
  readonly canonical: string;
}

const PARTS = /^(?<sign>[+-]?)(?<whole>\d*)\.?(?<fraction>\d*)(?<suffix>[eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;

/** In steps of a thousand, from nano: the finest that the API server keeps. */
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
/** In steps of 1024. */
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** A fleet writes the same few hundred quantities again and again. */
const known = new Map<string, Quantity>();

/** @param text of the quantity grammar, which the schema has proven */
export function quantity(text: string): Quantity {
  let value = known.get(text);
  if (value === undefined) {
    value = read(text);
    known.set(text, value);
  }
  return value;
}

function read(text: string): Quantity {
  const { sign, whole = '', fraction = '', suffix = '' } = PARTS.exec(text)?.groups ?? {};
  const binary = BINARY.indexOf(suffix);
  const exponent = /^[eE]./.test(suffix) ? Number(suffix.slice(1)) : binary > 0 ? 0 : (DECIMAL.indexOf(suffix) - 3) * 3;

  const scale = 9 + exponent - fraction.length;
  let nano = BigInt(`${whole}${fraction}` || '0') * 1024n ** BigInt(Math.max(0, binary));
  if (scale >= 0) nano *= 10n ** BigInt(scale);
  else nano = (nano + 10n ** BigInt(-scale) - 1n) / 10n ** BigInt(-scale); // the API server rounds up to a nano

  const minus = sign === '-' && nano !== 0n ? '-' : '';
  return { amount: Number(`${minus}${nano}`) / 1e9, canonical: minus + print(nano, binary > 0, suffix) };
}

const UNIT = 1_000_000_000n;

function print(nano: bigint, binary: boolean, suffix: string): string {
  if (nano === 0n) return '0';
  // Below 1024, or with a fraction of a byte, the API server leaves the binary units.
  if (binary && nano >= 1024n * UNIT && nano % UNIT === 0n) return steps(nano / UNIT, 1024n, BINARY);
  if (!/^[eE]./.test(suffix)) return steps(nano, 1000n, DECIMAL);
  const exponents = DECIMAL.map((_, index) => (index === 3 ? '' : `e${(index - 3) * 3}`));
  return steps(nano, 1000n, exponents);
}

/** The largest unit that leaves a whole number. */
function steps(amount: bigint, base: bigint, units: readonly string[]): string {
  let rest = amount;
  let unit = 0;
  while (unit < units.length - 1 && rest % base === 0n) {
    rest /= base;
    unit++;
  }
  return `${rest}${units[unit]}`;
}
