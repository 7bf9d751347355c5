import { request } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { freePorts } from '../../../tools/control-plane/processes.ts';
import type { CertificateAuthority } from '../pods/certificates.ts';
import { startMoto } from './moto.ts';

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

/**
 * @param address where it answers, at port 443
 * @param hosts its names, which the authority signs for
 * @param token for which STS gives the keys of a role
 * @throws where moto was not fetched
 */
export async function startS3(
  address: string,
  hosts: readonly string[],
  token: string,
  by: CertificateAuthority,
): Promise<S3> {
  const [port = 0] = await freePorts(1);
  const moto = await startMoto('127.0.0.1', port);

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
    bucket: moto.bucket,
    keys: moto.keys,
    setAvailable(now) {
      available = now;
      if (!now) for (const socket of sockets) socket.destroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise(done => front.close(done));
      await moto.stop();
    },
  };
}

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
