import { createHash } from 'node:crypto';
import type { ExternalSecret } from '../../../imports/custom.ts';
import type { Secret } from '../../../imports/kubernetes.ts';

/** A store's value of a key, e.g. `zapora/jwt/hs256`. @param property of a value that is JSON */
export type Store = (key: string, property?: string) => string | undefined;

/**
 * The Secret that External Secrets would write, its template filled in: `{{ .key }}` is the value of that key.
 * @param store what it knows; for any other key the value is a text of 32 letters and digits that the key alone decides
 */
export function secretOf({ metadata, spec }: ExternalSecret, store: Store = () => undefined): Secret {
  const values = new Map<string, string>();
  for (const { secretKey, remoteRef } of spec?.data ?? []) {
    const { key, property } = remoteRef;
    values.set(secretKey, store(key, property) ?? madeUp(property === undefined ? key : `${key}#${property}`));
  }
  const { name = metadata?.name, template } = spec?.target ?? {};
  const filled = Object.entries(template?.data ?? {}).map(([key, text]) => [key, fill(text, values, `${name}.${key}`)]);
  // A template replaces the keys unless it says that it adds to them.
  const own = template?.data && template.mergePolicy !== 'Merge' ? [] : values;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: metadata?.namespace, ...template?.metadata },
    type: template?.type ?? 'Opaque',
    stringData: { ...Object.fromEntries(own), ...Object.fromEntries(filled) },
  };
}

/** What a store holds of a key that no test cares about. */
export function madeUp(key: string): string {
  return createHash('sha256')
    .update(key)
    .digest('base64')
    .replaceAll(/[^A-Za-z0-9]/g, 'x')
    .slice(0, 32);
}

function fill(text: string, values: ReadonlyMap<string, string>, where: string): string {
  const filled = text.replace(
    /{{-?\s*\.([\w-]+)\s*(?:\|\s*toString\s*)?-?}}/g,
    (all, key: string) => values.get(key) ?? all,
  );
  if (filled.includes('{{'))
    throw new Error(
      `${where}: '${text}' has more than {{ .key }} of its own keys; teach it to test/real/pods/secrets.ts`,
    );
  return filled;
}
