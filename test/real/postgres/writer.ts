import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { patroniFolder } from '../../../tools/control-plane/patroni.ts';

/** A row that a server acknowledged. */
export interface Acknowledged {
  /** Seconds since 1970. */
  readonly at: number;
  readonly id: number;
  readonly host: string;
}

export interface Writer {
  readonly acknowledged: readonly Acknowledged[];
  stop(): void;
}

/** A client on this machine that writes as fast as it is answered: writer.py. */
export function startWriter(of: {
  readonly hosts: readonly string[];
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly first: number;
}): Writer {
  const child: ChildProcess = spawn(
    'python3',
    [fileURLToPath(new URL('writer.py', import.meta.url)), String(of.first), ...of.hosts],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        PYTHONPATH: patroniFolder(),
        PGDATABASE: of.database,
        PGUSER: of.user,
        PGPASSWORD: of.password,
        PGSSLMODE: 'require',
      },
    },
  );
  const acknowledged: Acknowledged[] = [];
  let rest = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [at, id, host = ''] = line.split(' ');
      acknowledged.push({ at: Number(at), id: Number(id), host });
    }
  });
  return { acknowledged, stop: () => void child.kill() };
}

/** The longest time in seconds between two acknowledged rows, from a moment on; what has lasted until now counts, too. */
export function longestGap(rows: readonly Acknowledged[], sinceSeconds: number): number {
  const times = [sinceSeconds, ...rows.map(({ at }) => at).filter(at => at >= sinceSeconds), Date.now() / 1000];
  return Math.max(...times.slice(1).map((at, index) => at - times[index]!));
}
