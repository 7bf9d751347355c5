import type { Synced, SyncedKind } from './facts.ts';
import { NAMESPACE } from './repository.ts';

/**
 * A unit's kinds, where it may bring each of them.
 *
 * @throws where one is not a system's to bring
 */
export function permitted({ system, cluster, kinds }: Synced): readonly SyncedKind[] {
  for (const { group, kind, namespaced } of kinds) {
    const unit = `${cluster.name}/${system}`;
    if (group === '' && kind === 'Secret') {
      throw new Error(
        `${unit}: renders a Secret, which no project permits; put the value into the store and refer to it with secret('…')`,
      );
    }
    if (!namespaced && kind !== 'Namespace' && system !== 'platform') {
      throw new Error(`${unit}: renders a ${kind}, which belongs to the whole cluster; render it in apps/platform`);
    }
  }
  return kinds;
}

/**
 * The namespaces that a system may use: those of its name, as patterns, so that a layer which goes is still its own while
 * it goes; and by name what else it renders into.
 *
 * @throws where one is Argo CD's, or two systems would share a pattern
 */
export function namespacesOf(system: string, units: readonly Synced[]): string[] {
  const rendered = units.flatMap(unit => unit.layers.flatMap(layer => layer.namespaces));
  if (rendered.includes(NAMESPACE)) {
    throw new Error(
      `${system}: renders into the namespace ${NAMESPACE}, from where all projects can be changed; use another`,
    );
  }
  const foreign = new Set(rendered.filter(namespace => namespace !== system && !namespace.startsWith(`${system}-`)));
  return [system, `${system}-*`, ...[...foreign].sort()];
}

/** @throws where a system's name is taken, or its pattern of namespaces holds another system's */
export function distinct(systems: readonly string[], reserved: ReadonlySet<string>): void {
  for (const system of systems) {
    if (reserved.has(system)) {
      throw new Error(`fleet.ts: the system ${system} has the name of an add-on or of the cluster’s own; rename it`);
    }
    const inside = systems.find(other => other.startsWith(`${system}-`));
    if (inside !== undefined) {
      throw new Error(
        `fleet.ts: the namespaces ${system}-* of ${system} hold those of ${inside}; rename one of the two systems`,
      );
    }
  }
}
