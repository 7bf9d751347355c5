import type { Api } from '../control-plane/api.ts';
import { startControlPlane } from '../control-plane/start.ts';
import { fromOpenApi, groupPaths, type OpenApi, stablePaths } from './openapi.ts';
import type { Import } from './schema.ts';

/** Starts a real kube-apiserver of one release and takes its schemas: files in the source carry no enums, a server does. */
export async function importKubernetes(release: string): Promise<Import> {
  const controlPlane = await startControlPlane({ version: release });
  try {
    const { api } = controlPlane;
    const { skippedPatterns: _, ...imported } = fromOpenApi(
      release,
      await documents(api, stablePaths(await index(api))),
    );
    return imported;
  } finally {
    await controlPlane.stop();
  }
}

/** What a user's API server says of one group of custom resources. */
export async function readGroup(api: Api, group: string): Promise<{ version: string; documents: OpenApi[] }> {
  const served = await index(api);
  const paths = groupPaths(served, group);
  if (paths.length === 0) {
    const groups = [...new Set(served.map(path => path.split('/')[1]).filter(each => each?.includes('.')))].sort();
    throw new Error(`the server has no group '${group}'; it has ${groups.join(', ')}`);
  }
  const { gitVersion } = (await api.get('/version')) as { gitVersion: string };
  return { version: `Kubernetes ${gitVersion}`, documents: await documents(api, paths) };
}

async function index(api: Api): Promise<string[]> {
  const { paths } = (await api.get('/openapi/v3')) as { paths: Record<string, unknown> };
  return Object.keys(paths);
}

function documents(api: Api, paths: readonly string[]): Promise<OpenApi[]> {
  return Promise.all(paths.map(async path => (await api.get(`/openapi/v3/${path}`)) as OpenApi));
}
