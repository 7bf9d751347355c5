import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { nest } from '../../../tools/control-plane/processes.ts';
import { until } from '../pods/until.ts';
import { BUCKET } from './fixture.ts';

/** Why there is none on this machine, if there is none. */
export function withoutStore(): string | undefined {
  const missing = ['moto_server', 'rclone'].filter(name => spawnSync('which', [name]).status !== 0);
  return missing.length > 0 ? `${missing.join(' and ')} missing; run \`npm run test:tools\`` : undefined;
}

/** An object store that speaks S3, with one bucket. */
export interface Store {
  keys(): string[];
  /** Turns one byte of a dump, and packs it again. */
  damage(key: string): void;
  stop(): Promise<void>;
}

/** @param address where it answers, at port 5001 */
export async function startStore(address: string): Promise<Store> {
  const home = nest();
  // Else it takes the first part of its own name for a bucket.
  home.start('moto', 'env', ['S3_IGNORE_SUBDOMAIN_BUCKETNAME=true', 'moto_server', '-H', address, '-p', '5001']);
  const folder = mkdtempSync(join(tmpdir(), 'drydock-store-'));
  const rclone = (...args: string[]) =>
    execFileSync('rclone', args, {
      encoding: 'utf8',
      stdio: 'pipe',
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        RCLONE_CONFIG_STORE_TYPE: 's3',
        RCLONE_CONFIG_STORE_PROVIDER: 'Other',
        RCLONE_CONFIG_STORE_ACCESS_KEY_ID: 'any',
        RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: 'any',
        RCLONE_CONFIG_STORE_ENDPOINT: `http://${address}:5001`,
      },
    });
  await until('the store answers', () => fetch(`http://${address}:5001/moto-api/`).then(({ ok }) => ok), 30);
  rclone('mkdir', `store:${BUCKET}`);
  return {
    keys: () => rclone('lsf', '-R', '--files-only', `store:${BUCKET}`).trim().split('\n'),
    damage(key) {
      const file = join(folder, 'dump');
      rclone('copyto', `store:${BUCKET}/${key}`, file);
      const dump = gunzipSync(readFileSync(file));
      dump[Math.floor(dump.length / 2)]! ^= 1;
      writeFileSync(file, gzipSync(dump));
      rclone('copyto', '--ignore-times', file, `store:${BUCKET}/${key}`);
    },
    async stop() {
      await home.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
