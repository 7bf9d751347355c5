import { fileURLToPath } from 'node:url';
import { Api } from '../../../tools/prove/api.ts';
import type { Unit } from '../../../tools/prove/rule.ts';
import type { Manifest, Rendered } from '../../../tools/render/manifest.ts';
import { api } from './good/api.ts';
import { database } from './good/database.ts';
import { jobs } from './good/jobs.ts';
import { namespace } from './good/namespace.ts';
import type { Loose } from './good/parts.ts';

const imports = new Api(fileURLToPath(new URL('../../../imports', import.meta.url)), '1.35');

/** One of everything, as it should be; each call makes them anew, and no two share a part. */
export function goodObjects(): Loose[] {
  return [...namespace(), ...api(), ...database(), ...jobs()].map(each => JSON.parse(JSON.stringify(each)));
}

export interface Setting {
  readonly tier?: string;
  readonly cluster?: string;
  readonly system?: string;
}

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
  { tier = 'production', cluster = 'us-east-1a', system = 'shop' }: Setting = {},
): Unit {
  const objects = manifests.map((manifest): Rendered => {
    const what = `${manifest.kind}.${manifest.metadata.name}`;
    return {
      construct: `${system}/${what}`,
      file: `${cluster}/${system}/services/${what}.yaml`,
      layer: 'services',
      manifest,
    };
  });
  return { cluster: { name: cluster, tier, api: imports }, system, objects, platform: PLATFORM };
}
