import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { lock } from '../../../tools/publish/index.ts';
import { scratchDist } from './scratch.ts';

/** The number of a process that has just ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('the lock', () => {
  it('names its holder, lies beside dist, and goes with the release', async () => {
    const dist = scratchDist();
    const release = await lock(dist);
    expect(fs.readFileSync(`${dist}.lock`, 'utf8')).toBe(`${process.pid} ${hostname()}\n`);
    release();
    expect(fs.readdirSync(dirname(dist))).toEqual([]);
  });

  it('is the same one through a link', async () => {
    const dist = scratchDist();
    fs.mkdirSync(dist);
    const link = join(dirname(dist), 'link');
    fs.symlinkSync('dist', link);
    const release = await lock(link);
    await expect(lock(dist, { waitSeconds: 0 })).rejects.toThrow('dist.lock: process');
    release();
  });

  it('makes the next one wait, and tells it once for whom', async () => {
    const dist = scratchDist();
    const told: string[] = [];
    const release = await lock(dist);
    const second = lock(dist, { waitSeconds: 10, onWait: message => told.push(message) });
    await new Promise(resolve => setTimeout(resolve, 200));
    release();
    (await second)();
    expect(told).toEqual([
      `dist.lock: process ${process.pid} on ${hostname()} is publishing; waiting up to 10 s for it`,
    ]);
  });

  it('is given up after the wait, with the way out', async () => {
    const dist = scratchDist();
    const pid = deadPid(); // on this host, which says nothing about another
    fs.writeFileSync(`${dist}.lock`, `${pid} elsewhere\n`);
    await expect(lock(dist, { waitSeconds: 0.1 })).rejects.toThrow(
      `dist.lock: process ${pid} on elsewhere is still publishing after 0.1 s; wait for it, or delete dist.lock and dist.lock.takeover`,
    );
    expect(fs.readFileSync(`${dist}.lock`, 'utf8')).toBe(`${pid} elsewhere\n`);
  });

  it('of a dead process is taken over at once, by one of all who want it', async () => {
    const dist = scratchDist();
    fs.writeFileSync(`${dist}.lock`, `${deadPid()} ${hostname()}\n`);
    let holders = 0;
    const turn = async () => {
      const release = await lock(dist, { waitSeconds: 10 });
      expect(++holders).toBe(1);
      await new Promise(resolve => setTimeout(resolve, 5));
      holders--;
      release();
    };
    await Promise.all(Array.from({ length: 10 }, turn));
    expect(fs.readdirSync(dirname(dist))).toEqual([]);
  });

  it('of a dead process is looked at again before it goes: another may have been faster', async () => {
    const dist = scratchDist();
    fs.writeFileSync(`${dist}.lock`, `${deadPid()} ${hostname()}\n`);
    vi.spyOn(process, 'kill').mockImplementationOnce(() => {
      fs.writeFileSync(`${dist}.lock`, `${process.pid} ${hostname()}\n`);
      throw Object.assign(new Error('no such process'), { code: 'ESRCH', syscall: 'kill' });
    });
    await expect(lock(dist, { waitSeconds: 0 })).rejects.toThrow(`process ${process.pid} on`);
    expect(fs.readdirSync(dirname(dist))).toEqual(['dist.lock']);
  });

  it('of a dead process is left to whoever is taking it over already', async () => {
    const dist = scratchDist();
    fs.writeFileSync(`${dist}.lock`, `${deadPid()} ${hostname()}\n`);
    fs.mkdirSync(`${dist}.lock.takeover`);
    await expect(lock(dist, { waitSeconds: 0.1 })).rejects.toThrow('delete dist.lock and dist.lock.takeover');
  });

  it('without a name yet, or with one nobody understands, counts as held', async () => {
    const dist = scratchDist();
    for (const content of ['', '12', 'nonsense\n']) {
      fs.writeFileSync(`${dist}.lock`, content);
      await expect(lock(dist, { waitSeconds: 0.02 })).rejects.toThrow('an unnamed process is still publishing');
    }
  });

  it('that a person gave to another is not released by the first, nor twice', async () => {
    const dist = scratchDist();
    const release = await lock(dist);
    fs.writeFileSync(`${dist}.lock`, '12 elsewhere\n');
    release();
    expect(fs.existsSync(`${dist}.lock`)).toBe(true);
    fs.rmSync(`${dist}.lock`);
    const again = await lock(dist);
    release();
    expect(fs.existsSync(`${dist}.lock`)).toBe(true);
    again();
  });

  it('listens to the process only while it is held', async () => {
    const listeners = () => ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map(event => process.listenerCount(event));
    const before = listeners();
    const release = await lock(scratchDist());
    release();
    expect(listeners()).toEqual(before);
  });
});
