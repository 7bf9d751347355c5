import type { IngressSpec } from '../../../imports/kubernetes.ts';
import type { Rendered } from '../../render/manifest.ts';
import { CERTIFICATE, type CertificateSpec, EXTERNAL_SECRET, type ExternalSecretSpec, ISSUED_BY } from './custom.ts';
import { INGRESS } from './host-claims.ts';
import type { View } from './view.ts';

/** What is known of a Secret's keys; `any` where only the cluster will know. */
export type Keys = ReadonlySet<string> | 'any';

/** An object of which a controller makes a Secret, or adds to one. */
interface Maker {
  readonly object: Rendered;
  /** The Secret, as `namespace/name`. */
  readonly secret: string;
  readonly keys: Keys;
  /** Whether it adds to a Secret that somebody else makes. */
  readonly adds: boolean;
}

const OF_A_CERTIFICATE = new Set(['ca.crt', 'tls.crt', 'tls.key']);

/** The Secrets that there will be, by `namespace/name`: none is in the repository. */
export function madeSecrets(view: View): ReadonlyMap<string, Keys> {
  const made = new Map<string, Keys>();
  for (const { secret, keys } of makersOf(view)) {
    const others = made.get(secret) ?? new Set();
    made.set(secret, keys === 'any' || others === 'any' ? 'any' : new Set([...others, ...keys]));
  }
  return made;
}

/** What makes the Secrets of a unit; an object comes once for each Secret that it makes. */
export function* makersOf(view: View): Iterable<Maker> {
  for (const object of view.of(EXTERNAL_SECRET)) {
    const spec = object.manifest.spec as ExternalSecretSpec;
    const { name = object.manifest.metadata.name, creationPolicy } = spec.target ?? {};
    if (creationPolicy === 'None') continue;
    yield { object, secret: inNamespace(object, name), keys: keysOf(spec), adds: creationPolicy === 'Merge' };
  }
  for (const object of view.of(CERTIFICATE)) {
    const { secretName = '', keystores, additionalOutputFormats } = object.manifest.spec as CertificateSpec;
    const keys = keystores || additionalOutputFormats ? 'any' : OF_A_CERTIFICATE;
    yield { object, secret: inNamespace(object, secretName), keys, adds: false };
  }
  for (const object of view.of(INGRESS)) {
    const { annotations = {} } = object.manifest.metadata;
    if (!Object.keys(ISSUED_BY).some(key => annotations[key])) continue;
    const { tls = [] } = object.manifest.spec as IngressSpec;
    for (const name of new Set(tls.map(({ secretName }) => secretName)))
      yield { object, secret: inNamespace(object, name ?? ''), keys: OF_A_CERTIFICATE, adds: false };
  }
  // A Secret object with data is a finding of its own (no-secret-data), and without data somebody fills it.
  for (const object of view.of('v1/Secret'))
    yield { object, secret: inNamespace(object, object.manifest.metadata.name), keys: 'any', adds: false };
}

function inNamespace({ manifest }: Rendered, name: string): string {
  return `${manifest.metadata.namespace}/${name}`;
}

function keysOf({ data = [], dataFrom = [], target }: ExternalSecretSpec): Keys {
  const { template } = target ?? {};
  if (template?.templateFrom) return 'any';
  const written = Object.keys(template?.data ?? {});
  if (written.length > 0 && template?.mergePolicy !== 'Merge') return new Set(written);
  if (dataFrom.length > 0) return 'any';
  return new Set([...data.map(({ secretKey }) => secretKey), ...written]);
}
