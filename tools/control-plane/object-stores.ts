import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheRoot } from './find.ts';
import { go, inWorkFolder, requireGo } from './go.ts';
import { fetchPackages } from './python.ts';
import { AZURITE, FAKE_GCS, MOTO } from './versions.ts';

const FAKE_GCS_MODULE = 'github.com/fsouza/fake-gcs-server';

/** Amazon's S3, for tests: a folder for PYTHONPATH; run it as `python3 -m moto.server`. @throws where it was not fetched */
export function moto(env: NodeJS.ProcessEnv = process.env): string {
  return required(motoFolder(env), `moto ${MOTO}`);
}

/** Azure's blob store, for tests: a script for node. @throws where it is not installed */
export function azurite(env: NodeJS.ProcessEnv = process.env): string {
  const script = join('node_modules', 'azurite', 'dist', 'src', 'blob', 'main.js');
  return join(required(azuriteFolder(env), `azurite ${AZURITE}`), script);
}

/** Google's Cloud Storage, for tests: a program. @throws where it is not built */
export function fakeGcs(env: NodeJS.ProcessEnv = process.env): string {
  return required(fakeGcsPath(env), `fake-gcs-server ${FAKE_GCS}`);
}

/**
 * Fetches or builds what is missing: a minute and a half the first time.
 * @returns whether anything was to do
 */
export function fetchObjectStores(say: (text: string) => void): boolean {
  const fetched = fetchPackages(motoFolder(), [`moto[server]==${MOTO}`], say);
  const lacking = [azuriteFolder(), fakeGcsPath()].filter(path => !existsSync(path));
  if (lacking.includes(azuriteFolder())) fetchAzurite(say);
  if (lacking.includes(fakeGcsPath())) buildFakeGcs(say);
  return fetched || lacking.length > 0;
}

function fetchAzurite(say: (text: string) => void): void {
  say(`azurite ${AZURITE}: fetching it with npm`);
  inWorkFolder(dirname(azuriteFolder()), work => {
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
    execFileSync('npm', ['install', '--prefix', work, ...quiet, `azurite@${AZURITE}`], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    renameSync(work, azuriteFolder());
  });
}

function buildFakeGcs(say: (text: string) => void): void {
  requireGo();
  say(`fake-gcs-server ${FAKE_GCS}: building it`);
  inWorkFolder(dirname(fakeGcsPath()), work => {
    const mod = [
      'module drydock.example/gcs',
      `require ${FAKE_GCS_MODULE} v${FAKE_GCS}`,
      `tool ${FAKE_GCS_MODULE}`,
      '',
    ];
    writeFileSync(join(work, 'go.mod'), mod.join('\n\n'));
    go(work, 'mod', 'tidy');
    go(work, 'build', '-trimpath', '-ldflags', '-s -w', '-o', 'server', FAKE_GCS_MODULE);
    renameSync(join(work, 'server'), fakeGcsPath());
  });
}

function motoFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), 'moto', MOTO);
}

function azuriteFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), 'azurite', AZURITE);
}

function fakeGcsPath(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), 'fake-gcs-server', FAKE_GCS);
}

function required(path: string, what: string): string {
  if (existsSync(path)) return path;
  throw new Error(`${what} is missing: run \`npm run test:tools\` to fetch it`);
}
