import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { blobsAt, parting, textsOf } from '../../../tools/publish/git.ts';
import { put, scratchDist } from './scratch.ts';

/** A repository whose project stands in a folder of it. */
function repository() {
  const above = path.dirname(scratchDist());
  const root = path.join(above, 'platform');
  fs.mkdirSync(root);
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', above, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], {
      stdio: 'pipe',
    });
  const commit = (texts: Record<string, string>) => {
    for (const [file, text] of Object.entries(texts)) put(root, file, text);
    git('add', '-A');
    git('commit', '-qm', 'x');
  };
  git('init', '-q', '-b', 'main');
  return { above, root, git, commit };
}

test('the texts of a commit come back as they were, by their paths below the folder', () => {
  const { above, root, commit } = repository();
  const texts = { 'a/ä b.yaml': 'größe: 1\n', 'a/empty': '', 'b/c': '\nno end', 'b/d': '\n' };
  commit(Object.fromEntries(Object.entries(texts).map(([file, text]) => [`dist/${file}`, text])));
  put(root, 'dist/b/c', 'changed since');
  put(above, 'dist/other', 'not of the project');

  const blobs = blobsAt(root, 'HEAD', 'dist')!;
  expect([...blobs.keys()].sort()).toEqual(Object.keys(texts).sort());
  expect(textsOf(root, [...blobs.values()])).toEqual([...blobs.keys()].map(file => texts[file as keyof typeof texts]));
  expect(textsOf(root, [blobs.get('b/d')!, blobs.get('b/c')!])).toEqual(['\n', '\nno end']);
});

test('a folder that is not committed, and a repository without a commit, have none', () => {
  const { root, commit } = repository();
  expect(blobsAt(root, 'HEAD', 'dist')).toEqual(new Map());
  commit({ README: 'x' });
  put(root, 'dist/a', 'x');
  expect(blobsAt(root, 'HEAD', 'dist')).toEqual(new Map());
});

test('no git is neither', () => {
  expect(blobsAt(path.dirname(scratchDist()), 'HEAD', 'dist')).toBeUndefined();
});

test('the commit at which a branch left its base', () => {
  const { root, git, commit } = repository();
  commit({ 'dist/a': 'first' });
  git('checkout', '-qb', 'branch');
  commit({ 'dist/a': 'ours' });
  git('checkout', '-q', 'main');
  commit({ 'dist/a': 'theirs' });
  git('checkout', '-q', 'branch');
  const at = (commit: string) => textsOf(root, [...blobsAt(root, commit, 'dist')!.values()]);
  expect(at(parting(root, 'main')!)).toEqual(['first']);
  expect(() => parting(root, 'nowhere')).toThrow(/^git merge-base: .*nowhere.*; name a commit that this checkout has$/);
});
