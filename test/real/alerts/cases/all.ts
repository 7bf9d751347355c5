import { readdirSync } from 'node:fs';
import type { Cases } from '../case.ts';

/**
 * The cases of all files beside this one.
 * @throws where two files have a case of one alert
 */
export async function allCases(): Promise<Cases> {
  const all: Record<string, Cases[string]> = {};
  const folder = new URL('.', import.meta.url);
  for (const file of readdirSync(folder)
    .filter(name => name.endsWith('.ts') && name !== 'all.ts')
    .sort()) {
    const parts = Object.values((await import(new URL(file, folder).href)) as Record<string, Cases>);
    for (const [name, made] of parts.flatMap(cases => Object.entries(cases))) {
      if (all[name]) throw new Error(`${file}: ${name} has a case in another file, too; leave one of them out`);
      all[name] = made;
    }
  }
  return all;
}
