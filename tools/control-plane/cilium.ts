import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheRoot } from './find.ts';
import { buildJudge, inWorkFolder, namedAfter, requireGo } from './go.ts';
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
    say(`Cilium ${CILIUM}: fetching the module, building the judge of its policies`);
    const module = buildJudge(work, SOURCE, MODULE, CILIUM);
    copyFileSync(join(module, DEFINITION), join(work, 'definition'));
    mkdirSync(dirname(definitionPath()), { recursive: true });
    renameSync(join(work, 'definition'), definitionPath());
    renameSync(join(work, 'judge'), judgePath());
  });
  return true;
}

function definitionPath(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), 'cilium', CILIUM, 'crds', 'ciliumnetworkpolicies.yaml');
}

function judgePath(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), 'cilium', CILIUM, namedAfter(SOURCE));
}

function required(path: string, what: string): string {
  if (existsSync(path)) return path;
  throw new Error(`${what} is missing: run \`npm run test:tools\` to fetch Cilium ${CILIUM}`);
}
