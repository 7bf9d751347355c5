import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectKubeconfig } from '../control-plane/api.ts';
import { releaseOf } from '../control-plane/versions.ts';
import { groupOf } from '../render/manifest.ts';
import { customFiles, type Files, groupFiles, kubernetesFiles } from './index.ts';
import { fromTypes } from './packages.ts';
import type { Import } from './schema.ts';
import { importKubernetes, readGroup } from './server.ts';
import { sources } from './sources.ts';
import { writeAll } from './write.ts';

const IMPORTS = fileURLToPath(new URL('../../imports/', import.meta.url));
const USAGE = `npm run import                        all of imports/: the fleet's Kubernetes minors and the kinds of tools/import/sources.ts
npm run import -- 1.34                one more minor
npm run import -- --kubeconfig FILE [--context NAME] --group example.com [--group …]
                                      your own custom resources, as your API server knows them
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      group: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const { kubeconfig, context, group } = values;
  if (kubeconfig !== undefined || context !== undefined || group.length > 0) {
    if (kubeconfig === undefined || group.length === 0 || positionals.length > 0) {
      throw new Error(`your own kinds need --kubeconfig and --group, and no minor\n${USAGE}`);
    }
    return report(await ownGroups(kubeconfig, context, group));
  }
  const minors = positionals.length > 0 ? positionals : await fleetMinors();
  report(new Map([...(await kubernetes(minors)), ...(positionals.length > 0 ? [] : custom())]));
}

async function kubernetes(minors: readonly string[]): Promise<Files> {
  const releases = minors.map(releaseOf);
  const fresh: Import[] = [];
  for (const release of releases) {
    say(`Kubernetes ${release}: starting its API server`);
    fresh.push(await importKubernetes(release));
  }
  return kubernetesFiles(fresh, committed());
}

function custom(): Files {
  say('custom resources: reading the types of their packages');
  return customFiles(sources, fromTypes(sources));
}

async function ownGroups(kubeconfig: string, context: string | undefined, groups: readonly string[]): Promise<Files> {
  const api = await connectKubeconfig(kubeconfig, context);
  const all = new Map<string, string>();
  for (const group of groups) {
    const source = sources.find(each => groupOf(each.apiVersion) === group);
    if (source)
      throw new Error(`${group} is made of ${source.module}; take its lines out of tools/import/sources.ts first`);
    if (
      committed().some(({ kinds }) =>
        Object.keys(kinds).some(kind => groupOf(kind.slice(0, kind.lastIndexOf('/'))) === group),
      )
    ) {
      throw new Error(
        `${group} is Kubernetes' own and stands in imports/kubernetes, a file for each minor; import your own groups only`,
      );
    }
    const { version, documents } = await readGroup(api, group);
    const { files, kinds, skippedPatterns } = groupFiles(group, version, documents);
    const skipped =
      skippedPatterns.length > 0
        ? `; ${skippedPatterns.length} patterns are not JavaScript and will not be judged`
        : '';
    say(`${group}: ${kinds} kinds${skipped}`);
    for (const [path, text] of files) all.set(path, text);
  }
  return all;
}

/** The Kubernetes minors that were imported before. */
function committed(): Import[] {
  const folder = join(IMPORTS, 'kubernetes');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter(file => file.endsWith('.json'));
  return files.map(file => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Import);
}

async function fleetMinors(): Promise<string[]> {
  const [{ minors }, { ARGO_KUBERNETES }] = await Promise.all([
    import('../../fleet.ts'),
    import('../../argocd/repository.ts'),
  ]);
  return [...new Set([...minors(), ARGO_KUBERNETES])].sort();
}

function report(files: Files): void {
  const changed = writeAll(IMPORTS, files);
  say(changed.length === 0 ? 'imports/: nothing changed' : `imports/: wrote ${changed.join(', ')}`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

main().catch((error: Error) => {
  say(`import: ${error.message}`);
  process.exitCode = 1;
});
