import type { LimitRangeSpec, ResourceQuotaSpec } from '../../../imports/kubernetes.ts';
import type { Manifest, Rendered } from '../../render/manifest.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { field } from './field.ts';
import { type View, viewOf } from './view.ts';

const HARD = ['requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];
const OF_A_LIMIT = ['default', 'defaultRequest', 'max', 'min'] as const;

/** Argo CD's own namespace, and the unit that stands in it: its installation makes the one, our Applications are the other. */
const ARGO_CD = 'argocd';

export const namespaceGuards: UnitRule = {
  name: 'namespace-guards',
  demands:
    'Each namespace enforces Pod Security `restricted`, has a ResourceQuota and a LimitRange that are complete, and belongs to the unit whose objects stand in it.',
  except: 'The unit argocd in the namespace argocd, which Argo CD’s installation makes.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const object of view.of('v1/Namespace')) {
      for (const problem of guards(view, object.manifest)) yield { object, ...problem };
    }
    for (const object of view.of('v1/LimitRange')) yield* incomplete(object);
    for (const object of unit.objects) {
      const { namespace } = object.manifest.metadata;
      if (namespace === ARGO_CD && unit.system === ARGO_CD) continue;
      if (namespace !== undefined && !view.namespaces.has(namespace)) {
        yield {
          object,
          given: `metadata.namespace is ${namespace}, which is not the unit’s`,
          remedy: `use one of ${[...view.namespaces].join(', ') || 'its own, which a System brings'}`,
        };
      }
    }
  },
};

function* guards(view: View, { metadata }: Manifest): Iterable<{ given: string; remedy: string }> {
  for (const mode of ['enforce', 'audit', 'warn']) {
    const key = `pod-security.kubernetes.io/${mode}`;
    const level = metadata.labels?.[key];
    if (level !== 'restricted')
      yield { given: `${field('metadata.labels', key)} is ${level ?? 'not given'}`, remedy: 'write restricted' };
    if (!metadata.labels?.[`${key}-version`])
      yield { given: `metadata.labels has no ${key}-version`, remedy: 'write the cluster’s minor, e.g. v1.35' };
  }
  const inside = (kind: string) =>
    view.of(kind).filter(({ manifest }) => manifest.metadata.namespace === metadata.name);
  if (inside('v1/LimitRange').length === 0)
    yield { given: `namespace ${metadata.name} has no LimitRange`, remedy: 'add one with defaults for containers' };
  const quotas = inside('v1/ResourceQuota');
  if (quotas.length === 0)
    yield {
      given: `namespace ${metadata.name} has no ResourceQuota`,
      remedy: `add one that states ${HARD.join(', ')}`,
    };
  for (const name of quotas.length === 0 ? [] : HARD) {
    if (!quotas.some(({ manifest }) => (manifest.spec as ResourceQuotaSpec).hard?.[name])) {
      yield { given: `no ResourceQuota of namespace ${metadata.name} states ${name}`, remedy: 'add it to spec.hard' };
    }
  }
}

function* incomplete(object: Rendered): Iterable<{ object: Rendered; given: string; remedy: string }> {
  for (const [index, limit] of (object.manifest.spec as LimitRangeSpec).limits.entries()) {
    // Pods and claims take no defaults.
    const due = limit.type === 'Container' ? OF_A_LIMIT : (['max', 'min'] as const);
    for (const name of due) {
      if (limit[name] === undefined)
        yield { object, given: `spec.limits[${index}] has no ${name}`, remedy: 'state it' };
    }
  }
}
