import type { RunningPod } from '../pods/pod.ts';

/** A client that writes all the time. */
export interface Writer {
  /** The longest time between two writes that were acknowledged, in seconds; that since the last one counts too. */
  gap(): number;
  /** The writes that were acknowledged: the key, and when, in seconds since 1970. */
  readonly acknowledged: readonly { readonly key: string; readonly at: number }[];
  readonly errors: ReadonlySet<string>;
  /** Forgets how long writes took. */
  reset(): void;
  /** Forgets that a key was acknowledged. */
  forget(key: string): void;
  stop(): void;
}

export function startWriter(client: RunningPod, by: 'sentinel' | 'url'): Writer {
  const process = client.spawn(['python3', '/opt/test/client.py', by]);
  let acknowledged: { key: string; at: number }[] = [];
  const errors = new Set<string>();
  let times: number[] = [];
  let rest = '';
  process.stderr?.on('data', chunk => errors.add(String(chunk)));
  process.stdout?.on('data', chunk => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const [time = '', key = '', ...said] = line.split(' ');
      if (said.join(' ') !== 'ok') errors.add(said.join(' '));
      else {
        acknowledged.push({ key, at: Number(time) });
        times.push(Number(time));
      }
    }
  });
  return {
    gap() {
      const all = [...times, Date.now() / 1000];
      return Math.max(...all.slice(1).map((time, index) => time - all[index]!));
    },
    get acknowledged() {
      return acknowledged;
    },
    errors,
    forget(key) {
      acknowledged = acknowledged.filter(each => each.key !== key);
    },
    reset() {
      times = times.slice(-1);
      errors.clear();
    },
    stop: () => void process.kill('SIGKILL'),
  };
}
