import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { lock, publish } from '../../../tools/publish/index.ts';
import { seeded } from '../render/nasty-strings.ts';
import { countingFiles, fleet } from './fleet.ts';
import { asTree, planFor, publishAll, put, scratchDist, tree } from './scratch.ts';

vi.setConfig({ testTimeout: 60_000 });

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
const FOREIGN = { 'README.md': 'by hand\n', 'dev/only-in-old-0/notes.txt': 'by hand\n' };
const [OLD, NEW] = [fleet('old'), fleet('new')];
const random = seeded(8);

function start(
  dist: string,
  ...args: (string | number)[]
): { child: ChildProcess; heard: (word: string) => Promise<void>; said: () => string } {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, dist, ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', text => {
    output += text;
  });
  const heard = async (word: string) => {
    const closed = once(child, 'close').then(() => {
      if (!output.includes(word)) throw new Error(`the publisher ended before it said '${word}': ${output}`);
    });
    while (!output.includes(word)) await Promise.race([once(child.stdout!, 'data'), closed]);
  };
  return { child, heard, said: () => output };
}

async function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { code: child.exitCode, signal: child.signalCode };
}

function oldDist(): string {
  const dist = scratchDist();
  publishAll(dist, OLD);
  for (const [file, text] of Object.entries(FOREIGN)) put(dist, file, text);
  return dist;
}

/** What the whole way from the old fleet to the new asks of the file system. */
function countOperations(): number {
  let operations = 0;
  const files = countingFiles(count => {
    operations = count;
  });
  publish(planFor(oldDist(), NEW), files);
  return operations;
}

/** Each file is whole, old or new; what did not change, and what is not ours, is there. */
function expectWholeFiles(dist: string): void {
  const [before, after] = [
    { ...asTree(OLD), ...FOREIGN } as Record<string, string>,
    { ...asTree(NEW), ...FOREIGN } as Record<string, string>,
  ];
  const found = tree(dist);
  const torn = Object.keys(found).filter(
    file => !file.endsWith('/') && found[file] !== before[file] && found[file] !== after[file],
  );
  const lost = Object.keys(after).filter(file => before[file] !== undefined && found[file] === undefined);
  expect({ torn, lost }).toEqual({ torn: [], lost: [] });
}

async function expectNextRunCompletes(dist: string): Promise<void> {
  const release = await lock(dist, { waitSeconds: 0 });
  publishAll(dist, NEW);
  release();
  expect(tree(dist)).toEqual({ ...asTree(NEW), ...FOREIGN });
  expect(fs.readdirSync(dirname(dist))).toEqual(['dist']);
}

describe('a publisher that is killed leaves whole files, and the next one completes it:', () => {
  let operations = 0;
  const moments = [0, 0.0001, 1, ...Array.from({ length: 6 }, random)];
  it.each(moments)('after %f of its work', async moment => {
    operations ||= countOperations();
    const dist = oldDist();
    const { child } = start(dist, 'new', Math.max(1, Math.ceil(moment * operations)));
    expect(await ended(child)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(fs.existsSync(`${dist}.lock`)).toBe(true);
    expectWholeFiles(dist);
    await expectNextRunCompletes(dist);
  });

  it.each(Array.from({ length: 3 }, () => Math.floor(random() * 250)))('%i ms after it took the lock', async delay => {
    const dist = oldDist();
    const { child, heard } = start(dist, 'new');
    await heard('locked');
    await new Promise(resolve => setTimeout(resolve, delay));
    child.kill('SIGKILL');
    await ended(child);
    expectWholeFiles(dist);
    await expectNextRunCompletes(dist);
  });
});

describe('two publishers', () => {
  it('take turns: the second waits, says for whom, and both end well', async () => {
    const dist = oldDist();
    const first = start(dist, 'new', 0, 'hold');
    await first.heard('locked');
    const second = start(dist, 'old');
    await second.heard('waits');
    expect(second.said()).toMatch(`process ${first.child.pid} on `);
    expect(first.said()).not.toContain('done');
    first.child.stdin?.end();
    expect(await Promise.all([ended(first.child), ended(second.child)])).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
    expect(tree(dist)).toEqual({ ...asTree(OLD), ...FOREIGN });
    expect(fs.readdirSync(dirname(dist))).toEqual(['dist']);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('do not wait for one that %s ended', async signal => {
    const dist = scratchDist();
    const { child, heard } = start(dist, 'new', 0, 'hold');
    await heard('locked');
    child.kill(signal);
    expect(await ended(child)).toEqual({ code: null, signal });
    expect(fs.readdirSync(dirname(dist))).toEqual([]);
  });

  it('do not wait for one that an error ended', async () => {
    const dist = scratchDist();
    put(dist, NEW[1]!.file, 'by hand\n');
    const { child } = start(dist, 'new');
    expect(await ended(child)).toEqual({ code: 1, signal: null });
    expect(fs.readdirSync(dirname(dist))).toEqual(['dist']);
  });
});
