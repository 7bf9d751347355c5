import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PROGRAM = '/usr/bin/promtool';
/** In memory where there is a RAM disk: each test has a database of its own. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Why it cannot run here, if it cannot. */
export function promtoolMissing(): string | undefined {
  return existsSync(PROGRAM) ? undefined : `${PROGRAM} is missing; run \`npm run test:tools\``;
}

export interface Answer {
  readonly ok: boolean;
  readonly said: string;
}

/**
 * Runs promtool in a folder of its own with these files, which are written as JSON: that is YAML too.
 * @param files by their path in the folder
 */
export async function promtool(args: readonly string[], files: Readonly<Record<string, unknown>>): Promise<Answer> {
  const folder = mkdtempSync(join(SCRATCH, 'drydock-promtool-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), JSON.stringify(content));
    }
    return await new Promise<Answer>(resolve => {
      // Both streams as one: names go to one, what failed to the other.
      const merged = ['-c', 'exec "$0" "$@" 2>&1', PROGRAM, ...args];
      execFile(
        'sh',
        merged,
        { cwd: folder, env: { ...process.env, TMPDIR: folder }, maxBuffer: 256 << 20 },
        (error, said) => resolve({ ok: !error, said }),
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
