import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a checkout holds that the program needs; the packages are shared. */
const PARTS = [
  'apps',
  'argocd',
  'charts',
  'clusters',
  'dist',
  'imports',
  'runbooks',
  'tools',
  'cdk8s.yaml',
  'dock.ts',
  'fleet.ts',
  'main.ts',
  'package.json',
  'start.cjs',
  'tsconfig.json',
];

/** A copy of the project in a folder of its own, to break and to run as a person would. */
export class Checkout {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'drydock-'));
  readonly root: string;

  /** @param below the project's folder within a larger repository. @default it is the repository */
  constructor(below = '') {
    this.root = path.join(this.#folder, below);
    for (const part of PARTS) cpSync(path.join(ROOT, part), path.join(this.root, part), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(this.root, 'node_modules'));
  }

  /** Replaces one passage of a file. */
  edit(file: string, before: string, after: string): void {
    const text = readFileSync(this.at(file), 'utf8');
    if (text.split(before).length !== 2) throw new Error(`${file} does not hold ${JSON.stringify(before)} once`);
    writeFileSync(
      this.at(file),
      text.replace(before, () => after),
    );
  }

  at(file: string): string {
    return path.join(this.root, file);
  }

  /** `npm run synth` and its like, without npm's start-up. */
  run(verb: string, ...flags: string[]): { code: number | null; output: string } {
    return this.spawn(process.execPath, ['start.cjs', verb, ...flags]);
  }

  /** `npx cdk8s synth`. */
  cdk8s(...flags: string[]): { code: number | null; output: string } {
    return this.spawn(path.join('node_modules', '.bin', 'cdk8s'), ['synth', ...flags]);
  }

  spawn(
    command: string,
    words: string[],
    options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
  ): { code: number | null; output: string } {
    const env = { ...process.env, CDK8S_CHECK_UPGRADE: 'false', ...options.env };
    const { status, stdout, stderr } = spawnSync(command, words, {
      cwd: options.cwd ?? this.root,
      encoding: 'utf8',
      env,
    });
    return { code: status, output: stdout + stderr };
  }

  /** Makes the copy, or the folder above it, a repository with one commit. */
  intoGit(folder = '.'): void {
    writeFileSync(this.at('.gitignore'), 'node_modules\n');
    this.git('init', '-q', folder);
    this.commit();
  }

  commit(): void {
    this.git('add', '-A');
    this.git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
  }

  git(...words: string[]): void {
    const { code, output } = this.spawn('git', words);
    if (code !== 0) throw new Error(output);
  }

  /** One hash over every path and byte of `dist/`. */
  dist(): string {
    const hash = createHash('sha256');
    for (const file of readdirSync(this.at('dist'), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => path.join(entry.parentPath, entry.name))
      .sort()) {
      hash.update(path.relative(this.root, file)).update(readFileSync(file));
    }
    return hash.digest('hex');
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
