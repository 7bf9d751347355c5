import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { minorOf, releaseOf } from './versions.ts';

export type Program = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

/** What `npm run test:tools` builds; etcd comes from the system. */
export const kubePrograms = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

export interface Found {
  /** The version the found kube-apiserver calls itself; of `KUBEBUILDER_ASSETS` any patch of the minor will do. */
  readonly version: string;
  readonly paths: Readonly<Partial<Record<Program, string>>>;
  readonly missing: readonly { readonly program: Program; readonly remedy: string }[];
}

/** Where all lies that is fetched or built: outside the checkout, so that every checkout shares it. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'drydock');
}

/** Where the built programs of one release of Kubernetes lie. */
export function cacheFolder(release: string, env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), 'kubernetes', release);
}

/**
 * Finds the programs of a control plane: `KUBEBUILDER_ASSETS` first (what envtest users have), then our cache, for etcd also the PATH.
 * @param version a minor ('1.35': any patch of it will do) or a release ('1.35.4': exactly that one, as imports need)
 */
export function find(version: string, env: NodeJS.ProcessEnv = process.env): Found {
  const release = releaseOf(version);
  const assets = assetsFor(version, env);
  const cache = cacheFolder(release, env);
  const paths: Partial<Record<Program, string>> = {};
  const missing: { program: Program; remedy: string }[] = [];
  for (const program of ['etcd', ...kubePrograms] as const) {
    const folders = [assets?.folder, cache, ...(program === 'etcd' ? pathFolders(env) : [])];
    const path = folders.flatMap(folder => (folder ? [join(folder, program)] : [])).find(executable);
    if (path) paths[program] = path;
    else missing.push({ program, remedy: remedy(program, release) });
  }
  return { version: assets?.version ?? release, paths, missing };
}

/** One sentence for an error: what is missing and what to do. */
export function describeMissing(missing: Found['missing']): string {
  return missing.map(({ program, remedy }) => `${program} is missing: ${remedy}`).join('; ');
}

function remedy(program: Program, release: string): string {
  const build = `run \`npm run test:tools -- ${minorOf(release)}\``;
  return program === 'etcd' ? `${build} or install it (Debian: etcd-server)` : `${build} to build ${release}`;
}

/** `KUBEBUILDER_ASSETS` holds one version only; for any other minor it is as if it were not set. */
function assetsFor(version: string, env: NodeJS.ProcessEnv): { folder: string; version: string } | undefined {
  const folder = env.KUBEBUILDER_ASSETS;
  if (!folder) return undefined;
  const server = join(folder, 'kube-apiserver');
  if (!executable(server)) return undefined;
  const said = execFileSync(server, ['--version'], { encoding: 'utf8' });
  const own = /v(\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (own === undefined) return undefined;
  return own === version || minorOf(own) === version ? { folder, version: own } : undefined;
}

function pathFolders(env: NodeJS.ProcessEnv): string[] {
  return [...(env.PATH ?? '').split(delimiter), '/usr/bin'];
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
