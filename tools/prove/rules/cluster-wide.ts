import type { Unit, UnitRule } from '../rule.ts';

/** The system that owns what a cluster has once. */
const OWNER = 'platform';

export const clusterWide: UnitRule = {
  name: 'cluster-wide',
  demands:
    'What belongs to the whole cluster is rendered by the platform unit; a system brings its own Namespaces only.',
  *check({ system, objects }: Unit) {
    if (system === OWNER) return;
    for (const object of objects) {
      const { kind, metadata } = object.manifest;
      if (metadata.namespace !== undefined || kind === 'Namespace') continue;
      yield {
        object,
        given: `${kind} ${metadata.name} belongs to the whole cluster`,
        remedy: 'render it in apps/platform, where everybody sees it',
      };
    }
  },
};
