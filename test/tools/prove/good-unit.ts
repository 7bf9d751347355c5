import { fileURLToPath } from 'node:url';
import { Api } from '../../../tools/prove/api.ts';
import type { NodePool, Unit, Wire } from '../../../tools/prove/rule.ts';
import type { Runbooks } from '../../../tools/prove/runbooks.ts';
import type { Manifest, Rendered } from '../../../tools/render/manifest.ts';
import { api } from './good/api.ts';
import { database } from './good/database.ts';
import { jobs } from './good/jobs.ts';
import { monitoring } from './good/monitoring.ts';
import { namespace } from './good/namespace.ts';
import { instance, type Loose } from './good/parts.ts';
import { worker } from './good/worker.ts';

const imports = new Api(fileURLToPath(new URL('../../../imports', import.meta.url)), '1.35');

/** One of everything, as it should be; each call makes them anew, and no two share a part. */
export function goodObjects(): Loose[] {
  return [...namespace(), ...api(), ...database(), ...worker(), ...jobs(), ...monitoring()].map(each =>
    JSON.parse(JSON.stringify(each)),
  );
}

export interface Setting {
  readonly tier?: string;
  readonly cluster?: string;
  readonly system?: string;
  readonly nodePools?: readonly NodePool[];
  readonly runbooks?: Runbooks;
  /** `WIRING` where left out. */
  readonly wiring?: readonly Wire[] | undefined;
}

/** The edge reaches every workload, Prometheus the worker, and nobody else anybody. */
export const WIRING: readonly Wire[] = [
  ...['api', 'clean', 'database', 'migrate', 'worker'].map((name): Wire => {
    const edge = { called: 'the edge', namespace: 'edge', labels: instance('edge') };
    return { from: { is: 'pods', ...edge }, to: { is: 'workload', namespace: 'shop', name }, port: 8000 };
  }),
  {
    from: {
      is: 'pods',
      called: 'Prometheus',
      namespace: 'monitoring',
      labels: { 'app.kubernetes.io/name': 'prometheus' },
    },
    to: { is: 'workload', namespace: 'shop', name: 'worker' },
    port: 8000,
  },
];

/** How the path of what comes from a workload's rights ends. */
const RIGHTS: Readonly<Record<string, string>> = { Role: '/rights/role', RoleBinding: '/rights/role-binding' };

const PLATFORM = new Set([
  'ClusterIssuer default',
  'ClusterSecretStore default',
  'IngressClass nginx',
  'PriorityClass standard',
  'StorageClass gp3',
]);

/** Manifests as a unit of a cluster whose platform has the usual. */
export function unitOf(
  manifests: readonly Manifest[],
  { tier = 'production', cluster = 'us-east-1a', system = 'shop', nodePools, runbooks, ...setting }: Setting = {},
): Unit {
  const wiring = 'wiring' in setting ? setting.wiring : WIRING;
  const objects = manifests.map((manifest): Rendered => {
    const what = `${manifest.kind}.${manifest.metadata.name}`;
    return {
      construct: `${system}/${what}${RIGHTS[manifest.kind] ?? ''}`,
      file: `${cluster}/${system}/services/${what}.yaml`,
      layer: 'services',
      manifest,
    };
  });
  return {
    cluster: { name: cluster, tier, api: imports, nodePools, runbooks },
    system,
    objects,
    platform: PLATFORM,
    wiring,
  };
}
