import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publish } from '../../../tools/publish/index.ts';
import type { Files } from '../../../tools/publish/write.ts';
import { asTree, ours, planFor, publishAll, put, scratchDist, stamps, tree } from './scratch.ts';

const API = ours('dev/zapora/services/zapora/Service.api.yaml');
const WEB = ours('dev/zapora/services/zapora/Service.web.yaml');
const DATA = ours('dev/zapora/data/zapora/Cluster.database.yaml');

describe('publishing', () => {
  it('makes dist, also behind a link, and leaves nothing beside it', () => {
    const dist = scratchDist();
    fs.mkdirSync(join(dirname(dist), 'real'));
    fs.symlinkSync('real', dist);
    publishAll(dist, [API, DATA]);
    expect(tree(join(dirname(dist), 'real'))).toEqual(asTree([API, DATA]));
    expect(fs.readdirSync(dirname(dist)).sort()).toEqual(['dist', 'real']);
    const fresh = scratchDist();
    publishAll(fresh, [API, DATA]);
    expect(tree(fresh)).toEqual(asTree([API, DATA]));
    expect(fs.readdirSync(dirname(fresh))).toEqual(['dist']);
  });

  it('writes nothing when nothing changed', () => {
    const dist = scratchDist();
    publishAll(dist, [API, WEB]);
    const before = { ...stamps(dist), folder: fs.statSync(dist).mtimeMs, beside: fs.statSync(dirname(dist)).mtimeMs };
    publishAll(dist, [API, WEB]);
    expect({ ...stamps(dist), folder: fs.statSync(dist).mtimeMs, beside: fs.statSync(dirname(dist)).mtimeMs }).toEqual(
      before,
    );
  });

  it('writes only what changed', () => {
    const dist = scratchDist();
    publishAll(dist, [API, WEB]);
    const before = stamps(dist);
    publishAll(dist, [API, ours(WEB.file, 'y')]);
    expect(stamps(dist)[API.file]).toBe(before[API.file]);
    expect(tree(dist)).toEqual(asTree([API, ours(WEB.file, 'y')]));
  });

  it('deletes what is ours, with the folders that it empties, and keeps what is not', () => {
    const dist = scratchDist();
    publishAll(dist, [API, WEB, DATA, ours('old/deep/er/a.yaml'), ours('old/b.yaml')]);
    put(dist, 'dev/zapora/data/notes.txt', 'by hand\n');
    fs.mkdirSync(join(dist, 'dev/bare'));
    fs.symlinkSync('nowhere', join(dist, 'old', 'link'));
    publishAll(dist, [API]);
    expect(tree(dist)).toEqual({
      ...asTree([API]),
      'dev/zapora/data/notes.txt': 'by hand\n',
      'dev/bare/': '',
      'old/link': '-> nowhere',
    });
    publishAll(dist, []);
    expect(tree(dist)).toEqual({ 'dev/zapora/data/notes.txt': 'by hand\n', 'dev/bare/': '', 'old/link': '-> nowhere' });
  });

  it('removes empty folders after a killed run only: then they are its own', () => {
    const dist = scratchDist();
    publishAll(dist, [API]);
    fs.mkdirSync(join(dist, 'dev/made/but/never/filled'), { recursive: true });
    publishAll(dist, [API, WEB]);
    expect(tree(dist)).toEqual({ ...asTree([API, WEB]), 'dev/made/but/never/filled/': '' });
    put(`${dist}.staging`, '0', '# drydock: half a te');
    publishAll(dist, [API, WEB]);
    expect(tree(dist)).toEqual(asTree([API, WEB]));
    fs.mkdirSync(`${dist}.staging`);
    publishAll(dist, []);
    expect(fs.readdirSync(dirname(dist))).toEqual(['dist']);
  });

  it('keeps dist itself when its last file goes', () => {
    const dist = scratchDist();
    publishAll(dist, [API]);
    publishAll(dist, []);
    expect(fs.readdirSync(dist)).toEqual([]);
  });
});

