import { execFileSync } from 'node:child_process';

/** The files below `folder` that git does not have as they are: changed, new or deleted. `undefined` where there is no git. */
export function uncommitted(root: string, folder: string): string[] | undefined {
  const entries = git(root, ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', folder]);
  if (entries === undefined) return undefined;
  // A checkout may be a folder of a larger repository; status counts paths from its root.
  const prefix = git(root, ['rev-parse', '--show-prefix'])?.[0]?.trim() ?? '';
  return entries.map(
    entry => `${entry.slice(3 + prefix.length)}: not committed; commit it together with the code that makes it`,
  );
}

/** The files below `folder` that differ between a commit and the working tree. `undefined` where there is no git. */
export function changedSince(root: string, base: string, folder: string): Set<string> | undefined {
  const files = git(root, [
    'diff',
    '--name-only',
    '--no-renames',
    '--relative',
    '-z',
    '--merge-base',
    base,
    '--',
    folder,
  ]);
  return files && new Set(files);
}

/** @throws where git is there and refuses: a base that does not exist must not pass for "nothing changed" */
function git(root: string, words: readonly string[]): string[] | undefined {
  try {
    execFileSync('git', ['-C', root, 'rev-parse', '--git-dir'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  try {
    const out = execFileSync('git', ['-C', root, ...words], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return out.split('\0').filter(entry => entry !== '');
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(
      `git ${words[0]}: ${stderr?.trim() ?? (error as Error).message}; name a commit that this checkout has`,
    );
  }
}
