/** Whether a text is a range of IPv4 addresses, such as `203.0.113.0/24`. */
export function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = String(text).split('/');
  const numbers = address.split('.');
  const within = (part: string, most: number) => /^\d{1,3}$/.test(part) && Number(part) <= most;
  return rest.length === 0 && numbers.length === 4 && numbers.every(part => within(part, 255)) && within(bits, 32);
}

/** Whether two ranges have an address in common. */
export function overlap(a: string, b: string): boolean {
  const [from, bits] = numbersOf(a);
  const [other, otherBits] = numbersOf(b);
  const size = 2 ** (32 - Math.min(bits, otherBits));
  return Math.floor(from / size) === Math.floor(other / size);
}

function numbersOf(cidr: string): [address: number, bits: number] {
  const [address = '', bits] = cidr.split('/');
  return [address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), Number(bits)];
}
