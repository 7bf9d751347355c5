import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DOOR_NAME, killAll, namespaceOf, type Process, processesIn, send, treeOf } from './processes.ts';
import type { Image } from './programs.ts';
import { type Mount, quote, rootScript } from './root.ts';

export interface ContainerOptions {
  /** The process that holds the pod's namespaces. */
  readonly sandbox: number;
  /** One process namespace for the whole pod. */
  readonly sharesProcesses: boolean;
  /** The container's own folder on this machine. */
  readonly folder: string;
  readonly log: string;
  readonly image: Image;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly user: User;
  readonly mounts: readonly Mount[];
  readonly readOnlyRoot: boolean;
}

export interface User {
  readonly id: number;
  readonly group: number;
  readonly groups: readonly number[];
  readonly noNewPrivileges: boolean;
}

/** How a container ended: its exit code, 128 and the signal's number where a signal ended it. */
export type ExitCode = number;

export interface Execution {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly input?: string | Buffer;
  /** Beside the container's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Then it is killed, with code 124. @default 60 */
  readonly timeoutSeconds?: number;
}

/** One run of a container's processes. */
export interface RunningContainer {
  /** Its PID 1 as this machine counts. */
  readonly pid: number;
  readonly startedAt: number;
  /** Set once it ended. */
  readonly exitCode: ExitCode | undefined;
  readonly ended: Promise<ExitCode>;
  processes(): Process[];
  /** To PID 1, which as in any container ignores what it has no handler for, but for SIGKILL and SIGSTOP. */
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL to every process. */
  kill(): Promise<void>;
  exec(argv: readonly string[], options?: ExecOptions): Promise<Execution>;
  /** A process beside the container's own, as its user, in its environment. */
  spawn(argv: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
}

const STARTS_WITHIN_MS = 20_000;
const SIGNALS: Readonly<Record<string, number>> = {
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

/**
 * Its first child is PID 1 of the new namespace. A shell, not `unshare --fork`, which loses the signal that ended its child; and not
 * nothing, since nsenter stops together with its own child, and we stop processes.
 */
const DOOR = 'sh -ec "$1" & wait $!';

/** @throws where its root cannot be made; a program that ends at once is no error */
export async function startContainer(options: ContainerOptions): Promise<RunningContainer> {
  const { sandbox, folder, log, env, user, workingDir } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'layer'), { recursive: true });
  const output = openSync(log, 'a');
  chmodSync(log, 0o666); // a program may open /dev/stdout
  const script = `
read -r pid rest < /proc/self/stat
exec 3> ${quote(join(folder, 'pid'))}
cd ${quote(join(folder, 'layer'))}
${rootScript(options.image, options.mounts, options.readOnlyRoot)}
mkdir -p ${quote(workingDir)} 2>/dev/null || true
echo $pid >&3
exec 3>&-
exec ${asUser(user, env, workingDir, options.argv).map(quote).join(' ')}
`;
  const child = spawn(
    'nsenter',
    [
      ...['--target', String(sandbox), '--mount', '--net', '--uts', '--ipc', '--pid'],
      ...['unshare', '--mount', ...(options.sharesProcesses ? [] : ['--pid']), 'sh', '-c', DOOR, DOOR_NAME, script],
    ],
    { stdio: ['ignore', output, output] },
  );
  closeSync(output);
  child.unref();
  let exitCode: ExitCode | undefined;
  let namespace: string | undefined;
  const processes = () => (namespace === undefined ? [] : processesIn(namespace));
  const ended = new Promise<ExitCode>(done => {
    child.once('error', () => done(127));
    child.once('exit', (code, signal) => done(code ?? 128 + (SIGNALS[signal ?? ''] ?? 0)));
  }).then(async code => {
    // Where the pod shares its process namespace others outlive its first; else the kernel has ended them, and may have given the
    // number of the namespace to another already.
    if (options.sharesProcesses) await killAll(processes);
    namespace = undefined;
    exitCode = code;
    return code;
  });
  const pid = await pidIn(join(folder, 'pid'), () => exitCode, log);
  namespace = namespaceOf(pid);

  const spawnBeside: RunningContainer['spawn'] = (argv, more = {}) =>
    spawn('nsenter', [
      ...['--target', String(pid), '--mount', '--net', '--uts', '--ipc', '--pid', '--'],
      // So that whoever ends nsenter ends the command.
      ...asUser(user, { ...env, ...more }, workingDir, argv, ['--pdeathsig=KILL']),
    ]);
  return {
    pid,
    startedAt: Date.now(),
    get exitCode() {
      return exitCode;
    },
    ended,
    processes,
    signal: signal => void send(pid, signal),
    async kill() {
      if (options.sharesProcesses) await killAll(processes);
      else if (exitCode === undefined) send(pid, 'SIGKILL');
      await ended;
    },
    spawn: spawnBeside,
    exec: (argv, { input, env: more, timeoutSeconds = 60 } = {}) =>
      resultOf(spawnBeside(argv, more), input, timeoutSeconds),
  };
}

function asUser(
  { id, group, groups, noNewPrivileges }: User,
  env: Readonly<Record<string, string>>,
  workingDir: string,
  argv: readonly string[],
  options: readonly string[] = [],
): string[] {
  return [
    ...['/usr/bin/setpriv', ...options, `--reuid=${id}`, `--regid=${group}`],
    groups.length > 0 ? `--groups=${groups.join(',')}` : '--clear-groups',
    ...['--inh-caps=-all', '--bounding-set=-all', ...(noNewPrivileges ? ['--no-new-privs'] : []), '--'],
    ...[
      '/usr/bin/env',
      '-i',
      `--chdir=${workingDir}`,
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ],
    ...argv,
  ];
}

async function pidIn(file: string, exitCode: () => ExitCode | undefined, log: string): Promise<number> {
  const deadline = Date.now() + STARTS_WITHIN_MS;
  for (;;) {
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    if (text !== '') return Number(text);
    const code = exitCode();
    if (code !== undefined || Date.now() > deadline)
      throw new Error(
        `${log}: the container did not start (code ${code}); its last words:\n${readFileSync(log, 'utf8').slice(-2000)}`,
      );
    await sleep(5);
  }
}

function resultOf(child: ChildProcess, input: string | Buffer | undefined, timeoutSeconds: number): Promise<Execution> {
  return new Promise(done => {
    const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream]?.on('data', (chunk: Buffer) => chunks[stream].push(chunk));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      for (const pid of child.pid === undefined ? [] : treeOf(child.pid)) send(pid, 'SIGKILL');
    }, timeoutSeconds * 1000);
    child.once('error', error => chunks.stderr.push(Buffer.from(error.message)));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const text = (stream: 'stdout' | 'stderr') => Buffer.concat(chunks[stream]).toString();
      const ended = code ?? 128 + (SIGNALS[signal ?? ''] ?? 0);
      done({ code: late ? 124 : ended, stdout: text('stdout'), stderr: text('stderr') });
    });
    child.stdin?.on('error', () => {}); // it did not want to read
    child.stdin?.end(input);
  });
}
