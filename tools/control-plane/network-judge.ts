import { execFileSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheRoot } from './find.ts';
import { buildJudge, inWorkFolder, namedAfter, requireGo } from './go.ts';
import { CYCLONUS } from './versions.ts';

const MODULE = 'github.com/mattfenwick/cyclonus';
const SOURCE = new URL('network-judge.go', import.meta.url);

/** One end of a connection, as the judge takes it: a pod by its labels, or an address. */
export interface Asked {
  readonly from: AskedEnd;
  readonly to: AskedEnd;
  readonly port: number;
  /** What the destination's containers call the port. */
  readonly portName?: string;
  readonly protocol: 'TCP' | 'UDP';
}

export type AskedEnd =
  | {
      readonly namespace: string;
      readonly namespaceLabels: Readonly<Record<string, string>>;
      readonly labels: Readonly<Record<string, string>>;
    }
  | { readonly address: string };

/**
 * Whether NetworkPolicies let connections through, by cyclonus, from which the upstream tests of NetworkPolicy came.
 *
 * @returns for each query whether the source may send it, and the destination take it
 */
export function judgeNetwork(
  policies: readonly unknown[],
  queries: readonly Asked[],
): [egress: boolean, ingress: boolean][] {
  if (!existsSync(path()))
    throw new Error(
      `the judge of NetworkPolicies is missing: run \`npm run test:tools\` to build cyclonus ${CYCLONUS}`,
    );
  const input = JSON.stringify({ policies, queries });
  return JSON.parse(execFileSync(path(), { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));
}

/**
 * Builds the judge: a minute on two cores the first time.
 * @returns whether anything was to do
 */
export function buildNetworkJudge(say: (text: string) => void): boolean {
  if (existsSync(path())) return false;
  requireGo();
  inWorkFolder(dirname(path()), work => {
    say(`cyclonus ${CYCLONUS}: building the judge of NetworkPolicies`);
    buildJudge(work, SOURCE, MODULE, CYCLONUS);
    renameSync(join(work, 'judge'), path());
  });
  return true;
}

function path(): string {
  return join(cacheRoot(process.env), 'cyclonus', CYCLONUS, namedAfter(SOURCE));
}
