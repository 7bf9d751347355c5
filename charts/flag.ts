/** @throws where it is neither true nor false: a text such as 'no' would count as true */
export function checkFlag(path: string, field: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new Error(`${path}: ${field} is ${JSON.stringify(value)}; write true or false`);
}
