import type { Finding } from '../../render/finding.ts';
import type { Unit } from '../rule.ts';

/** Set by what writes an archive: provider, bucket, path and stanza. */
const HOLDS = 'drydock/holds';

/** The jobs of a database write where its own configuration says: it is the database that must be one. */
const SAYS = 'ConfigMap';

export const oneArchive = {
  name: 'one-archive',
  demands: `An archive is written from one place: two databases under one ${HOLDS} overwrite each other, and neither can be restored.`,
};

/** Remembers who writes where. */
export class OneArchive {
  readonly #writers = new Map<string, string>();
  readonly #findings: Finding[] = [];

  see({ cluster, objects }: Unit): void {
    for (const { construct, file, manifest } of objects) {
      const place = manifest.metadata.annotations?.[HOLDS];
      if (place === undefined || manifest.kind !== SAYS) continue;
      const writer = `${cluster.name}: ${manifest.metadata.namespace}/${manifest.metadata.name}`;
      const other = this.#writers.get(place);
      if (other === undefined) this.#writers.set(place, writer);
      else
        this.#findings.push({
          cluster: cluster.name,
          construct,
          rule: oneArchive.name,
          given: `it writes ${place}, which ${other} writes too`,
          remedy: 'give one of the two databases another name or another store',
          file,
        });
    }
  }

  findings(): Finding[] {
    return this.#findings;
  }
}
