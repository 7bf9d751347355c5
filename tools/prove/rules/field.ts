/** The path of a field as findings write it: `metadata.labels["app.kubernetes.io/name"]`. */
export function field(at: string, key: string): string {
  if (!PLAIN.test(key)) return `${at}["${key}"]`;
  return at === '' ? key : `${at}.${key}`;
}

const PLAIN = /^[\w-]+$/;

/** A number, or a percentage of `whole` rounded as the controller in question rounds. */
export function share(value: number | string, whole: number, round: (value: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseFloat(value) / 100) * whole);
}
