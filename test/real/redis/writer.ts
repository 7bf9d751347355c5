import type { RunningPod } from '../pods/pod.ts';

/** A client that writes all the time. */
export interface Writer {
  /** The longest time between two writes that were acknowledged, in seconds; that since the last one counts too. */
  gap(): number;
  /** Keys of which the write was acknowledged. */
  readonly acknowledged: readonly string[];
  readonly errors: ReadonlySet<string>;
  /** Forgets what was. */
  reset(): void;
  stop(): void;
}

export function startWriter(client: RunningPod, by: 'sentinel' | 'url'): Writer {
  const process = client.spawn(['python3', '/opt/test/client.py', by]);
  const acknowledged: string[] = [];
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
        acknowledged.push(key);
        times.push(Number(time));
      }
    }
  });
  return {
    gap() {
      const all = [...times, Date.now() / 1000];
      return Math.max(...all.slice(1).map((time, index) => time - all[index]!));
    },
    acknowledged,
    errors,
    reset() {
      times = times.slice(-1);
      errors.clear();
    },
    stop: () => void process.kill('SIGKILL'),
  };
}
