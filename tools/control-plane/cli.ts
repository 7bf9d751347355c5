import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { build } from './build.ts';
import { describeMissing, find } from './find.ts';
import { releaseOf } from './versions.ts';

const USAGE = `npm run test:tools                 the control planes of the fleet's Kubernetes minors: build, install or find them
npm run test:tools -- 1.34 1.35    of these minors
`;

async function main(args: readonly string[]): Promise<void> {
  if (args.some(arg => arg.startsWith('-'))) return void process.stdout.write(USAGE);
  const releases = (args.length > 0 ? args : await fleetMinors()).map(releaseOf);
  if (!existsSync('/usr/bin/lua5.1')) install('lua5.1'); // what Argo CD's health scripts are written in
  for (const release of releases) {
    if (find(release).missing.some(({ program }) => program === 'etcd')) install('etcd-server');
    const built = build(release, say);
    const { missing } = find(release);
    if (missing.length > 0) throw new Error(describeMissing(missing));
    say(`Kubernetes ${release}: ${built.length > 0 ? 'built' : 'nothing to do'}`);
  }
}

/** Only where it can be done without asking: as root on a Debian. Elsewhere the tests name what they miss. */
function install(debianPackage: string): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  say(`installing the package ${debianPackage}`);
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  execFileSync('apt-get', ['update', '-q'], options);
  execFileSync('apt-get', ['install', '-qy', '--no-install-recommends', debianPackage], options);
}

async function fleetMinors(): Promise<string[]> {
  const [{ minors }, { ARGO_KUBERNETES }] = await Promise.all([
    import('../../fleet.ts'),
    import('../../argocd/repository.ts'),
  ]);
  return [...new Set([...minors(), ARGO_KUBERNETES])].sort();
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  say(`test:tools: ${error.message}`);
  process.exitCode = 1;
});
