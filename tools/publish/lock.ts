import fs from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asError, codeOf } from './errors.ts';
import { realPath } from './tree.ts';

/** Signals that end a process without telling its `exit` listeners. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface LockOptions {
  /** How long to wait for another publisher. @default 60 seconds; the largest fleets publish in about 2 */
  readonly waitSeconds?: number;
  /** Told once, if there is someone to wait for. @default waits in silence */
  readonly onWait?: (message: string) => void;
}

/**
 * One publisher at a time: from listing dist to its last rename, what a plan says must stay true. Returns the release, which also happens
 * by itself when the process ends, by error or by signal (publishing is synchronous: a signal is heard when it is done).
 *
 * The lock is the file `dist.lock`, which holds `<pid> <host>`; it names the folder dist really is, so links to it share the lock. A
 * process killed outright leaves it behind; on the same host the next one takes it over.
 *
 * @throws when the other publisher is not done in time, naming it.
 */
export async function lock(dist: string, { waitSeconds = 60, onWait }: LockOptions = {}): Promise<() => void> {
  const file = `${realPath(dist)}.lock`;
  const mine = `${process.pid} ${hostname()}\n`;
  const deadline = performance.now() + waitSeconds * 1000;
  let told = false;
  while (!take(file, mine)) {
    const holder = read(file);
    if (isDead(holder) && takeAway(file)) continue;
    if (!told && holder !== '') {
      told = true;
      onWait?.(`${basename(file)}: ${named(holder)} is publishing; waiting up to ${waitSeconds} s for it`);
    }
    if (performance.now() >= deadline) {
      const remedy = `delete ${basename(file)} and ${basename(guardOf(file))} if that is wrong, then synth again`;
      throw new Error(
        `${basename(file)}: ${named(holder)} is still publishing after ${waitSeconds} s; wait for it, or ${remedy}`,
      );
    }
    await sleep(holder === '' ? 5 : 50);
  }
  return releaser(file, mine);
}

function take(file: string, mine: string): boolean {
  try {
    const descriptor = fs.openSync(file, 'wx');
    try {
      fs.writeSync(descriptor, mine);
    } catch (error) {
      fs.rmSync(file, { force: true }); // a full disk: an empty lock would keep everybody out
      throw error;
    } finally {
      fs.closeSync(descriptor);
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw asError(error, basename(file));
  }
}

/**
 * Removes a dead holder's lock. Two who found the same dead holder must not both do it: the slower would remove the lock that the faster
 * has taken in the meantime. So only whoever makes the guard folder may remove, and looks again first. Now the file cannot change under
 * it: its owner is dead, all others need the guard, and nobody can create it while it exists. If the guard's maker is killed right here,
 * the guard stays and nobody takes over any more: a message for a person then, never two publishers.
 */
function takeAway(file: string): boolean {
  const guard = guardOf(file);
  try {
    fs.mkdirSync(guard);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw asError(error, basename(guard));
  }
  try {
    if (isDead(read(file))) fs.unlinkSync(file);
    return true;
  } catch (error) {
    throw asError(error, basename(file));
  } finally {
    fs.rmdirSync(guard);
  }
}

function guardOf(file: string): string {
  return `${file}.takeover`;
}

/** Empty if there is none any more, or its owner has not yet written its name. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw asError(error, basename(file));
  }
}

/** Known only on this host; on another, and where the file says nothing we understand, the holder counts as alive. */
function isDead(holder: string): boolean {
  const [, pid, host] = /^(\d+) (.+)\n$/.exec(holder) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH'; // EPERM: alive, and someone else's
  }
}

function named(holder: string): string {
  const [, pid, host] = /^(\d+) (.+)\n$/.exec(holder) ?? [];
  return pid === undefined ? 'an unnamed process' : `process ${pid} on ${host}`;
}

function releaser(file: string, mine: string): () => void {
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    process.off('exit', release);
    for (const signal of SIGNALS) process.off(signal, die);
    if (read(file) === mine) fs.rmSync(file, { force: true }); // not if a person gave it to another
  };
  const die = (signal: NodeJS.Signals) => {
    release();
    process.kill(process.pid, signal); // no longer caught: the caller sees what ended us
  };
  process.on('exit', release);
  for (const signal of SIGNALS) process.on(signal, die);
  return release;
}
