import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { publish } from '../../tools/publish/index.ts';
import { asTree, ours, planFor, publishAll, put, scratchDist, stamps, tree } from '../tools/publish/scratch.ts';

const disk = fs.mkdtempSync(join(tmpdir(), 'drydock-full-disk-'));
const mounted = mount('size=2m'); // 512 pages of 4 KiB, one or more a file
const why = `mounting a small disk failed: ${mounted.said}`;
if (!mounted.done) console.warn(`full-disk.test.ts: ${why}; only /dev/full stands in for it`);

afterAll(() => {
  if (mounted.done) spawnSync('umount', [disk]);
  fs.rmSync(disk, { recursive: true, force: true });
});

function mount(options: string): { done: boolean; said: string } {
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'drydock-test', disk], {
    encoding: 'utf8',
  });
  return { done: status === 0, said: error?.message ?? stderr.trim() };
}

const files = (count: number, about: string) =>
  Array.from({ length: count }, (_, i) => ours(`dev/s${i % 40}/Service.s${i}.yaml`, about));

it('a disk that fills up while publishing leaves dist as it was, and enough room is enough', context => {
  if (!mounted.done) context.skip(why);
  const dist = join(disk, 'dist');
  publishAll(dist, files(300, 'old'));
  put(dist, 'README.md', 'by hand\n');
  const before = [tree(dist), stamps(dist)];

  const next = files(350, 'new');
  expect(() => publishAll(dist, next)).toThrow(
    /^dist\/dev\/s\d+\/Service\.s\d+\.yaml: no space is left on the disk \(ENOSPC\); free some, then synth again$/,
  );
  expect([tree(dist), stamps(dist)]).toEqual(before);
  expect(fs.readdirSync(disk)).toEqual(['dist']);

  spawnSync('mount', ['-o', 'remount,size=8m', disk]);
  publishAll(dist, next);
  expect(tree(dist)).toEqual({ ...asTree(next), 'README.md': 'by hand\n' });
});

it('a read-only file system is named as such', context => {
  if (!mounted.done) context.skip(why);
  spawnSync('mount', ['-o', 'remount,ro', disk]);
  expect(() => publishAll(join(disk, 'dist'), files(10, 'newer'))).toThrow(
    'dist.staging: the file system is read-only (EROFS); mount it writable, then synth again',
  );
  spawnSync('mount', ['-o', 'remount,rw', disk]);
});

it('the kernel’s own ENOSPC in the middle of staging leaves dist as it was', () => {
  const dist = scratchDist();
  publishAll(dist, files(20, 'old'));
  const before = [tree(dist), stamps(dist)];
  const full: typeof fs.writeFileSync = (path, text) =>
    fs.writeFileSync(String(path).endsWith('/15') ? '/dev/full' : path, text);
  expect(() => publish(planFor(dist, files(30, 'new')), { ...fs, writeFileSync: full })).toThrow(
    'no space is left on the disk (ENOSPC)',
  );
  expect([tree(dist), stamps(dist)]).toEqual(before);
  expect(fs.readdirSync(dirname(dist))).toEqual(['dist']);
});
