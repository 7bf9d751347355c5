import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheRoot } from './find.ts';
import { go, inWorkFolder, namedAfter, requireGo } from './go.ts';
import { COLLECTOR, STANZA } from './versions.ts';

const SOURCE = new URL('collector.go', import.meta.url);
const PINNED = `github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza v${COLLECTOR}`;

/** The OpenTelemetry Collector with the components that our configurations name. @throws where it was not built */
export function otelcol(env: NodeJS.ProcessEnv = process.env): string {
  const program = path(env);
  if (existsSync(program)) return program;
  throw new Error(`the collector is missing: run \`npm run test:tools\` to build OpenTelemetry Collector ${COLLECTOR}`);
}

/**
 * Builds the collector: four minutes on two cores the first time.
 * @returns whether anything was to do
 */
export function buildOtelcol(say: (text: string) => void): boolean {
  if (existsSync(path())) return false;
  requireGo();
  inWorkFolder(dirname(path()), work => {
    say(`OpenTelemetry Collector ${COLLECTOR}: building it with the components in use`);
    copyFileSync(SOURCE, join(work, 'main.go'));
    writeFileSync(join(work, 'go.mod'), goMod(readFileSync(SOURCE, 'utf8')));
    writeFileSync(join(work, 'go.sum'), `${PINNED} ${STANZA.module}\n${PINNED}/go.mod ${STANZA.goMod}\n`);
    go(work, 'build', '-mod=mod', '-trimpath', '-ldflags', '-s -w', '-o', 'otelcol', '.');
    renameSync(join(work, 'otelcol'), path());
  });
  return true;
}

/** Each module that the source imports. What is stable there is numbered 1 by the minor that the rest has, and 94 less. */
export function goMod(source: string): string {
  const stable = new Set(
    ['component', 'confmap', 'confmap/provider/envprovider', 'confmap/provider/fileprovider'].concat([
      'exporter',
      'extension',
      'processor',
      'receiver',
    ]),
  );
  const [, minor] = COLLECTOR.split('.').map(Number);
  const modules = [...source.matchAll(/"((?:github\.com\/open-telemetry|go\.opentelemetry\.io\/collector)\/[^"]+)"/g)]
    .map(([, name]) => name!)
    // A package of the module of the service, which the collector brings.
    .filter(name => !name.includes('/service/'));
  const versionOf = (name: string) =>
    stable.has(name.replace('go.opentelemetry.io/collector/', '')) ? `v1.${minor! - 94}.0` : `v${COLLECTOR}`;
  return [
    'module drydock.example/otelcol',
    'go 1.25.0',
    `require (\n${modules.map(name => `\t${name} ${versionOf(name)}`).join('\n')}\n)`,
    '',
  ].join('\n\n');
}

function path(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), 'otelcol', COLLECTOR, namedAfter(SOURCE));
}
