import { build } from './build.ts';
import { fetchCilium } from './cilium.ts';
import { install } from './debian.ts';
import { buildExporters } from './exporters.ts';
import { describeMissing, find } from './find.ts';
import { buildNetworkJudge } from './network-judge.ts';
import { fetchObjectStores } from './object-stores.ts';
import { buildOtelcol } from './otelcol.ts';
import { lackingPackages } from './packages.ts';
import { fetchPatroni } from './patroni.ts';
import { CILIUM, COLLECTOR, CYCLONUS, PATRONI, releaseOf } from './versions.ts';

const USAGE = `npm run test:tools                 what \`npm run test:real\` asks: build, install or find it, with the control planes of the fleet's Kubernetes minors
npm run test:tools -- 1.34 1.35    with those of these minors
`;

async function main(args: readonly string[]): Promise<void> {
  if (args.some(arg => arg.startsWith('-'))) return void process.stdout.write(USAGE);
  const releases = (args.length > 0 ? args : await fleetMinors()).map(releaseOf);
  install(lackingPackages(), say);
  say(`Cilium ${CILIUM}: ${fetchCilium(say) ? 'built' : 'nothing to do'}`);
  say(`cyclonus ${CYCLONUS}: ${buildNetworkJudge(say) ? 'built' : 'nothing to do'}`);
  say(`OpenTelemetry Collector ${COLLECTOR}: ${buildOtelcol(say) ? 'built' : 'nothing to do'}`);
  say(`Patroni ${PATRONI}: ${fetchPatroni(say) ? 'fetched' : 'nothing to do'}`);
  say(`object stores: ${fetchObjectStores(say) ? 'fetched' : 'nothing to do'}`);
  say(`exporters: ${buildExporters(say) ? 'built' : 'nothing to do'}`);
  for (const release of releases) {
    if (find(release).missing.some(({ program }) => program === 'etcd')) install(['etcd-server'], say);
    const built = build(release, say);
    const { missing } = find(release);
    if (missing.length > 0) throw new Error(describeMissing(missing));
    say(`Kubernetes ${release}: ${built.length > 0 ? 'built' : 'nothing to do'}`);
  }
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
