import type { IngressSpec } from '../../../imports/kubernetes.ts';
import { CERTIFICATE, type CertificateSpec, EXTERNAL_SECRET, type ExternalSecretSpec, ISSUED_BY } from './custom.ts';
import { INGRESS } from './host-claims.ts';
import type { View } from './view.ts';

/** What is known of a Secret's keys; `any` where only the cluster will know. */
export type Keys = ReadonlySet<string> | 'any';

const OF_A_CERTIFICATE = new Set(['ca.crt', 'tls.crt', 'tls.key']);

/** The Secrets that controllers will make from a unit's objects, by `namespace/name`: none is in the repository. */
export function madeSecrets(view: View): ReadonlyMap<string, Keys> {
  const made = new Map<string, Keys>();
  for (const { manifest } of view.of(EXTERNAL_SECRET)) {
    const spec = manifest.spec as ExternalSecretSpec;
    if (spec.target?.creationPolicy === 'None') continue;
    made.set(`${manifest.metadata.namespace}/${spec.target?.name ?? manifest.metadata.name}`, keysOf(spec));
  }
  for (const { manifest } of view.of(CERTIFICATE)) {
    const { secretName, keystores, additionalOutputFormats } = manifest.spec as CertificateSpec;
    made.set(
      `${manifest.metadata.namespace}/${secretName}`,
      keystores || additionalOutputFormats ? 'any' : OF_A_CERTIFICATE,
    );
  }
  for (const { manifest } of view.of(INGRESS)) {
    const { annotations = {}, namespace } = manifest.metadata;
    if (!Object.keys(ISSUED_BY).some(key => annotations[key])) continue;
    for (const { secretName } of (manifest.spec as IngressSpec).tls ?? [])
      made.set(`${namespace}/${secretName}`, OF_A_CERTIFICATE);
  }
  // A Secret object with data is a finding of its own (no-secret-data), and without data somebody fills it.
  for (const { manifest } of view.of('v1/Secret'))
    made.set(`${manifest.metadata.namespace}/${manifest.metadata.name}`, 'any');
  return made;
}

function keysOf({ data = [], dataFrom = [], target }: ExternalSecretSpec): Keys {
  const { template } = target ?? {};
  if (template?.templateFrom) return 'any';
  const written = Object.keys(template?.data ?? {});
  if (written.length > 0 && template?.mergePolicy !== 'Merge') return new Set(written);
  if (dataFrom.length > 0) return 'any';
  return new Set([...data.map(({ secretKey }) => secretKey), ...written]);
}
