import { join } from 'node:path';
import { cacheRoot } from './find.ts';
import { fetchPackages } from './python.ts';
import { PATRONI, PSYCOPG2 } from './versions.ts';

/** A folder for PYTHONPATH with Patroni and what it and the agents of databases import; `bin/patroni` below it. It may be missing. */
export function patroniFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), 'patroni', PATRONI);
}

/** @returns whether anything was to do */
export function fetchPatroni(say: (text: string) => void): boolean {
  return fetchPackages(patroniFolder(), [`patroni[kubernetes]==${PATRONI}`, `psycopg2-binary==${PSYCOPG2}`], say);
}
