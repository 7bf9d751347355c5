import { moto } from '../../../tools/control-plane/object-stores.ts';
import { nest } from '../../../tools/control-plane/processes.ts';
import { until } from '../pods/until.ts';

/** An emulator of S3, and what a test does in it past every right. */
export interface Moto {
  /** Makes a bucket. */
  bucket(name: string): Promise<void>;
  /** The keys of a bucket's objects. */
  keys(bucket: string): Promise<string[]>;
  /** @param path the bucket and the key */
  get(path: string): Promise<Buffer>;
  /** @param path the bucket and the key */
  put(path: string, body: Buffer<ArrayBuffer>): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param env settings of moto's own
 * @throws where it was not fetched
 */
export async function startMoto(host: string, port: number, env: NodeJS.ProcessEnv = {}): Promise<Moto> {
  const packages = moto();
  const home = nest();
  home.start('moto', '/usr/bin/python3', ['-m', 'moto.server', '-H', host, '-p', String(port)], {
    ...env,
    PYTHONPATH: packages,
  });
  const ask = async (path: string, method = 'GET', body?: Buffer<ArrayBuffer>) => {
    const answer = await fetch(`http://${host}:${port}/${path}`, { method, headers: SIGNED, body });
    if (!answer.ok) throw new Error(`moto: ${method} ${path}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  await until('moto answers', () => ask(''), 30);
  return {
    bucket: async name => void (await ask(name, 'PUT')),
    async keys(bucket) {
      const text = String(await ask(`${bucket}?list-type=2&max-keys=100000`));
      return [...text.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, found]) => found!);
    },
    get: path => ask(path),
    put: async (path, body) => void (await ask(path, 'PUT', body)),
    stop: () => home.stop(),
  };
}

/** moto looks for the service in the signature of a request, and believes every signature. */
const SIGNED = {
  Authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
};
