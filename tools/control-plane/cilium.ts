import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheRoot } from './find.ts';
import { downloadModule, go, inWorkFolder, languageOf, requireGo } from './go.ts';
import { CILIUM } from './versions.ts';

const MODULE = 'github.com/cilium/cilium';
const DEFINITION = 'pkg/k8s/apis/cilium.io/client/crds/v2/ciliumnetworkpolicies.yaml';
const SOURCE = new URL('cilium-judge.go', import.meta.url);

/** A folder with the definition of CiliumNetworkPolicy, as `applyCrds` takes it. */
export function ciliumCrds(env: NodeJS.ProcessEnv = process.env): string {
  return dirname(required(definitionPath(env), 'the definition of CiliumNetworkPolicy'));
}

/**
 * What the agent says against each policy, by its own code; an empty text where it takes it.
 * @param policies as they are in YAML or JSON
 */
export function judge(policies: readonly unknown[], env: NodeJS.ProcessEnv = process.env): string[] {
  const program = required(judgePath(env), 'the judge of Cilium policies');
  return JSON.parse(execFileSync(program, { input: JSON.stringify(policies), encoding: 'utf8' })) as string[];
}

/**
 * Fetches the definition and builds the judge: 70 seconds on two cores the first time.
 * @returns whether anything was to do
 */
export function fetchCilium(say: (text: string) => void): boolean {
  if ([definitionPath(), judgePath()].every(existsSync)) return false;
  requireGo();
  inWorkFolder(dirname(judgePath()), work => {
    say(`Cilium ${CILIUM}: fetching the module`);
    const { Dir, GoMod } = downloadModule(MODULE, CILIUM, work);
    copyFileSync(join(Dir, DEFINITION), join(work, 'definition'));
    say(`Cilium ${CILIUM}: building the judge of its policies`);
    copyFileSync(SOURCE, join(work, 'main.go'));
    writeFileSync(join(work, 'go.mod'), goMod(readFileSync(GoMod, 'utf8')));
    go(work, 'build', '-mod=mod', '-trimpath', '-ldflags', '-s -w', '-o', 'judge', '.');
    mkdirSync(dirname(definitionPath()), { recursive: true });
    renameSync(join(work, 'definition'), definitionPath());
    renameSync(join(work, 'judge'), judgePath());
  });
  return true;
}

/** @param theirs the text of Cilium's go.mod; its replacements are left out, since none is of a module that policies need */
function goMod(theirs: string): string {
  return ['module drydock.example/cilium', ...languageOf(theirs), `require ${MODULE} v${CILIUM}`, ''].join('\n\n');
}

function definitionPath(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), 'cilium', CILIUM, 'crds', 'ciliumnetworkpolicies.yaml');
}

/** Named after its source: one that was built of an older source is not it. */
function judgePath(env: NodeJS.ProcessEnv = process.env): string {
  const source = createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 12);
  return join(cacheRoot(env), 'cilium', CILIUM, `judge-${source}`);
}

function required(path: string, what: string): string {
  if (existsSync(path)) return path;
  throw new Error(`${what} is missing: run \`npm run test:tools\` to fetch Cilium ${CILIUM}`);
}
