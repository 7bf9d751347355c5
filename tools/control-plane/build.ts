import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder, kubePrograms } from './find.ts';

const MODULE = 'k8s.io/kubernetes';
const UNFINISHED = '.building-';

/**
 * Builds what the cache lacks of one release from the Go module of Kubernetes itself: four minutes on two cores the first time, seconds
 * with Go's own cache warm. Built beside its place and renamed, so that a killed build leaves no half program.
 * @returns the programs that were built
 */
export function build(release: string, say: (text: string) => void): string[] {
  const cache = cacheFolder(release);
  const lacking = kubePrograms.filter(program => !existsSync(join(cache, program)));
  if (lacking.length === 0) return [];
  requireGo();
  mkdirSync(cache, { recursive: true });
  sweep(dirname(cache));
  const work = join(dirname(cache), `${UNFINISHED}${process.pid}`);
  mkdirSync(work);
  try {
    say(`Kubernetes ${release}: fetching the module`);
    writeFileSync(join(work, 'go.mod'), goMod(release, kubernetesGoMod(release, work)));
    go(work, 'mod', 'tidy');
    say(`Kubernetes ${release}: building ${lacking.join(', ')}`);
    const packages = lacking.map(program => `${MODULE}/cmd/${program}`);
    go(work, 'build', '-trimpath', '-ldflags', linkerFlags(release), '-o', 'bin/', ...packages);
    for (const program of lacking) renameSync(join(work, 'bin', program), join(cache, program));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return [...lacking];
}

/**
 * The module that builds Kubernetes' commands. `go install` refuses them, because Kubernetes' own go.mod replaces its staging modules by
 * folders; here each is replaced by the same module as published, which is what the folder held at that release.
 * @param theirs the text of Kubernetes' go.mod
 */
export function goMod(release: string, theirs: string): string {
  const staging = [...theirs.matchAll(/^\s*(?:replace\s+)?(k8s\.io\/\S+) => \.\//gm)].map(([, name]) => name);
  if (staging.length === 0)
    throw new Error(
      `the go.mod of ${MODULE} ${release} replaces no staging module; tools/control-plane/build.ts must learn its new layout`,
    );
  const [, minor, patch] = release.split('.');
  const language = theirs.match(/^(?:go|godebug) .*$/gm) ?? [];
  return [
    'module drydock.example/kubernetes',
    ...language,
    `require ${MODULE} v${release}`,
    ...kubePrograms.map(program => `tool ${MODULE}/cmd/${program}`),
    ...staging.sort().map(name => `replace ${name} => ${name} v0.${minor}.${patch}`),
    '',
  ].join('\n\n');
}

/** Without these the server calls itself v0.0.0 and clients misjudge it. */
function linkerFlags(release: string): string {
  const [major, minor] = release.split('.');
  const values = { gitVersion: `v${release}`, gitMajor: major, gitMinor: minor };
  return [
    '-s -w',
    ...Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`),
  ].join(' ');
}

function kubernetesGoMod(release: string, folder: string): string {
  const told = execFileSync('go', ['mod', 'download', '-json', `${MODULE}@v${release}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  return readFileSync((JSON.parse(told) as { GoMod: string }).GoMod, 'utf8');
}

function go(cwd: string, ...args: string[]): void {
  execFileSync('go', args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}

function requireGo(): void {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    throw new Error(
      'go is missing: install Go 1.24 or newer, or set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd',
    );
  }
}

/** Removes what killed builds left. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder).filter(each => each.startsWith(UNFINISHED))) {
    if (!alive(Number(name.slice(UNFINISHED.length)))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
