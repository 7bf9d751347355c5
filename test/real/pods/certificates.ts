import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from '../../../imports/custom.ts';
import type { Secret } from '../../../imports/kubernetes.ts';

/** cert-manager, with one authority for every issuer. */
export interface CertificateAuthority {
  /** Its own certificate. */
  readonly ca: string;
  /**
   * The Secret that cert-manager would write: `tls.crt`, `tls.key`, `ca.crt`. Each call makes a new key and certificate, so a second one
   * is a renewal.
   * @param days how long it is valid
   */
  issue(certificate: Certificate, days?: number): Secret;
  /** For a program of the test itself, e.g. an object store. @param names DNS names */
  issueFor(...names: readonly string[]): { readonly cert: string; readonly key: string };
  remove(): void;
}

/** An authority of the run. A second one is another authority under the same name, e.g. for a change of roots. */
export function createAuthority(): CertificateAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-authority-'));
  const file = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(file(name), 'utf8');
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  newKey('ca.key', 'ECDSA', openssl);
  const root = ['-x509', '-key', 'ca.key', '-subj', '/CN=drydock tests', '-days', '30', '-out', 'ca.crt'];
  openssl('req', ...root, '-addext', 'keyUsage=critical,keyCertSign,cRLSign');

  const sign = ({ commonName = '', privateKey, names, usages, days }: Request) => {
    newKey('tls.key', privateKey?.algorithm ?? 'RSA', openssl);
    openssl('req', '-new', '-key', 'tls.key', '-subj', `/CN=${commonName}`, '-out', 'tls.csr');
    const lines = ['basicConstraints=CA:FALSE', ...extensions(usages)];
    // As cert-manager: without a subject the names are critical (RFC 5280, 4.2.1.6).
    if (names.length > 0) lines.push(`subjectAltName=${commonName === '' ? 'critical,' : ''}${names.join(',')}`);
    writeFileSync(file('extensions'), lines.join('\n'));
    const signing = [
      '-req',
      '-in',
      'tls.csr',
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      `${days}`,
    ];
    openssl('x509', ...signing, '-extfile', 'extensions', '-out', 'tls.crt');
    if (privateKey?.encoding !== 'PKCS8') openssl('pkey', '-in', 'tls.key', '-traditional', '-out', 'tls.key');
    return { cert: read('tls.crt'), key: read('tls.key') };
  };
  return {
    ca: read('ca.crt'),
    issue({ metadata, spec }, days = 1) {
      if (!spec) throw new Error(`Certificate ${metadata?.name}: it has no spec; write one`);
      const { commonName, privateKey, dnsNames = [], ipAddresses = [], uris = [], usages = USAGES, secretName } = spec;
      const names = [
        ...dnsNames.map(name => `DNS:${name}`),
        ...ipAddresses.map(address => `IP:${address}`),
        ...uris.map(uri => `URI:${uri}`),
      ];
      const { cert, key } = sign({ commonName, privateKey, names, usages, days });
      return {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: secretName, namespace: metadata?.namespace, ...spec.secretTemplate },
        type: 'kubernetes.io/tls',
        stringData: { 'tls.crt': cert, 'tls.key': key, 'ca.crt': read('ca.crt') },
      };
    },
    issueFor: (...names) =>
      sign({ commonName: names[0], names: names.map(nameOf), usages: ['server auth'], days: 1, privateKey: PKCS8 }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

interface Request {
  readonly commonName?: string;
  readonly privateKey?: NonNullable<Certificate['spec']>['privateKey'];
  readonly names: readonly string[];
  readonly usages: readonly string[];
  readonly days: number;
}

/** cert-manager's where the Certificate names none. */
const USAGES = ['digital signature', 'key encipherment'];

const PKCS8 = { algorithm: 'ECDSA', encoding: 'PKCS8' } as const;

function nameOf(name: string): string {
  return /^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`;
}

function newKey(out: string, algorithm: string, openssl: (...args: string[]) => void): void {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    ECDSA: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    Ed25519: ['ED25519'],
    RSA: ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  };
  openssl('genpkey', '-algorithm', ...(kinds[algorithm] ?? []), '-out', out);
}

function extensions(usages: readonly string[]): string[] {
  const key: Readonly<Record<string, string>> = {
    'digital signature': 'digitalSignature',
    'key encipherment': 'keyEncipherment',
    'key agreement': 'keyAgreement',
  };
  const extended: Readonly<Record<string, string>> = { 'server auth': 'serverAuth', 'client auth': 'clientAuth' };
  const line = (name: string, words: Readonly<Record<string, string>>) => {
    const said = usages.flatMap(usage => words[usage] ?? []);
    return said.length === 0 ? [] : [`${name}=${said.join(',')}`];
  };
  const unknown = usages.filter(usage => !(usage in key || usage in extended));
  if (unknown.length > 0)
    throw new Error(`usages ${unknown.join(', ')} are not known; add them to test/real/pods/certificates.ts`);
  return [...line('keyUsage', key), ...line('extendedKeyUsage', extended)];
}
