import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { type Api, type KubeObject, messageOf } from './api.ts';

const ESTABLISHED_WITHIN_MS = 120_000;
/** The server stores each CRD and rebuilds its OpenAPI behind our back; more at once than this only waits in its queue. */
const AT_ONCE = 8;

/**
 * Applies every CustomResourceDefinition of a folder's YAML files and waits until the server serves them all.
 * @returns their names
 */
export async function applyCrds(api: Api, folder: string): Promise<string[]> {
  const names: string[] = [];
  const crds = readCrds(folder);
  const worker = async () => {
    for (const crd of crds) {
      names.push(crd.metadata.name as string);
      const answer = await api.applyServerSide(crd, { fieldManager: 'drydock-test', force: true, strict: false });
      if (answer.status >= 300) throw new Error(`CRD ${crd.metadata.name}: ${answer.status} ${messageOf(answer)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (names.length === 0) throw new Error(`${folder}: no CustomResourceDefinition in its YAML files`);
  await established(api, names);
  return names;
}

/** One after the other, so that the server works on some while we read the next; other documents are passed over. */
function* readCrds(folder: string): Generator<KubeObject> {
  for (const file of readdirSync(folder).sort()) {
    if (!/\.ya?ml$/.test(file)) continue;
    for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'))) {
      const object = document.toJS() as KubeObject | null;
      if (object?.kind === 'CustomResourceDefinition') yield object;
    }
  }
}

interface CrdList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status?: {
      readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    };
  }[];
}

async function established(api: Api, names: readonly string[]): Promise<void> {
  const deadline = Date.now() + ESTABLISHED_WITHIN_MS;
  for (;;) {
    const { items } = (await api.get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions')) as CrdList;
    const done = new Set(
      items
        .filter(({ status }) => status?.conditions?.some(each => each.type === 'Established' && each.status === 'True'))
        .map(({ metadata }) => metadata.name),
    );
    const left = names.filter(name => !done.has(name));
    if (left.length === 0) return;
    if (Date.now() > deadline)
      throw new Error(`not established within ${ESTABLISHED_WITHIN_MS / 1000} s: ${left.join(', ')}`);
    await sleep(250);
  }
}
