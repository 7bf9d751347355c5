import { createHash } from 'node:crypto';
import { type Judgement, judge, type PlacedAcknowledgement } from './acknowledgement.ts';
import type { Danger, Verdict } from './change.ts';
import { claim } from './claim.ts';
import { databases } from './databases.ts';
import { gone } from './gone.ts';
import { marks } from './marks.ts';
import { shards } from './shards.ts';
import { statefulSet } from './stateful-set.ts';
import { storageClass } from './storage-class.ts';
import { isSame, kindIn, matters, read, unitIn, type Version } from './version.ts';

export type { PlacedAcknowledgement } from './acknowledgement.ts';

/**
 * Judges a change before it is published: what is rendered against what a commit has. It names what Kubernetes would refuse
 * and what would lose data, and changes nothing.
 *
 * A rendered text whose blob the commit has is let go at once, so that memory and time are those of the change.
 */
export class Guard {
  /** What of the commit is not rendered as it was. */
  readonly #gone: Map<string, string>;
  readonly #units = new Set<string>();
  /** What is new or another than at the commit. */
  readonly #texts = new Map<string, string>();

  /** @param committed the id of git's blob for each file below `dist/`; empty where there is nothing to compare with */
  constructor(private readonly committed: ReadonlyMap<string, string>) {
    this.#gone = new Map(committed);
  }

  see(file: string, text: string): void {
    if (this.committed.size === 0) return;
    this.#units.add(unitIn(file));
    if (this.#gone.get(file) === blobId(text)) this.#gone.delete(file);
    else this.#texts.set(file, text);
  }

  /**
   * When all is rendered.
   *
   * @param textsOf gives the texts of blobs, in their order
   */
  judge(
    textsOf: (blobs: readonly string[]) => readonly string[],
    acknowledgements: readonly PlacedAcknowledgement[],
  ): Judgement {
    const texts = this.#gone.size === 0 ? [] : textsOf([...this.#gone.values()]);
    const dangers: Danger[] = [];
    const left: Version[] = [];
    for (const before of this.#versions(texts)) {
      const after = this.#now(before);
      if (after === undefined) left.push(before);
      else
        for (const verdict of verdicts(before, after))
          dangers.push({ version: { ...after, file: before.file }, ...verdict });
    }
    dangers.push(...gone(left, { unit: folder => this.#units.has(folder), newcomers: this.#newcomers('StatefulSet') }));
    return judge(dangers, acknowledgements);
  }

  /** What of all that is no longer as it was matters. */
  #versions(texts: readonly string[]): Version[] {
    return [...this.#gone.keys()].flatMap((file, index) => {
      const text = texts[index]!;
      return matters(file, text, this.#texts.get(file)) ? (read(file, text) ?? []) : [];
    });
  }

  /** The same object as it is rendered now, wherever its file stands. */
  #now(before: Version): Version | undefined {
    const text = this.#texts.get(before.file);
    const here = text === undefined ? undefined : read(before.file, text);
    if (here !== undefined && isSame(here, before)) return here;
    return this.#newcomers(kindIn(before.file)).find(each => isSame(each, before));
  }

  /** Objects in files that the commit does not have. */
  #newcomers(kind: string): Version[] {
    return [...this.#texts].flatMap(([file, text]) => {
      if (this.committed.has(file) || kindIn(file) !== kind) return [];
      return read(file, text) ?? [];
    });
  }
}

const JUDGES: Readonly<Record<string, (before: Version['manifest'], after: Version['manifest']) => Verdict[]>> = {
  'apps/v1/StatefulSet': statefulSet,
  'v1/PersistentVolumeClaim': claim,
  'storage.k8s.io/v1/StorageClass': storageClass,
};

function* verdicts({ manifest: before }: Version, { manifest: after }: Version): Iterable<Verdict> {
  yield* JUDGES[`${before.apiVersion}/${before.kind}`]?.(before, after) ?? [];
  yield* marks(before, after);
  yield* shards(before, after);
  yield* databases(before, after);
}

/** As git names a file's content. */
function blobId(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}
