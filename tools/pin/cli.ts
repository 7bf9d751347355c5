import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TIERS } from '../../charts/cluster.ts';
import { pinFault, repositoriesNamed } from '../../charts/image.ts';
import { type ImagesFile, pin } from './index.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const USAGE = `npm run pin -- <image> <tier> <tag>     pins an image in apps/<system>/images.yaml, and renders

  <image>  the repository or its end, e.g. zapora/api
  <tier>   ${TIERS.join(', ')}
  <tag>    a tag, or tag@sha256:digest
`;

async function main(words: readonly string[]): Promise<void> {
  if (words.includes('--help') || words.includes('-h')) return void process.stdout.write(USAGE);
  const [image, tier, tag, ...rest] = words;
  if (image === undefined || tier === undefined || tag === undefined || rest.length > 0)
    throw new Error(`it takes an image, a tier and a tag, not "${words.join(' ')}"\n\n${USAGE}`);

  const files = imagesFiles();
  const { file, repository, before, text } = pin(
    files,
    { image, tier, pin: tag },
    { tiers: TIERS, named: repositoriesNamed, fault: pinFault },
  );
  if (before === tag) return say(`${file}: ${repository} is ${tag} in ${tier} already; nothing changed`);

  const original = files.find(each => each.file === file)!.text;
  // From here on a signal ends the render alone, so that the pin can be put back.
  let child: ChildProcess | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child?.kill(signal));
  write(file, text);
  say(`${file}: ${repository} in ${tier}: ${before} → ${tag}`);
  child = spawn(process.execPath, ['start.cjs', 'synth'], { cwd: ROOT, stdio: 'inherit' });
  if (await passed(child)) return;
  if (readFileSync(join(ROOT, file), 'utf8') !== text)
    throw new Error(`the render failed, and ${file} was changed meanwhile; put ${before} back by hand`);
  write(file, original);
  throw new Error(`the render failed; ${file} is as it was, mend what it names and pin again`);
}

function imagesFiles(): ImagesFile[] {
  return readdirSync(join(ROOT, 'apps'))
    .sort()
    .map(system => `apps/${system}/images.yaml`)
    .filter(file => existsSync(join(ROOT, file)))
    .map(file => ({ file, text: asText(file) }));
}

/** @throws where bytes would not come back as they are */
function asText(file: string): string {
  const bytes = readFileSync(join(ROOT, file));
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) throw new Error(`${file} is not UTF-8; save it as that`);
  return text;
}

/** Beside its place first and then renamed over it: nobody reads half a file, and a full disk leaves the old one. */
function write(file: string, text: string): void {
  const place = realpathSync(join(ROOT, file));
  const draft = `${place}.new`;
  try {
    writeFileSync(draft, text, { mode: statSync(place).mode });
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new Error(`${file}: ${(error as Error).message}; see to it, then pin again`);
  }
}

/** Whether a render, as `npm run synth` does it, passed. */
function passed(child: ChildProcess): Promise<boolean> {
  return new Promise(resolve => {
    child.on('exit', code => resolve(code === 0));
    child.on('error', () => resolve(false));
  });
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  say(`pin: ${error.message}`);
  process.exitCode = 1;
});
