import { posix } from 'node:path';
import { HEADER, Tree } from './tree.ts';

export interface OutputFile {
  /** Path below dist, its segments joined by `/`: `dev/zapora/services/zapora/Service.api.yaml`. */
  readonly file: string;
  /** The whole text; its first line begins with `# drydock: `, or the next run would not know the file for ours. */
  readonly text: string;
}

/** Names joined by `/`, none of them empty, `.` or `..`. */
const PLAIN_PATH = /^(?:(?!\.{1,2}(?:\/|$))[^/\\\0]+(?:\/(?!$)|$))+$/;

/** What publishing would do. Paths are below dist and sorted. */
export interface Plan {
  /** The real path of dist, which need not exist yet. */
  readonly dist: string;
  readonly added: readonly OutputFile[];
  readonly changed: readonly OutputFile[];
  readonly unchanged: number;
  /** Ours, and no longer rendered. */
  readonly removed: readonly string[];
  /** Not ours: left alone. */
  readonly foreign: readonly string[];
}

/** Holds rendered texts against dist, one by one, and keeps only those that differ: a fleet's memory is that of its change. */
export class Comparison {
  readonly #tree: Tree;
  readonly #rendered = new Set<string>();
  readonly #added: OutputFile[] = [];
  readonly #changed: OutputFile[] = [];
  readonly #obstacles: string[] = [];

  /** Lists dist at once; its files are read as their texts come. A dist that does not exist yet is empty. */
  constructor(dist: string) {
    this.#tree = new Tree(dist);
  }

  /** @throws where the path leads out of dist, comes twice, or the text lacks its first line: all mistakes of the caller. */
  compare(file: string, text: string): void {
    const place = this.#tree.place(file);
    if (!PLAIN_PATH.test(file)) {
      throw new Error(
        `${JSON.stringify(place)}: not a plain path below dist; join names with '/', without '..' or empty names`,
      );
    }
    if (!text.startsWith(HEADER))
      throw new Error(`${place}: the text does not begin with '${HEADER}'; put it in the first line`);
    if (this.#rendered.has(file)) throw new Error(`${place}: rendered twice; give one of the two objects another name`);
    this.#rendered.add(file);

    const kind = this.#tree.entries.get(file);
    if (kind === undefined) return void this.#added.push({ file, text });
    const standing = kind === 'file' ? this.#tree.compare(file, text) : 'foreign';
    if (standing === 'ours') this.#changed.push({ file, text });
    if (standing === 'foreign') this.#inTheWay(file, kind === 'file' ? 'a file that is not ours' : `a ${kind}`);
  }

  /** @throws naming everything that stands in the way of a rendered file. */
  plan(): Plan {
    const free = new Set(['.']);
    for (const { file } of this.#added) this.#clearWay(posix.dirname(file), free);
    if (this.#obstacles.length > 0) throw new Error(this.#obstacles.join('\n'));

    const removed: string[] = [];
    const foreign: string[] = [];
    for (const [file, kind] of this.#tree.entries) {
      if (kind === 'folder' || this.#rendered.has(file)) continue;
      (kind === 'file' && this.#tree.isOurs(file) ? removed : foreign).push(file);
    }
    return {
      dist: this.#tree.root,
      added: this.#added.sort(byFile),
      changed: this.#changed.sort(byFile),
      unchanged: this.#rendered.size - this.#added.length - this.#changed.length,
      removed: removed.sort(),
      foreign: foreign.sort(),
    };
  }

  /** Every folder above a new file must be a real one: a link could lead out of dist. */
  #clearWay(folder: string, free: Set<string>): void {
    if (free.has(folder)) return;
    free.add(folder);
    const kind = this.#tree.entries.get(folder);
    if (this.#rendered.has(folder)) this.#inTheWay(folder, 'a rendered file where other rendered files need a folder');
    else if (kind !== undefined && kind !== 'folder')
      this.#inTheWay(folder, `a ${kind} where rendered files need a folder`);
    this.#clearWay(posix.dirname(folder), free);
  }

  #inTheWay(file: string, what: string): void {
    this.#obstacles.push(`${this.#tree.place(file)}: ${what} is in the way; move or delete it, then synth again`);
  }
}

function byFile(a: OutputFile, b: OutputFile): number {
  return a.file < b.file ? -1 : 1;
}
