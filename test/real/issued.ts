import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Certificate, ExternalSecret } from '../../imports/custom.ts';
import type { Secret } from '../../imports/kubernetes.ts';
import type { Manifest } from '../../tools/render/manifest.ts';

/** Signs what cert-manager would: an authority of the test's own. */
export interface Authority {
  readonly ca: string;
  /** The Secret that a Certificate leads to; another key pair each time. */
  issue(certificate: Certificate): Secret;
}

const EXTENSIONS = 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\n';

export function authority(name = 'test authority'): Authority {
  const folder = mkdtempSync(path.join(tmpdir(), 'drydock-authority-'));
  try {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl(folder, [
      'req',
      '-x509',
      ...key,
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
      '-days',
      '30',
      '-subj',
      `/CN=${name}`,
    ]);
    const [caKey, ca] = ['ca.key', 'ca.crt'].map(file => readFileSync(path.join(folder, file), 'utf8')) as [
      string,
      string,
    ];
    return { ca, issue: certificate => issued(certificate, { ca, caKey }) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function issued({ metadata, spec }: Certificate, { ca, caKey }: { ca: string; caKey: string }): Secret {
  const folder = mkdtempSync(path.join(tmpdir(), 'drydock-certificate-'));
  try {
    const names = [
      ...(spec!.dnsNames ?? []).map(name => `DNS:${name}`),
      ...(spec!.uris ?? []).map(uri => `URI:${uri}`),
    ];
    writeFileSync(path.join(folder, 'ca.crt'), ca);
    writeFileSync(path.join(folder, 'ca.key'), caKey);
    writeFileSync(path.join(folder, 'ext'), `${EXTENSIONS}subjectAltName=${names.join(',')}\n`);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl(folder, ['req', '-new', ...key, '-keyout', 'key', '-out', 'csr', '-subj', `/CN=${spec!.commonName}`]);
    const signer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-days', '7', '-extfile', 'ext'];
    openssl(folder, ['x509', '-req', '-in', 'csr', '-out', 'crt', ...signer]);
    const [crt, tlsKey] = ['crt', 'key'].map(file => readFileSync(path.join(folder, file), 'utf8')) as [string, string];
    return secretOf(metadata!.namespace!, spec!.secretName, { 'tls.crt': crt, 'tls.key': tlsKey, 'ca.crt': ca });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function openssl(cwd: string, args: readonly string[]): void {
  execFileSync('openssl', args, { cwd, stdio: 'ignore' });
}

/** What External Secrets and cert-manager make of rendered objects; a value tells its path in the store, in letters that an address takes. */
export function issuedFor(objects: readonly Manifest[], by: Authority): Secret[] {
  return objects.flatMap(object => {
    if (object.kind === 'Certificate') return [by.issue(object as unknown as Certificate)];
    if (object.kind !== 'ExternalSecret') return [];
    const { spec } = object as unknown as ExternalSecret;
    const values = spec!.data!.map(({ secretKey, remoteRef }) => [secretKey, storedValue(remoteRef!.key)]);
    return [secretOf(object.metadata.namespace!, spec!.target!.name!, Object.fromEntries(values))];
  });
}

/** The made-up value of a key of the store. */
export function storedValue(key: string): string {
  return `value-of-${key.replaceAll(/[^A-Za-z0-9]/g, '-')}`;
}

function secretOf(namespace: string, name: string, values: Record<string, string>): Secret {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name }, stringData: values };
}
