import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A temp folder and the processes that live in it, which never outlive this process, however it ends.
 *
 * A small shell beside us reads process ids from a pipe. The pipe closes when we stop it, exit, crash or are killed; then the shell kills
 * what it was told of and removes the folder. Handlers of our own would not run on SIGKILL, nor in a test runner's worker.
 */
export interface Nest {
  readonly folder: string;
  /** Starts a program with the folder as its working folder; output goes to `<name>.log` there. */
  start(name: string, program: string, args: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess;
  /** The last lines a program wrote. */
  tail(name: string, lines?: number): string;
  /** Kills the programs and removes the folder. */
  stop(): Promise<void>;
}

const KEEPER = `
while read -r pid; do pids="$pids $pid"; done
[ -n "$pids" ] && kill -9 $pids 2>/dev/null
rm -rf "$1" 2>/dev/null || { sleep 1; rm -rf "$1"; }
`;

export function nest(): Nest {
  // In memory where there is a RAM disk: etcd writes a lot, and nothing here has to survive.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'drydock-'));
  // Detached: Ctrl-C goes to the whole foreground group, and the keeper has to outlive it.
  const keeper = spawn('sh', ['-c', KEEPER, 'drydock-keeper', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const kept = new Promise<void>(done => keeper.once('exit', () => done()));
  keeper.unref();
  return {
    folder,
    start(name, program, args, env) {
      const log = openSync(join(folder, `${name}.log`), 'a');
      const child = spawn(program, args, { cwd: folder, stdio: ['ignore', log, log], env: { ...process.env, ...env } });
      closeSync(log);
      child.unref();
      child.once('error', () => {}); // the missing pid says the same, and at once
      if (child.pid === undefined) throw new Error(`${program} cannot be started; is it a program of this machine?`);
      keeper.stdin.write(`${child.pid}\n`);
      return child;
    },
    tail(name, lines = 15) {
      return readFileSync(join(folder, `${name}.log`), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(-lines)
        .join('\n');
    },
    async stop() {
      keeper.ref();
      keeper.stdin.end();
      await kept;
    },
  };
}

/** Ports nobody listens on; asked for together, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
      return server;
    }),
  );
  const ports = servers.map(server => (server.address() as { port: number }).port);
  await Promise.all(servers.map(server => new Promise(done => server.close(done))));
  return ports;
}
