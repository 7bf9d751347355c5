import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for what must come about, asking every 50 ms; an error counts as not yet.
 * @returns the first answer that is neither false nor nothing
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  withinSeconds = 30,
): Promise<Exclude<T, false | undefined | null>> {
  const deadline = Date.now() + withinSeconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      last = await ask();
      if (last !== false && last !== undefined && last !== null) return last as Exclude<T, false | undefined | null>;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${withinSeconds} s: ${what}; last: ${last}`);
    await sleep(50);
  }
}
