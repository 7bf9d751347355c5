import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './dock.ts';
import { Guard } from './tools/protect/index.ts';
import { expired, expiredAlerts } from './tools/prove/index.ts';
import { blobsAt, changedSince, parting, textsOf, uncommitted } from './tools/publish/git.ts';
import { Comparison, lock, type Plan, publish } from './tools/publish/index.ts';
import { differences, strangers, summary } from './tools/publish/report.ts';
import { explain } from './tools/render/explain.ts';
import { asLines, asText, type Finding } from './tools/render/finding.ts';

/**
 * The program: `synth` renders, proves and publishes the fleet; `check` does the same in memory and fails where `dist/` is
 * anything else. Messages go to standard error, since the cdk8s CLI swallows the other.
 */
const ROOT = path.dirname(fileURLToPath(import.meta.url));
const DIST = path.join(ROOT, 'dist');

/**
 * @param words of the command line
 * @param load brings the code of the house, so that a file which does not even load is an error like any other
 */
export async function main([verb = 'synth', ...flags]: readonly string[], load: Load): Promise<void> {
  try {
    if (verb === 'synth' && flags.length > 0)
      throw new Error(`synth does not know "${flags.join(' ')}"; it takes nothing`);
    if (verb === 'synth') await synth(load);
    else if (verb === 'check') await check(load, flags);
    else throw new Error(`there is no "${verb}"; say synth or check`);
  } catch (error) {
    say((error as Error).message);
    if (outputFolder() === DIST)
      say('the CLI emptied dist/ before this failed (-o dist); `git restore dist` brings it back');
    process.exitCode = 1;
  }
}

type Load = () => Pick<typeof import('./dock.ts'), 'dock'> & Pick<typeof import('./fleet.ts'), 'fleet' | 'departures'>;

async function synth(load: Load): Promise<void> {
  const started = performance.now();
  const release = await lock(DIST, { onWait: say });
  try {
    const { outcome, plan } = proven(load);
    publish(plan);
    for (const stranger of strangers(plan)) say(`warning: ${stranger}`);
    warnOfExpired(outcome);
    if (outcome.waived.length > 0) say(`${outcome.waived.length} findings are waived`);
    say(summary(outcome, plan, (performance.now() - started) / 1000));
    receipt(outcome);
  } finally {
    release();
  }
}

async function check(load: Load, flags: readonly string[]): Promise<void> {
  const release = await lock(DIST, { onWait: say });
  try {
    const base = baseOf(flags);
    const touched = base === undefined ? new Set<string>() : changedSince(ROOT, base, 'dist');
    if (touched === undefined)
      throw new Error(`check --base ${base}: there is no git here to ask what changed; leave --base out`);
    const { outcome, plan } = proven(load, base && parting(ROOT, base));
    const faults = [
      ...differences(plan),
      ...strangers(plan),
      ...(uncommitted(ROOT, 'dist') ?? skipped('whether dist/ is committed')),
    ];
    for (const finding of warnOfExpired(outcome)) {
      if (touched.has(`dist/${finding.file}`))
        faults.push(
          `${asText(finding)}${finding.rule === 'waiver' ? ', or renew the waiver' : ''}: this change touches dist/${finding.file}`,
        );
    }
    if (faults.length > 0) throw new Error(faults.join('\n'));
    say(`dist/ is what the code says: ${outcome.objects} objects of ${outcome.units} units`);
  } finally {
    release();
  }
}

/**
 * The whole fleet rendered, judged and held against `dist/`, and against the data that a commit's `dist/` stands for.
 *
 * @throws with every finding
 */
function proven(load: Load, commit = 'HEAD'): { outcome: Outcome; plan: Plan } {
  const { dock, fleet, departures } = loaded(load);
  const comparison = new Comparison(DIST);
  const guard = new Guard(new Map(blobsAt(ROOT, commit, 'dist') ?? skipped('what the change does to data')));
  const outcome = dock(fleet, {
    imports: path.join(ROOT, 'imports'),
    runbooks: path.join(ROOT, 'runbooks'),
    departures,
    take: (file, text) => {
      comparison.compare(file, text);
      guard.see(file, text);
    },
    onUnit: progress,
  });
  progress('');
  refuse(outcome.findings);
  const { findings, waived, done } = guard.judge(blobs => textsOf(ROOT, blobs), outcome.acknowledgements);
  for (const line of done) say(`warning: ${line}`);
  refuse(findings);
  return { outcome: { ...outcome, waived: [...outcome.waived, ...waived] }, plan: comparison.plan() };
}

function refuse(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const lines = asLines(findings);
  throw new Error([...lines, `${lines.length} finding${lines.length === 1 ? '' : 's'}; dist/ is untouched`].join('\n'));
}

function loaded(load: Load): ReturnType<Load> {
  try {
    return load();
  } catch (error) {
    const { given, remedy } = explain(error);
    throw new Error(`${given}; ${remedy}`);
  }
}

function warnOfExpired(outcome: Outcome) {
  const today = new Date().toISOString().slice(0, 10);
  const over = [...expired(outcome.waived, today), ...expiredAlerts(outcome.agreed, today)];
  for (const line of asLines(over)) say(`warning: ${line}`);
  return over;
}

/** The cdk8s CLI lists the YAML files of its output folder, and calls an empty one a failure. */
function receipt({ clusters, units, objects }: Outcome): void {
  const folder = outputFolder();
  if (folder === undefined || `${folder}${path.sep}`.startsWith(`${DIST}${path.sep}`)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'receipt.yaml'),
    `# The manifests are in dist/.\nclusters: ${clusters}\nunits: ${units}\nobjects: ${objects}\n`,
  );
}

function outputFolder(): string | undefined {
  const folder = process.env.CDK8S_OUTDIR;
  return folder === undefined ? undefined : path.resolve(folder);
}

function baseOf(flags: readonly string[]): string | undefined {
  const [flag, base, ...rest] = flags;
  if (flag === undefined) return undefined;
  if (flag !== '--base' || base === undefined || rest.length > 0)
    throw new Error(`check does not know "${flags.join(' ')}"; say check --base <ref>`);
  return base;
}

function skipped(what: string): [] {
  say(`no git here: ${what} was not checked`);
  return [];
}

function progress(unit: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${unit}`);
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
