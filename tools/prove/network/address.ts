import { isIPv4, isIPv6 } from 'node:net';

/** Addresses from `first` to `last`, both included, as numbers. */
export interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** The range that CIDR notation names, or one address by itself; undefined for what is neither. */
export function rangeOf(text: string): Range | undefined {
  const slash = text.indexOf('/');
  const [address, length] = slash < 0 ? [text, undefined] : [text.slice(0, slash), text.slice(slash + 1)];
  const family = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (family === undefined) return undefined;
  const bits = family === 4 ? 32 : 128;
  if (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= bits)) return undefined;
  const size = 1n << BigInt(bits - Number(length ?? bits));
  const value = family === 4 ? fourBytes(address) : sixteenBytes(address);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

/** What is no CIDR notation names no address; the API server refuses it. */
export function rangesOf(cidrs: readonly string[]): Range[] {
  return cidrs.map(rangeOf).filter(range => range !== undefined);
}

/** What is left of some ranges without others. */
export function subtract(from: readonly Range[], minus: readonly Range[]): readonly Range[] {
  let left = from;
  for (const cut of minus) {
    if (left.some(range => overlap(range, cut))) left = left.flatMap(range => without(range, cut));
  }
  return left;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** As a reader writes it: `10.0.0.0–10.255.255.255`, or one address. */
export function rangeAsText({ family, first, last }: Range): string {
  const text = family === 4 ? dotted : colons;
  return first === last ? text(first) : `${text(first)}–${text(last)}`;
}

function overlap(a: Range, b: Range): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

function without(range: Range, cut: Range): Range[] {
  if (!overlap(range, cut)) return [range];
  const left: Range[] = [];
  if (range.first < cut.first) left.push({ ...range, last: cut.first - 1n });
  if (cut.last < range.last) left.push({ ...range, first: cut.last + 1n });
  return left;
}

function fourBytes(address: string): bigint {
  return BigInt(address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
}

/** RFC 4291: eight groups, `::` for as many zeros as are missing, the last two perhaps as an IPv4 address. */
function sixteenBytes(address: string): bigint {
  const [head = '', tail] = address.split('::').map(groups);
  const missing = 8 - head.length - (tail?.length ?? 0);
  const all = [...head, ...Array<number>(missing).fill(0), ...(tail ?? [])];
  return all.reduce((sum, group) => (sum << 16n) + BigInt(group), 0n);
}

function groups(text: string): number[] {
  return text
    .split(':')
    .filter(part => part !== '')
    .flatMap(part => {
      if (!part.includes('.')) return [Number.parseInt(part, 16)];
      const value = Number(fourBytes(part));
      return [Math.floor(value / 65_536), value % 65_536];
    });
}

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map(shift => (value >> shift) & 255n).join('.');
}

/** Without `::`, which a reader of a finding can do without. */
function colons(value: bigint): string {
  return Array.from({ length: 8 }, (_, group) => ((value >> BigInt(16 * (7 - group))) & 65_535n).toString(16)).join(
    ':',
  );
}
