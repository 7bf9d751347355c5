import fs from 'node:fs';
import { basename, posix } from 'node:path';
import type { OutputFile, Plan } from './comparison.ts';
import { asError, codeOf } from './errors.ts';

/** What publishing asks of the file system; a test passes one that fails or dies on purpose. */
export type Files = Pick<
  typeof fs,
  'accessSync' | 'mkdirSync' | 'readdirSync' | 'renameSync' | 'rmdirSync' | 'unlinkSync' | 'writeFileSync'
>;

/**
 * Carries out a plan, under the lock that was held when it was made.
 *
 * All texts are first written beside dist, into `dist.staging/`: a full disk fails there. Then each is renamed over its place, so that a
 * reader sees the old file or the new one and never a part. Deleting comes last.
 *
 * @throws one error, `dist/<file>: <what>; <remedy>`. Until the first rename dist is as it was; after a later one the next run completes it.
 */
export function publish(plan: Plan, files: Files = fs): void {
  const run = new Run(plan, files);
  const interrupted = run.emptyStaging(); // still there: the last run was killed
  if (!interrupted && plan.added.length + plan.changed.length + plan.removed.length === 0) return;
  try {
    run.stage();
    run.moveIntoPlace();
    run.remove();
  } catch (error) {
    run.undoFolders();
    throw error;
  } finally {
    if (interrupted) run.removeEmptyFolders('.'); // what it made and never filled, or emptied and never removed
    run.removeStaging();
  }
}

class Run {
  readonly #plan: Plan;
  readonly #files: Files;
  readonly #texts: readonly OutputFile[];
  readonly #staging: string;
  readonly #made: string[] = [];

  constructor(plan: Plan, files: Files) {
    this.#plan = plan;
    this.#files = files;
    this.#texts = [...plan.added, ...plan.changed];
    this.#staging = `${plan.dist}.staging`;
  }

  /** Whether there is a staging folder. Its files are numbered: they need no folders of their own, and any other name is not ours. */
  emptyStaging(): boolean {
    return this.#at('.staging', () => {
      if (!this.#exists(this.#staging)) return false;
      const names = this.#files.readdirSync(this.#staging);
      const foreign = names.find(name => !/^\d+$/.test(name));
      if (foreign !== undefined)
        throw new Error(`${this.#name('.staging')}/${foreign}: not ours; move or delete it, then synth again`);
      for (const name of names) this.#files.unlinkSync(`${this.#staging}/${name}`);
      return true;
    });
  }

  /** All that takes space or permission, so that it fails here if it must. */
  stage(): void {
    this.#at('.staging', () => this.#exists(this.#staging) || this.#files.mkdirSync(this.#staging));
    this.#texts.forEach(({ file, text }, i) => {
      this.#at(`/${file}`, () => this.#files.writeFileSync(this.#staged(i), text));
    });
    const ready = new Set<string>();
    for (const { file } of this.#texts) this.#makeReady(posix.dirname(file), ready);
    for (const file of this.#plan.removed) this.#makeReady(posix.dirname(file), ready);
  }

  undoFolders(): void {
    for (const folder of this.#made.reverse()) this.#removeIfEmpty(folder);
  }

  moveIntoPlace(): void {
    this.#texts.forEach(({ file }, i) => {
      this.#at(`/${file}`, () => this.#files.renameSync(this.#staged(i), this.#path(file)));
    });
  }

  /** The files, then the folders that they leave empty; never dist itself, nor a folder with anything else in it. */
  remove(): void {
    const left = new Set<string>();
    for (const file of this.#plan.removed) {
      this.#at(`/${file}`, () => this.#files.unlinkSync(this.#path(file)));
      for (let folder = posix.dirname(file); folder !== '.'; folder = posix.dirname(folder)) left.add(folder);
    }
    const innerFirst = [...left].sort((a, b) => b.length - a.length);
    for (const folder of innerFirst) this.#removeIfEmpty(folder);
  }

  removeEmptyFolders(folder: string): void {
    if (!this.#exists(this.#path(folder))) return;
    for (const entry of this.#files.readdirSync(this.#path(folder), { withFileTypes: true })) {
      if (entry.isDirectory()) this.removeEmptyFolders(posix.join(folder, entry.name));
    }
    if (folder !== '.') this.#removeIfEmpty(folder);
  }

  removeStaging(): void {
    if (this.emptyStaging()) this.#at('.staging', () => this.#files.rmdirSync(this.#staging));
  }

  /** The folder exists and lets us write: the first rename, when dist is no longer as it was, must not be the one to find out. */
  #makeReady(folder: string, ready: Set<string>): void {
    if (ready.has(folder)) return;
    ready.add(folder);
    this.#at(folder === '.' ? '' : `/${folder}`, () => {
      if (this.#exists(this.#path(folder), fs.constants.W_OK | fs.constants.X_OK)) return;
      if (folder !== '.') this.#makeReady(posix.dirname(folder), ready);
      this.#files.mkdirSync(this.#path(folder));
      this.#made.push(folder);
    });
  }

  #removeIfEmpty(folder: string): void {
    this.#at(folder === '.' ? '' : `/${folder}`, () => {
      try {
        this.#files.rmdirSync(this.#path(folder));
      } catch (error) {
        if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
      }
    });
  }

  #exists(path: string, mode?: number): boolean {
    try {
      this.#files.accessSync(path, mode);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }

  #staged(i: number): string {
    return `${this.#staging}/${i}`;
  }

  #path(file: string): string {
    return file === '.' ? this.#plan.dist : `${this.#plan.dist}/${file}`;
  }

  /** How messages name it, whatever folder of whatever machine dist is. */
  #name(suffix: string): string {
    return basename(this.#plan.dist) + suffix;
  }

  #at<T>(suffix: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw asError(error, this.#name(suffix));
    }
  }
}
