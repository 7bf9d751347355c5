import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { argocds, committed } from './dist.ts';

const KEY = 'resource.customizations.health.argoproj.io_Application';

/** The script that Argo CD is given, from `dist/`. */
const [settings] = committed(`argocd/${argocds()[0]}/bootstrap`).filter(
  ({ manifest }) => manifest.metadata.name === 'argocd-cm',
);
const script = (settings!.manifest.data as Record<string, string>)[KEY]!;

/** Runs it as Argo CD does, in Lua 5.1 with the Application as `obj`. */
function health(obj: string): string {
  const program = `obj = ${obj}\nlocal result = (function() ${script} end)()\nio.write(result.status .. "|" .. result.message)`;
  const { stdout, stderr, error } = spawnSync('lua5.1', ['-'], { input: program, encoding: 'utf8' });
  if (error) throw new Error('lua5.1 is missing; `npm run test:tools` installs it');
  return stdout + stderr;
}

describe('the health of an Application, in real Lua', () => {
  test.each([
    ['{}', 'Progressing|'],
    ['{ status = {} }', 'Progressing|'],
    ['{ status = { health = { status = "Healthy" } } }', 'Healthy|'],
    ['{ status = { health = { status = "Degraded", message = "no quorum" } } }', 'Degraded|no quorum'],
  ])('%s', (obj, expected) => {
    expect(health(obj)).toBe(expected);
  });
});
