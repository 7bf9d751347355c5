import { request } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { moto } from '../../../tools/control-plane/object-stores.ts';
import { freePorts, nest } from '../../../tools/control-plane/processes.ts';
import type { CertificateAuthority } from '../pods/certificates.ts';
import { until } from '../pods/until.ts';

/** What somebody did, as IAM says it. */
export interface Request {
  readonly role: string;
  readonly action: 's3:GetObject' | 's3:PutObject' | 's3:DeleteObject' | 's3:ListBucket';
  /** The object, or what a listing was asked for. */
  readonly key: string;
}

/** What stands for S3 and STS of AWS: moto, behind TLS with the names that AWS has, and with roles for whoever has the token. */
export interface S3 {
  /** In the order in which they came. */
  readonly requests: readonly Request[];
  /** Makes a bucket. */
  bucket(name: string): Promise<void>;
  /** The keys of a bucket's objects. */
  keys(bucket: string): Promise<string[]>;
  /** Whether anybody who asks gets an answer. */
  setAvailable(available: boolean): void;
  stop(): Promise<void>;
}

/** Why there is none on this machine, if there is none. */
export function withoutS3(): string | undefined {
  try {
    moto();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * @param address where it answers, at port 443
 * @param hosts its names, which the authority signs for
 * @param token for which STS gives the keys of a role
 */
export async function startS3(
  address: string,
  hosts: readonly string[],
  token: string,
  by: CertificateAuthority,
): Promise<S3> {
  const home = nest();
  const [port = 0] = await freePorts(1);
  home.start('moto', '/usr/bin/python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    PYTHONPATH: moto(),
  });
  const ask = async (path: string, method = 'GET') => {
    const answer = await fetch(`http://127.0.0.1:${port}/${path}`, { method, headers: SIGNED });
    if (!answer.ok) throw new Error(`moto: ${method} ${path}: ${answer.status}`);
    return answer.text();
  };
  await until('moto answers', () => ask(''), 30);

  let available = true;
  const sockets = new Set<Socket>();
  const requests: Request[] = [];
  const front = createServer(by.issueFor(...hosts), (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    if (headers.host?.startsWith('sts.')) {
      outgoing.end(assumed(new URL(url, 'https://sts').searchParams, token));
      return;
    }
    requests.push(requestOf(method, url, headers.authorization));
    const inner = request({ host: '127.0.0.1', port, method, path: url, headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    inner.on('error', () => outgoing.destroy());
    incoming.pipe(inner);
  });
  front.on('connection', (socket: Socket) => {
    if (!available) socket.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>(done => front.listen(443, address, done));
  return {
    requests,
    bucket: async name => void (await ask(name, 'PUT')),
    async keys(bucket) {
      const text = await ask(`${bucket}?list-type=2&max-keys=100000`);
      return [...text.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, found]) => found!);
    },
    setAvailable(now) {
      available = now;
      if (!now) for (const socket of sockets) socket.destroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise(done => front.close(done));
      await home.stop();
    },
  };
}

/** moto looks for the service in the signature of a request, and believes every signature. */
const SIGNED = {
  Authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
};

/** What STS answers to AssumeRoleWithWebIdentity (docs.aws.amazon.com): the key's name tells the role. */
function assumed(asked: URLSearchParams, token: string): string {
  if (asked.get('WebIdentityToken') !== token)
    return '<ErrorResponse><Error><Code>InvalidIdentityToken</Code></Error></ErrorResponse>';
  const name = asked.get('RoleArn')!.replace(/^.*\//, '');
  const keys = `<AccessKeyId>${name}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>`;
  const until = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '');
  return `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>${keys}<Expiration>${until}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
}

function requestOf(method: string, url: string, authorization = ''): Request {
  const { pathname, searchParams } = new URL(url, 'https://s3');
  const role = /Credential=([^/]+)/.exec(authorization)?.[1] ?? 'nobody';
  const key = decodeURIComponent(pathname.slice(1));
  if (method === 'GET' && key === '') return { role, action: 's3:ListBucket', key: searchParams.get('prefix') ?? '' };
  // Several at once are deleted by POST, an object in parts is put by it.
  if (method === 'DELETE' || searchParams.has('delete')) return { role, action: 's3:DeleteObject', key };
  return { role, action: method === 'GET' || method === 'HEAD' ? 's3:GetObject' : 's3:PutObject', key };
}
