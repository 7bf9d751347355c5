import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../../charts/postgres/backup/backup.sh', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'drydock-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs it with a pgBackRest that ends with these codes, one a call, and a sleep that does not. */
function backUp(...codes: number[]): { code: number | null; calls: string[] } {
  rmSync(path.join(folder, 'calls'), { force: true });
  writeFileSync(path.join(folder, 'codes'), `${codes.join('\n')}\n`);
  const program = (name: string, text: string) =>
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program('pgbackrest', 'echo "pgbackrest $*" >> calls; code=$(head -1 codes); sed -i 1d codes; exit "$code"');
  program('sleep', 'echo "sleep $*" >> calls');
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const { status } = spawnSync('sh', [SCRIPT, 'shop-database', 'incr'], { cwd: folder, env });
  return { code: status, calls: readFileSync(path.join(folder, 'calls'), 'utf8').trim().split('\n') };
}

const BACKUP = 'pgbackrest --stanza=shop-database --type=incr backup';
const ALONE = 'pgbackrest --stanza=shop-database --type=incr --no-backup-standby backup';

test('one backup, and its exit code', () => {
  expect(backUp(0)).toEqual({ code: 0, calls: [BACKUP] });
  expect(backUp(82)).toMatchObject({ code: 82 });
});

test('without a member that follows, from the primary', () => {
  expect(backUp(56, 0)).toEqual({ code: 0, calls: [BACKUP, ALONE] });
  expect(backUp(56, 56)).toMatchObject({ code: 56 });
});

test('while another backup runs it waits, whichever way it was refused', () => {
  expect(backUp(50, 50, 0)).toEqual({ code: 0, calls: [BACKUP, 'sleep 10', BACKUP, 'sleep 10', BACKUP] });
  expect(backUp(56, 50, 0)).toEqual({ code: 0, calls: [BACKUP, ALONE, 'sleep 10', BACKUP] });
});
