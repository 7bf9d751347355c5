import { execFileSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inWorkFolder } from './go.ts';

/**
 * Fetches packages of PyPI into a folder for PYTHONPATH, with their programs below its `bin`: 10 seconds. Made by the system's own Python,
 * which is the one that containers of tests run.
 *
 * @returns whether anything was to do
 */
export function fetchPackages(folder: string, packages: readonly string[], say: (text: string) => void): boolean {
  if (existsSync(folder)) return false;
  inWorkFolder(dirname(folder), work => {
    say(`fetching ${packages.join(', ')} from PyPI`);
    const python = (program: string, ...args: string[]) =>
      execFileSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const target = join(work, 'packages');
    // Not the system's pip: Debian brings none with Python, and the first `python3` of a PATH may be another version's.
    python('/usr/bin/python3', '-m', 'venv', join(work, 'pip'));
    const quietly = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore'];
    python(join(work, 'pip', 'bin', 'python3'), '-m', 'pip', 'install', ...quietly, '--target', target, ...packages);
    renameSync(target, folder);
  });
  return true;
}
