import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from './client.ts';

/** Enough hash tags to meet every shard. */
export const TAGS = 'abcdefghijkl'.split('');

/** What a writer saw: keys that were acknowledged, errors, and the longest time that a tag's writes waited for. */
export interface Written {
  readonly acknowledged: readonly string[];
  readonly errors: readonly string[];
  readonly longestGapMs: number;
}

/**
 * Writes to every shard, key after key, until it is stopped.
 * @param copies of the write that are waited for (WAIT); a write that fewer have counts as not acknowledged
 */
export function startWriter(client: ClusterClient, name: string, copies = 0): () => Promise<Written> {
  const acknowledged: string[] = [];
  const errors: string[] = [];
  let longestGapMs = 0;
  let going = true;
  const each = async (tag: string) => {
    let last = Date.now();
    for (let n = 0; going; n++) {
      const key = `${name}:{${tag}}:${n}`;
      const wait = copies > 0 ? [['WAIT', String(copies), '500']] : [];
      try {
        const [, had = copies] = await client.send(tag, ['SET', key, key], ...wait);
        if (Number(had) >= copies) {
          acknowledged.push(key);
          longestGapMs = Math.max(longestGapMs, Date.now() - last);
          last = Date.now();
        }
      } catch (error) {
        errors.push((error as Error).message);
        await sleep(50);
      }
      await sleep(20);
    }
    longestGapMs = Math.max(longestGapMs, Date.now() - last);
  };
  const done = Promise.all(TAGS.map(each));
  return async () => {
    going = false;
    await done;
    return { acknowledged, errors, longestGapMs };
  };
}

/** Of some keys those whose value is not there. */
export async function missing(client: ClusterClient, keys: readonly string[]): Promise<string[]> {
  const lost: string[] = [];
  for (const tag of TAGS) {
    const own = keys.filter(key => key.includes(`{${tag}}`));
    for (let at = 0; at < own.length; at += 500) {
      const some = own.slice(at, at + 500);
      const [values] = (await client.send(tag, ['MGET', ...some])) as [string[]];
      lost.push(...some.filter((key, i) => values[i] !== key));
    }
  }
  return lost;
}
