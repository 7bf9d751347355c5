import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Process {
  /** As this machine counts. */
  readonly pid: number;
  readonly command: string;
}

/** What opens a container's namespaces to a command: a program named so is not the container's own. */
export const DOOR_NAME = 'door-of-a-container';

export async function killAll(processes: () => Process[]): Promise<void> {
  for (let left = processes(); left.length > 0; left = processes()) {
    for (const { pid } of left) send(pid, 'SIGKILL');
    await sleep(5);
  }
}

/** Signals a process of this machine; one that has ended is no error. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return undefined; // it has ended
  }
}

/** What brings processes into the namespace, and stays until they end, is not of the container. */
function isDoor(command: string): boolean {
  return (
    command.startsWith('nsenter --target ') || (command.startsWith('sh -c ') && command.includes(` ${DOOR_NAME} `))
  );
}

export function processesIn(namespace: string): Process[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && namespaceOf(Number(name)) === namespace)
    .map(name => ({ pid: Number(name), command: commandOf(name) }))
    .filter(({ command }) => !isDoor(command));
}

/** What `ps` shows: the arguments, which a program may have rewritten into its title. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** A process and what it started, and they. */
export function treeOf(root: number): number[] {
  const parents = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => [Number(name), parentOf(name)] as const);
  const found = [root];
  for (const pid of found) found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
  return found;
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) . /s, '')
        .split(' ')[0],
    );
  } catch {
    return undefined;
  }
}
