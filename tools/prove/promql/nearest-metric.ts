import { nearest } from '../nearest.ts';

/** The name that may have been meant: a letter or two off, else one that shares most of its words (`pg_replication_lag`, once renamed to end in `_seconds`). */
export function nearestMetric(name: string, names: Iterable<string>): string | undefined {
  const all = [...names];
  const close = nearest(name, all);
  if (close) return close;
  const words = new Set(name.split(/[_:]/));
  let best: string | undefined;
  let most = 0.6;
  for (const other of all) {
    const parts = new Set(other.split(/[_:]/));
    const shared = [...parts].filter(part => words.has(part)).length;
    const share = shared / Math.max(parts.size, words.size);
    if (share > most) [best, most] = [other, share];
  }
  return best;
}
