import { nearest } from '../nearest.ts';

/** The name that may have been meant: a letter or two off, else one that shares most of its words (`pg_replication_lag`, once renamed to end in `_seconds`). */
export function nearestMetric(name: string, names: Iterable<string>): string | undefined {
  const all = [...names];
  const close = nearest(name, all);
  if (close) return close;
  const words = new Set(name.split(/[_:]/));
  const [first] = words;
  let best: string | undefined;
  let most = 0.6;
  for (const other of all) {
    const parts = new Set(other.split(/[_:]/));
    const shared = [...parts].filter(part => words.has(part)).length;
    // What begins alike is of the same program.
    const share = shared / Math.max(parts.size, words.size) + (other.startsWith(`${first}_`) ? 0.1 : 0);
    if (share > most) [best, most] = [other, share];
  }
  return best;
}
