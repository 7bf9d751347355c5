/** The path of a field as findings write it: `metadata.labels["app.kubernetes.io/name"]`. */
export function field(at: string, key: string): string {
  if (!PLAIN.test(key)) return `${at}["${key}"]`;
  return at === '' ? key : `${at}.${key}`;
}

const PLAIN = /^[\w-]+$/;
