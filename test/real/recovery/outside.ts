import { request } from 'node:https';
import type { Site } from '../../../charts/index.ts';
import type { ExternalSecret } from '../../../imports/custom.ts';
import type { ConfigMap } from '../../../imports/kubernetes.ts';
import type { CertificateAuthority } from '../pods/certificates.ts';
import type { PodManifest } from '../pods/manifest.ts';
import type { PodNode } from '../pods/node.ts';
import { secretOf } from '../pods/secrets.ts';
import { ACCOUNT, ACCOUNT_KEY, type Azure, startAzure } from '../stores/azure.ts';
import { type S3, startS3 } from '../stores/s3.ts';

/** moto takes the first part of any other host for a bucket. */
const S3_HOST = 's3.us-east-1.amazonaws.com';

/** The stores of a cluster outside the clouds: one that speaks S3, one that speaks as Azure does. */
export const STORES: Site['objectStores'] = {
  backups: { provider: 's3', bucket: 'backups', region: 'us-east-1', endpoint: `https://${S3_HOST}` },
  cold: { provider: 'azure', account: ACCOUNT, bucket: 'cold', region: 'europe', endpoint: 'https://azure.test:10000' },
};

/** Both stores behind their names. */
export async function startStores(node: PodNode, authority: CertificateAuthority): Promise<{ s3: S3; azure: Azure }> {
  const [s3, azure] = await Promise.all([
    startS3(node.address, [S3_HOST], 'none', authority),
    startAzure(node.address, 10000, authority.issueFor('azure.test')),
  ]);
  node.setName(S3_HOST, node.address);
  node.setName('azure.test', node.address);
  await s3.bucket('backups');
  await azure.container('cold');
  return { s3, azure };
}

/** What External Secrets would write, with the one key that the store of the test looks at. */
export function secretFor(external: ExternalSecret) {
  return secretOf(external, key => (key.endsWith('/azure-key') ? ACCOUNT_KEY : undefined));
}

const AUTHORITIES = 'public-authorities';

export function authorities(namespace: string, ca: string): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: AUTHORITIES, namespace }, data: { 'ca.crt': ca } };
}

/** The authority of the test among those that the pods' programs trust: public stores have public certificates. */
export function trusting(pod: PodManifest): PodManifest {
  const { containers, volumes = [] } = pod.spec;
  const env = [{ name: 'SSL_CERT_FILE', value: '/etc/drydock/authorities/ca.crt' }];
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: containers.map(container => ({
        ...container,
        env: [...(container.env ?? []), ...env],
        volumeMounts: [
          ...(container.volumeMounts ?? []),
          { name: AUTHORITIES, mountPath: '/etc/drydock/authorities', readOnly: true },
        ],
      })),
      volumes: [...volumes, { name: AUTHORITIES, configMap: { name: AUTHORITIES, optional: true } }],
    },
  };
}

/** One object of a bucket, past every key: to look at, to spoil, to take away. */
export async function object(
  node: PodNode,
  method: 'GET' | 'PUT' | 'DELETE',
  path: string,
  body?: Buffer,
): Promise<Buffer> {
  return new Promise((done, failed) => {
    const options = {
      host: node.address,
      port: 443,
      path: `/${path}`,
      method,
      headers: SIGNED,
      rejectUnauthorized: false,
    };
    const sent = request(options, got => {
      const parts: Buffer[] = [];
      got.on('data', (part: Buffer) => parts.push(part));
      got.on('end', () => {
        if ((got.statusCode ?? 500) < 300) done(Buffer.concat(parts));
        else failed(new Error(`${method} ${path}: ${got.statusCode} ${Buffer.concat(parts)}`));
      });
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

/** moto goes by the service that a signature names, and believes it. */
const SIGNED = {
  Authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
};

/** Options that pgBackRest 2.45 does not know, or only with `--beta`. */
const LACKING = /^repo1-block=.*\n/gm;

/** A ConfigMap as 2.45 can load it; what is left out is printed. */
export function loadable(configMap: ConfigMap): ConfigMap {
  const entries = Object.entries(configMap.data ?? {}).map(([key, text]) => {
    for (const [line] of text.matchAll(LACKING))
      console.info(`left out of ${configMap.metadata?.name}: ${line.trim()}`);
    return [key, text.replace(LACKING, '')];
  });
  return { ...configMap, data: Object.fromEntries(entries) };
}
