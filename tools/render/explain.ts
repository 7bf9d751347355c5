import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Where authors write: the line that a person can mend is here, rather than in the vocabulary that it called. */
const AUTHORS = /^(apps|clusters)\/|^fleet\.ts/;

/**
 * What an error thrown by an app's code says, with the line of the project that it comes from where the text names no remedy.
 *
 * @param place the construct's path where it is known, so that a text which begins with it does not say it twice
 */
export function explain(error: unknown, place?: string): { given: string; remedy: string } {
  if (!(error instanceof Error)) return { given: `threw ${String(error)}`, remedy: 'throw an Error' };
  const { name, stack = '' } = error;
  const message =
    place !== undefined && error.message.startsWith(`${place}: `)
      ? error.message.slice(place.length + 2)
      : error.message;
  // Our own errors end with their remedy behind a semicolon.
  const semicolon = message.lastIndexOf('; ');
  if (semicolon > 0) return { given: message.slice(0, semicolon), remedy: message.slice(semicolon + 2) };
  return { given: `${name}: ${message}`, remedy: `mend ${lineOf(stack) ?? 'the code'}` };
}

/** `apps/zapora/index.ts:12`: the innermost line that an author wrote, else of the project. */
function lineOf(stack: string): string | undefined {
  const frames = [...stack.matchAll(/((?:file:\/\/)?\/[^\s()]+):(\d+):\d+/g)]
    .map(([, file, line]) => ({ file: file!.startsWith('file:') ? fileURLToPath(file!) : file!, line }))
    .filter(({ file }) => file.startsWith(ROOT) && !file.includes('/node_modules/'))
    .map(({ file, line }) => `${file.slice(ROOT.length)}:${line}`);
  return frames.find(frame => AUTHORS.test(frame)) ?? frames[0];
}
