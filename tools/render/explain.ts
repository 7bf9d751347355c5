import { fileURLToPath } from 'node:url';

/** What an error thrown by an app's code says, with the line of the project that threw it where the text names no place. */
export function explain(error: unknown): { given: string; remedy: string } {
  if (!(error instanceof Error)) return { given: `threw ${String(error)}`, remedy: 'throw an Error' };
  const { message, stack = '' } = error;
  // Our own errors end with their remedy behind a semicolon.
  const semicolon = message.lastIndexOf('; ');
  if (semicolon > 0) return { given: message.slice(0, semicolon), remedy: message.slice(semicolon + 2) };
  return { given: `${error.name}: ${message}`, remedy: `mend ${frameOf(stack) ?? 'the code'}` };
}

/** The innermost line of the stack that is neither a package's nor Node's, as `apps/zapora/index.ts:12`. */
function frameOf(stack: string): string | undefined {
  for (const [, place] of stack.matchAll(/((?:file:\/\/|\/)[^\s()]+:\d+):\d+/g)) {
    if (place === undefined || place.includes('/node_modules/')) continue;
    const file = place.startsWith('file:') ? fileURLToPath(place.replace(/:\d+$/, '')) : place.replace(/:\d+$/, '');
    return `${file.split('/').slice(-3).join('/')}:${place.match(/\d+$/)?.[0]}`;
  }
  return undefined;
}
