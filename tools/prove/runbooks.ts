import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The pages below `runbooks/` by their path, and of each the anchors of its headings and whether text stands below them. */
export type Runbooks = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

/** @param folder the folder `runbooks/`; where there is none, each page that an alert leads to is a finding */
export function runbooksIn(folder: string): Runbooks {
  if (!existsSync(folder)) return new Map();
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.md'));
  return new Map(
    pages
      .sort()
      .map(file => [file.replaceAll(path.sep, '/'), headingsOf(readFileSync(path.join(folder, file), 'utf8'))]),
  );
}

/** A page's headings by the anchors that GitHub gives them, and whether anything is said below each or below those under it. */
export function headingsOf(page: string): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  const times = new Map<string, number>();
  /** Headings that are open, the deepest last. */
  let open: { readonly level: number; readonly anchor: string }[] = [];
  let fence: string | undefined;
  for (const line of page.split('\n')) {
    const mark = /^\s*(```|~~~)/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || fence === mark)) fence = fence === undefined ? mark : undefined;
    const [, hashes, title] = fence === undefined ? (/^(#{1,6})\s+(.+?)\s*#*$/.exec(line) ?? []) : [];
    if (hashes !== undefined) {
      const plain = anchorOf(title!);
      const count = times.get(plain) ?? 0;
      times.set(plain, count + 1);
      const anchor = count === 0 ? plain : `${plain}-${count}`;
      open = [...open.filter(({ level }) => level < hashes.length), { level: hashes.length, anchor }];
      found.set(anchor, false);
    } else if (line.trim() !== '') for (const { anchor } of open) found.set(anchor, true);
  }
  return found;
}

/** As GitHub makes one: lower case, without punctuation, `-` for a space. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
