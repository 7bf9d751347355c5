import type { Plan } from './comparison.ts';
import { HEADER } from './tree.ts';

/** Names listed for each kind of change; a fleet-wide edit would fill the terminal otherwise. */
const LISTED = 20;

/** Kinds whose loss is the loss of data or of everything inside; a removal names them first. */
const STATEFUL = ['StatefulSet', 'PersistentVolumeClaim', 'PersistentVolume', 'Namespace', 'CustomResourceDefinition'];

/** What a person reads after a render: how much, what changed, what next. */
export function summary(
  count: { clusters: number; units: number; objects: number },
  plan: Plan,
  seconds: number,
): string {
  const { added, changed, removed } = plan;
  const lines = [
    ...list(
      'added',
      added.map(({ file }) => file),
    ),
    ...list(
      'changed',
      changed.map(({ file }) => file),
    ),
    // Never cut short: what goes is what a reviewer must not miss.
    ...[...removed].sort(statefulFirst).map(file => `  removed  dist/${file}`),
    `${count.objects} objects of ${count.units} units in ${count.clusters} clusters: ${added.length} added, ${changed.length} changed, ${removed.length} removed (${seconds.toFixed(2)} s)`,
  ];
  if (added.length + changed.length + removed.length > 0)
    lines.push('next: read `git diff dist`, then commit dist/ together with the code');
  return lines.join('\n');
}

function list(what: string, files: readonly string[]): string[] {
  const shown = files.slice(0, LISTED).map(file => `  ${what.padEnd(7)}  dist/${file}`);
  return files.length > LISTED ? [...shown, `  … and ${files.length - LISTED} more ${what}`] : shown;
}

function statefulFirst(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(file: string): number {
  const kind = file.split('/').at(-1)!.split('.')[0]!;
  return STATEFUL.includes(kind) ? STATEFUL.indexOf(kind) : STATEFUL.length;
}

/** Files that Argo CD would apply though nobody here made or proved them: it reads every manifest below an Application's folder. */
export function strangers({ foreign }: Plan): string[] {
  return foreign
    .filter(file => /\.(ya?ml|json)$/i.test(file))
    .map(
      file =>
        `dist/${file}: not ours, and Argo CD would apply it unproven; render it from code, or move it out of dist/`,
    );
}

/** Each way in which `dist/` is not what the code says. */
export function differences({ added, changed, removed }: Plan): string[] {
  const synth = 'run `npm run synth`, review and commit';
  return [
    ...added.map(({ file, text }) => `dist/${file} (${constructOf(text)}): rendered, but not there; ${synth}`),
    ...changed.map(
      ({ file, text }) =>
        `dist/${file} (${constructOf(text)}): not what the code says, edited by hand or stale; ${synth}`,
    ),
    ...removed.map(file => `dist/${file}: no longer rendered; ${synth}`),
  ];
}

function constructOf(text: string): string {
  return text.slice(HEADER.length, text.indexOf('\n'));
}
