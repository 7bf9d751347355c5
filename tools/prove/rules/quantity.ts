/** A quantity as `k8s.io/apimachinery/pkg/api/resource` understands it. */
interface Quantity {
  /** In cores, bytes or pieces. */
  readonly amount: number;
  /** As the API server prints it: `100m` for `0.1`, `1Gi` for `1024Mi`. Written otherwise, Argo CD shows a difference for ever. */
  readonly canonical: string;
}

const PARTS = /^(?<sign>[+-]?)(?<whole>\d*)\.?(?<fraction>\d*)(?<suffix>[eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;

/** `3e6`; not `Ei`. */
const EXPONENT = /^[eE][+-]?\d/;

const POWERS: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** Units in steps of a thousand, from a thousandth: resource lists are rounded up to it. */
const DECIMAL = ['m', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const EXPONENTS = ['e-3', '', 'e3', 'e6', 'e9', 'e12', 'e15', 'e18'];
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
  const binary = Math.max(0, BINARY.indexOf(suffix));
  const power = EXPONENT.test(suffix) ? Number(suffix.slice(1)) : (POWERS[suffix] ?? 0);

  const shift = 3 + power - fraction.length;
  const digits = BigInt(`${whole}${fraction}` || '0') * 1024n ** BigInt(binary);
  const down = 10n ** BigInt(Math.max(0, -shift));
  const milli = shift >= 0 ? digits * 10n ** BigInt(shift) : (digits + down - 1n) / down;

  const minus = sign === '-' && milli !== 0n ? '-' : '';
  return { amount: Number(`${minus}${milli}`) / 1000, canonical: minus + print(milli, binary > 0, suffix) };
}

function print(milli: bigint, binary: boolean, suffix: string): string {
  if (milli === 0n) return '0';
  // Below 1024, or with a fraction of a byte, the API server leaves the binary units.
  if (binary && milli >= 1_024_000n && milli % 1000n === 0n) return inLargest(milli / 1000n, 1024n, BINARY);
  return inLargest(milli, 1000n, EXPONENT.test(suffix) ? EXPONENTS : DECIMAL);
}

/** In the largest unit that leaves a whole number. */
function inLargest(amount: bigint, base: bigint, units: readonly string[]): string {
  let rest = amount;
  let unit = 0;
  while (unit < units.length - 1 && rest % base === 0n) {
    rest /= base;
    unit++;
  }
  return `${rest}${units[unit]}`;
}
