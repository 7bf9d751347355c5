import { gunzipSync, gzipSync } from 'node:zlib';
import { startMoto } from '../stores/moto.ts';
import { BUCKET } from './fixture.ts';

/** An object store that speaks S3, with one bucket. */
export interface Store {
  keys(): Promise<string[]>;
  /** Turns one byte of a dump, and packs it again. */
  damage(key: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param address where it answers, at port 5001
 * @throws where moto was not fetched
 */
export async function startStore(address: string): Promise<Store> {
  // Else it takes the first part of its own name for a bucket.
  const moto = await startMoto(address, 5001, { S3_IGNORE_SUBDOMAIN_BUCKETNAME: 'true' });
  await moto.bucket(BUCKET);
  return {
    keys: () => moto.keys(BUCKET),
    async damage(key) {
      const dump = gunzipSync(await moto.get(`${BUCKET}/${key}`));
      dump[Math.floor(dump.length / 2)]! ^= 1;
      await moto.put(`${BUCKET}/${key}`, gzipSync(dump));
    },
    stop: () => moto.stop(),
  };
}