describe('a failure', () => {
  const failing = (
    code: string,
    errno: number,
    method: keyof Files,
    when: (path: string, mode?: number) => boolean,
  ): Files => {
    const original = fs[method] as (...args: unknown[]) => unknown;
    const failed = (path: string, ...rest: [number?]) => {
      if (when(path, ...rest))
        throw Object.assign(new Error(`${code}: as the test wishes`), { code, errno, syscall: method });
      return original(path, ...rest);
    };
    return { ...fs, [method]: failed };
  };

  it.each<[string, Files, string]>([
    [
      'a full disk',
      failing('ENOSPC', -28, 'writeFileSync', path => path.endsWith('/2')),
      `dist/${API.file}: no space is left on the disk (ENOSPC); free some`,
    ],
    [
      'no permission',
      failing('EACCES', -13, 'accessSync', path => path.endsWith('services/zapora')),
      'dist/dev/zapora/services/zapora: this user has no permission',
    ],
    [
      'a read-only file system',
      failing('EROFS', -30, 'mkdirSync', path => path.endsWith('.staging')),
      'dist.staging: the file system is read-only (EROFS); mount it writable',
    ],
    [
      'a folder that cannot be made',
      failing('ENOSPC', -28, 'mkdirSync', path => path.endsWith('deep/er')),
      'dist/new/deep/er: no space is left on the disk',
    ],
    [
      'two file systems',
      failing('EXDEV', -18, 'renameSync', () => true),
      'dist/dev/zapora/data/zapora/Cluster.database.yaml: its folder and the folder beside dist',
    ],
    [
      'an unforeseen error',
      failing('EIO', -5, 'writeFileSync', () => true),
      'i/o error (EIO); see to it, then synth again',
    ],
  ])('of %s leaves dist as it was and nothing beside it', (_, files, message) => {
    const dist = scratchDist();
    publishAll(dist, [API, WEB]);
    const before = [tree(dist), stamps(dist)];
    const plan = planFor(dist, [ours(API.file, 'y'), DATA, ours('new/deep/er/a.yaml')]);
    expect(() => publish(plan, files)).toThrow(message);
    expect([tree(dist), stamps(dist)]).toEqual(before);
    expect(fs.readdirSync(dirname(dist))).toEqual(['dist']);
  });

  it.each([
    ['a changed', [ours(API.file, 'y'), WEB, DATA]],
    ['a removed', [WEB, DATA]],
  ])('is found out before the first rename where the folder of %s file may not be written', (_, next) => {
    const dist = scratchDist();
    publishAll(dist, [API, WEB, DATA]);
    const before = [tree(dist), stamps(dist)];
    const readOnly = failing(
      'EACCES',
      -13,
      'accessSync',
      (path, mode = 0) => path.endsWith('services/zapora') && (mode & fs.constants.W_OK) > 0,
    );
    expect(() => publish(planFor(dist, next), readOnly)).toThrow(
      'dist/dev/zapora/services/zapora: this user has no permission (EACCES); allow it with chown or chmod, then synth again',
    );
    expect([tree(dist), stamps(dist)]).toEqual(before);
  });

  it('while files move is put right by the next run', () => {
    const dist = scratchDist();
    publishAll(dist, [API, WEB]);
    const next = [ours(API.file, 'y'), DATA, ours(WEB.file, 'y')];
    expect(() =>
      publish(
        planFor(dist, next),
        failing('EACCES', -13, 'renameSync', path => path.endsWith('/1')),
      ),
    ).toThrow('no permission');
    publishAll(dist, next);
    expect(tree(dist)).toEqual(asTree(next));
    expect(fs.readdirSync(dirname(dist))).toEqual(['dist']);
  });

  it.each<[string, (dist: string) => void, string]>([
    [
      'a file for dist',
      dist => fs.writeFileSync(dist, ''),
      'dist: something else stands in its place (ENOTDIR); move or delete it',
    ],
    ['a link to nowhere for dist', dist => fs.symlinkSync('nowhere', dist), 'dist: something else stands in its place'],
    [
      'a file for the staging folder',
      dist => fs.writeFileSync(`${dist}.staging`, ''),
      'dist.staging: something else stands in its place',
    ],
    [
      'another’s file in the staging folder',
      dist => put(`${dist}.staging`, 'notes.txt', ''),
      'dist.staging/notes.txt: not ours',
    ],
  ])('names %s', (_, prepare, message) => {
    const dist = scratchDist();
    prepare(dist);
    const before = tree(dirname(dist));
    expect(() => publishAll(dist, [API])).toThrow(message);
    expect(tree(dirname(dist))).toEqual(before);
  });
});
