import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dock, type Outcome } from './dock.ts';
import { fleet } from './fleet.ts';
import { expired } from './tools/prove/index.ts';
import { changedSince, uncommitted } from './tools/publish/git.ts';
import { Comparison, lock, type Plan, publish } from './tools/publish/index.ts';
import { differences, summary } from './tools/publish/report.ts';
import { asText } from './tools/render/finding.ts';

/**
 * The program: `synth` renders, proves and publishes the fleet; `check` does the same in memory and fails where `dist/` is
 * anything else. Messages go to standard error, since the cdk8s CLI swallows the other.
 */
const ROOT = path.dirname(fileURLToPath(import.meta.url));
const DIST = path.join(ROOT, 'dist');

async function main([verb = 'synth', ...flags]: readonly string[]): Promise<void> {
  if (verb === 'synth' && flags.length > 0)
    throw new Error(`synth does not know "${flags.join(' ')}"; it takes nothing`);
  if (verb === 'synth') await synth();
  else if (verb === 'check') await check(flags);
  else throw new Error(`there is no "${verb}"; say synth or check`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  say(error.message);
  if (outputFolder() === DIST)
    say('the CLI emptied dist/ before this failed (-o dist); `git restore dist` brings it back');
  process.exitCode = 1;
});

async function synth(): Promise<void> {
  const started = performance.now();
  const release = await lock(DIST, { onWait: say });
  try {
    const { outcome, plan } = proven();
    publish(plan);
    warnOfExpired(outcome);
    say(summary(outcome, plan, (performance.now() - started) / 1000));
    receipt(outcome);
  } finally {
    release();
  }
}

async function check(flags: readonly string[]): Promise<void> {
  const release = await lock(DIST, { onWait: say });
  try {
    const { outcome, plan } = proven();
    const faults = [...differences(plan), ...(uncommitted(ROOT, 'dist') ?? skipped('whether dist/ is committed'))];
    const base = baseOf(flags);
    const touched =
      base === undefined
        ? new Set<string>()
        : (changedSince(ROOT, base, 'dist') ?? new Set<string>(skipped(`what changed since ${base}`)));
    for (const finding of warnOfExpired(outcome)) {
      if (touched.has(`dist/${finding.file}`))
        faults.push(`${asText(finding)}, or renew the waiver: this change touches dist/${finding.file}`);
    }
    if (faults.length > 0) throw new Error(faults.join('\n'));
    say(`dist/ is what the code says: ${outcome.objects} objects of ${outcome.units} units`);
  } finally {
    release();
  }
}

/** The whole fleet rendered, judged and held against `dist/`. @throws with every finding */
function proven(): { outcome: Outcome; plan: Plan } {
  const comparison = new Comparison(DIST);
  const outcome = dock(fleet, {
    imports: path.join(ROOT, 'imports'),
    take: (file, text) => comparison.compare(file, text),
    onUnit: progress,
  });
  progress('');
  if (outcome.findings.length > 0) {
    const count = `${outcome.findings.length} finding${outcome.findings.length === 1 ? '' : 's'}; dist/ is untouched`;
    throw new Error([...outcome.findings.map(asText), count].join('\n'));
  }
  return { outcome, plan: comparison.plan() };
}

function warnOfExpired(outcome: Outcome) {
  const over = expired(outcome.waived, new Date().toISOString().slice(0, 10));
  for (const finding of over) say(`warning: ${asText(finding)}`);
  return over;
}

/** The cdk8s CLI lists the YAML files of its output folder, and calls an empty one a failure. */
function receipt({ clusters, units, objects }: Outcome): void {
  const folder = outputFolder();
  if (folder === undefined || folder === DIST) return;
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
