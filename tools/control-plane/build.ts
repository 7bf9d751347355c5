import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder, kubePrograms } from './find.ts';
import { downloadModule, go, inWorkFolder, languageOf, requireGo } from './go.ts';

const MODULE = 'k8s.io/kubernetes';

/**
 * Builds what the cache lacks of one release from the Go module of Kubernetes itself: four minutes on two cores the first time, seconds
 * with Go's own cache warm.
 * @returns the programs that were built
 */
export function build(release: string, say: (text: string) => void): string[] {
  const cache = cacheFolder(release);
  const lacking = kubePrograms.filter(program => !existsSync(join(cache, program)));
  if (lacking.length === 0) return [];
  requireGo(', or set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd');
  mkdirSync(cache, { recursive: true });
  inWorkFolder(dirname(cache), work => {
    say(`Kubernetes ${release}: fetching the module`);
    const theirs = readFileSync(downloadModule(MODULE, release, work).GoMod, 'utf8');
    writeFileSync(join(work, 'go.mod'), goMod(release, theirs));
    go(work, 'mod', 'tidy');
    say(`Kubernetes ${release}: building ${lacking.join(', ')}`);
    const packages = lacking.map(program => `${MODULE}/cmd/${program}`);
    go(work, 'build', '-trimpath', '-ldflags', linkerFlags(release), '-o', 'bin/', ...packages);
    for (const program of lacking) renameSync(join(work, 'bin', program), join(cache, program));
  });
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
  return [
    'module drydock.example/kubernetes',
    ...languageOf(theirs),
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
