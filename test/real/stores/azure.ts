import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { azurite } from '../../../tools/control-plane/object-stores.ts';
import { nest } from '../../../tools/control-plane/processes.ts';
import { until } from '../pods/until.ts';

/** What stands for Azure's blob store: azurite, over TLS. */
export interface Azure {
  /** Makes a container. */
  container(name: string): Promise<void>;
  /** The names of a container's blobs. */
  blobs(container: string): Promise<string[]>;
  /** Away, as in an outage of its cloud; for good. */
  stop(): Promise<void>;
}

/** The one account that azurite knows, with the key that its README publishes. */
export const ACCOUNT = 'devstoreaccount1';
export const ACCOUNT_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const VERSION = '2021-08-06';

/**
 * @param address where it answers, at `port`
 * @param signed what an authority issued for its names
 */
export async function startAzure(address: string, port: number, signed: { cert: string; key: string }): Promise<Azure> {
  const home = nest();
  const file = (name: string) => join(home.folder, name);
  writeFileSync(file('cert'), signed.cert);
  writeFileSync(file('key'), signed.key);
  const listen = ['--blobHost', address, '--blobPort', String(port), '--cert', file('cert'), '--key', file('key')];
  // Else it takes the first part of a host's name for the account.
  const quiet = [
    '--disableProductStyleUrl',
    '--silent',
    '--skipApiVersionCheck',
    '--disableTelemetry',
    '--location',
    file('data'),
  ];
  home.start('azurite', process.execPath, [azurite(), ...listen, ...quiet]);

  const ask = async (method: string, container: string, query: Readonly<Record<string, string>>) => {
    const date = new Date().toUTCString();
    const headers = { 'x-ms-date': date, 'x-ms-version': VERSION };
    const said = Object.entries({ ...query }).map(([name, value]) => `\n${name}:${value}`);
    const resource = `/${ACCOUNT}/${ACCOUNT}/${container}${said.sort().join('')}`;
    const text = `${method}${'\n'.repeat(12)}x-ms-date:${date}\nx-ms-version:${VERSION}\n${resource}`;
    const signature = createHmac('sha256', Buffer.from(ACCOUNT_KEY, 'base64')).update(text).digest('base64');
    const url = `https://${address}:${port}/${ACCOUNT}/${container}?${new URLSearchParams(query)}`;
    return insecure(url, method, { ...headers, Authorization: `SharedKey ${ACCOUNT}:${signature}` });
  };
  await until('azurite answers', () => ask('GET', 'nothing', { restype: 'container' }), 30);
  return {
    async container(name) {
      const { status, body } = await ask('PUT', name, { restype: 'container' });
      if (status !== 201) throw new Error(`azurite: container ${name}: ${status} ${body}`);
    },
    async blobs(container) {
      const { body } = await ask('GET', container, { restype: 'container', comp: 'list' });
      return [...body.matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, name]) => name!);
    },
    stop: () => home.stop(),
  };
}

/** By address, to which no certificate is given. */
async function insecure(url: string, method: string, headers: Record<string, string>) {
  return new Promise<{ status: number; body: string }>((done, failed) => {
    const sent = request(
      url,
      { method, headers: { ...headers, 'Content-Length': '0' }, rejectUnauthorized: false },
      got => {
        const parts: Buffer[] = [];
        got.on('data', (part: Buffer) => parts.push(part));
        got.on('end', () => done({ status: got.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
      },
    );
    sent.on('error', failed);
    sent.end();
  });
}
