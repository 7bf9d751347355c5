import type { Application, AppProject } from '../../imports/custom.ts';

type Spec = AppProject['spec'];

/** Argo CD's own question before it syncs or deletes an object (`IsResourcePermitted`, v3.5.1). */
export function permits(
  spec: Spec,
  cluster: string,
  object: { group: string; kind: string; name: string; namespace?: string },
): boolean {
  const { group, kind, name, namespace } = object;
  const same = (item: { group: string; kind: string }) => item.group === group && item.kind === kind;
  if (namespace === undefined) {
    // An absent list permits nothing that belongs to the whole cluster.
    return (spec.clusterResourceWhitelist ?? []).some(
      item => same(item) && (item.name === undefined || glob(item.name, name)),
    );
  }
  // An absent list permits every kind that has a namespace.
  const kindIs = spec.namespaceResourceWhitelist === undefined || spec.namespaceResourceWhitelist.some(same);
  return kindIs && reaches(spec, { name: cluster, namespace });
}

/** Whether the project has a destination (`isDestinationMatched`: by name or by address, and by namespace). */
export function reaches(spec: Spec, to: Application['spec']['destination']): boolean {
  return (spec.destinations ?? []).some(
    ({ name, server, namespace }) =>
      ((to.name !== undefined && name === to.name) || (to.server !== undefined && server === to.server)) &&
      glob(namespace ?? '', to.namespace ?? ''),
  );
}

function glob(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
}
