import { type Range, rangeOf, subtract } from './address.ts';

const ranges = (texts: readonly string[]): readonly Range[] => texts.map(text => rangeOf(text)!);

const EVERY = ranges(['0.0.0.0/0', '::/0']);

/** Private, shared (RFC 6598, which clouds give to pods), loopback, and link-local with the cloud's metadata: RFC 6890. */
export const INSIDE = ranges([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
]);

/** What no host of the internet has either, so that a policy may leave it out: the rest of IANA's IPv4 special-purpose registry. */
const NOBODY_S = ranges([
  '0.0.0.0/8',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]);

/** What a policy may open for a host whose addresses nobody knows. */
export const PUBLIC = subtract(EVERY, INSIDE);

/** What it must open, since the host may stand anywhere in it; IPv4, which every cluster speaks. */
export const INTERNET = subtract(EVERY.slice(0, 1), [...INSIDE, ...NOBODY_S]);
