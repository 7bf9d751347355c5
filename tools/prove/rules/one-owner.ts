import type { Finding } from '../../render/finding.ts';
import { groupOf, type Manifest } from '../../render/manifest.ts';
import type { Unit } from '../rule.ts';

export const oneOwner = {
  name: 'one-owner',
  demands: 'One object of a cluster is made by one unit: two owners would overwrite each other at every sync.',
};

/** Remembers who owns what: one short text per object, never the object. */
export class OneOwner {
  readonly #owners = new Map<string, Map<string, string>>();
  readonly #findings: Finding[] = [];

  see({ cluster, system, objects }: Unit): void {
    const owners = this.#owners.get(cluster.name) ?? new Map<string, string>();
    this.#owners.set(cluster.name, owners);
    for (const { construct, file, manifest } of objects) {
      const key = keyOf(manifest);
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, system);
      // Twice within one unit is the render's own finding (duplicate-object).
      else if (owner !== system) {
        this.#findings.push({
          cluster: cluster.name,
          construct,
          rule: oneOwner.name,
          given: `${nameOf(manifest)} is also made by ${owner}`,
          remedy: `leave it to one of ${owner} and ${system}, or rename it`,
          file,
        });
      }
    }
  }

  findings(): Finding[] {
    return this.#findings;
  }
}

/** What the API server takes for identity: the version is not part of it. */
function keyOf(manifest: Manifest): string {
  return `${nameOf(manifest)} ${groupOf(manifest.apiVersion)}`;
}

function nameOf({ kind, metadata: { namespace, name } }: Manifest): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
