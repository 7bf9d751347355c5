/** Whether a text is a range of IPv4 addresses, such as `203.0.113.0/24`. */
export function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = String(text).split('/');
  const numbers = address.split('.');
  const within = (part: string, most: number) => /^\d{1,3}$/.test(part) && Number(part) <= most;
  return rest.length === 0 && numbers.length === 4 && numbers.every(part => within(part, 255)) && within(bits, 32);
}
