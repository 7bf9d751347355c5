import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const UNFINISHED = '.building-';

/** What `go mod download -json` says. */
interface Downloaded {
  readonly Error?: string;
  /** The file with its go.mod. */
  readonly GoMod: string;
  /** The folder with its files. */
  readonly Dir: string;
}

/** Fetches a module through the Go module proxy, checked against Go's checksum database; nothing where Go has it already. */
export function downloadModule(module: string, version: string, cwd: string): Downloaded {
  const { stdout, stderr } = spawnSync('go', ['mod', 'download', '-json', `${module}@v${version}`], {
    cwd,
    encoding: 'utf8',
  });
  const told = stdout.startsWith('{') ? (JSON.parse(stdout) as Downloaded) : undefined;
  if (told === undefined || told.Error !== undefined) {
    throw new Error(`${module} ${version}: ${told?.Error ?? stderr.trim()}; see that GOPROXY can be reached`);
  }
  return told;
}

export function go(cwd: string, ...args: string[]): void {
  execFileSync('go', args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** @param otherwise what helps who does not want to install it */
export function requireGo(otherwise = ''): void {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    throw new Error(`go is missing: install Go 1.25 or newer${otherwise}`);
  }
}

/**
 * Builds one source file against one module, as `judge` in `work`. The module's own replacements are left out.
 *
 * @returns the folder with the module's files
 */
export function buildJudge(work: string, source: URL, module: string, version: string): string {
  const { Dir, GoMod } = downloadModule(module, version, work);
  copyFileSync(source, join(work, 'main.go'));
  const language = languageOf(readFileSync(GoMod, 'utf8'));
  const mod = ['module drydock.example/judge', ...language, `require ${module} v${version}`, ''];
  writeFileSync(join(work, 'go.mod'), mod.join('\n\n'));
  go(work, 'build', '-mod=mod', '-trimpath', '-ldflags', '-s -w', '-o', 'judge', '.');
  return Dir;
}

/** A name for what is built of a source: of an older source it is another. */
export function namedAfter(source: URL): string {
  return `judge-${createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12)}`;
}

/** The lines of a go.mod that say which Go it is written for; a program built from the module needs them too. */
export function languageOf(goMod: string): string[] {
  return goMod.match(/^(?:go|godebug) .*$/gm) ?? [];
}

/** Works in a folder inside `cache`, from which results are renamed to their place: a killed build leaves no half program. */
export function inWorkFolder(cache: string, work: (folder: string) => void): void {
  mkdirSync(cache, { recursive: true });
  sweep(cache);
  const folder = join(cache, `${UNFINISHED}${process.pid}`);
  mkdirSync(folder);
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
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
