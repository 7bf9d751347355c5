import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheRoot } from './find.ts';
import { downloadModule, go, inWorkFolder, requireGo } from './go.ts';
import { EXPORTERS } from './versions.ts';

export type Exporter = keyof typeof EXPORTERS;

/** Where each is made from. */
const SOURCES: Readonly<Record<Exporter, { readonly module: string; readonly command?: string }>> = {
  postgres_exporter: {
    module: 'github.com/prometheus-community/postgres_exporter',
    command: './cmd/postgres_exporter',
  },
  pgbouncer_exporter: { module: 'github.com/prometheus-community/pgbouncer_exporter' },
  redis_exporter: { module: 'github.com/oliver006/redis_exporter' },
  'kube-state-metrics': { module: 'k8s.io/kube-state-metrics/v2' },
};

/** A program that tells Prometheus of another. @throws where it is not built */
export function exporter(name: Exporter, env: NodeJS.ProcessEnv = process.env): string {
  const path = exporterPath(name, env);
  if (existsSync(path)) return path;
  throw new Error(`${name} ${EXPORTERS[name]} is missing: run \`npm run test:tools\` to build it`);
}

/** The folder of a built exporter, whether it is there or not. */
export function exporterFolder(name: Exporter, env: NodeJS.ProcessEnv = process.env): string {
  return dirname(exporterPath(name, env));
}

/**
 * Builds those that the cache lacks from their modules, with what these name in their own go.mod and go.sum: three minutes the first time,
 * nearly all of it kube-state-metrics'.
 * @returns whether anything was to do
 */
export function buildExporters(say: (text: string) => void): boolean {
  const lacking = (Object.keys(SOURCES) as Exporter[]).filter(name => !existsSync(exporterPath(name)));
  if (lacking.length === 0) return false;
  requireGo();
  for (const name of lacking) {
    const { module, command = '.' } = SOURCES[name];
    say(`${name} ${EXPORTERS[name]}: building it`);
    inWorkFolder(dirname(exporterFolder(name)), work => {
      const { Dir } = downloadModule(module, EXPORTERS[name], work);
      go(Dir, 'build', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-o', join(work, name), command);
      renameSync(work, exporterFolder(name));
    });
  }
  return true;
}

function exporterPath(name: Exporter, env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), name, EXPORTERS[name], name);
}
