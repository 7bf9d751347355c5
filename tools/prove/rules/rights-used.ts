import type { RoleBinding } from '../../../imports/kubernetes.ts';
import type { Unit, UnitRule } from '../rule.ts';
import type { Pod } from './pods.ts';
import { isAnybody } from './rbac.ts';
import { SERVICE_ACCOUNT } from './references.ts';
import { viewOf } from './view.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

/** What the API server calls itself in tokens; some clusters append their domain. */
const API_SERVER = 'https://kubernetes.default.svc';

export const rightsUsed: UnitRule = {
  name: 'rights-used',
  demands:
    'No right is given to nobody and no token mounted for nothing: a Role is bound; a RoleBinding names accounts of the unit, whose workloads mount a projected serviceAccountToken; a workload that mounts one has a binding.',
  except: 'A token for another audience (sts.amazonaws.com, vault), which the API server does not take.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    const calling = new Set<string>();
    for (const { namespace, pod } of view.workloads)
      if (tokenAt(pod) !== undefined) calling.add(`${namespace}/${pod.spec.serviceAccountName}`);

    const bound = new Set<string>();
    const given = new Set<string>();
    for (const object of [...view.of(`${RBAC}/RoleBinding`), ...view.of(`${RBAC}/ClusterRoleBinding`)]) {
      const { metadata, roleRef, subjects = [] } = object.manifest as unknown as RoleBinding;
      given.add(`${roleRef.kind} ${metadata.namespace}/${roleRef.name}`);
      if (subjects.length === 0) yield { object, given: 'subjects is empty', remedy: 'name an account, or remove it' };
      for (const [index, subject] of subjects.entries()) {
        const { kind, name, namespace = metadata.namespace ?? '' } = subject;
        if (isAnybody(subject)) continue; // rbac says that
        if (kind !== 'ServiceAccount' || !view.namespaces.has(namespace)) {
          if (object.manifest.kind === 'RoleBinding')
            yield {
              object,
              given: `subjects[${index}] is ${kind} ${name}, no ServiceAccount of the unit`,
              remedy: 'bind the account of a workload that stands here',
            };
          continue;
        }
        bound.add(`${namespace}/${name}`);
        if (calling.has(`${namespace}/${name}`)) continue;
        if (view.find(SERVICE_ACCOUNT, namespace, name) === undefined) continue; // references-exist says that
        yield {
          object,
          given: `subjects[${index}] is ServiceAccount ${name}, and no workload of it mounts a token`,
          remedy: 'mount a projected serviceAccountToken where the right is used, or remove the binding',
        };
      }
    }
    for (const object of view.of(`${RBAC}/Role`)) {
      const { namespace, name } = object.manifest.metadata;
      if (!given.has(`Role ${namespace}/${name}`))
        yield {
          object,
          given: `nothing binds Role ${name}`,
          remedy: 'bind it to the account that needs it, or remove it',
        };
    }
    for (const { object, namespace, pod } of view.workloads) {
      const at = tokenAt(pod);
      if (at !== undefined && !bound.has(`${namespace}/${pod.spec.serviceAccountName}`))
        yield {
          object,
          given: `${at} is for the API server, and nothing binds ServiceAccount ${pod.spec.serviceAccountName} to a role`,
          remedy: 'bind the role that it needs, or remove the token',
        };
    }
  },
};

/** Where a pod takes a token that the API server accepts. */
function tokenAt({ spec, specAt }: Pod): string | undefined {
  for (const [index, { projected }] of (spec.volumes ?? []).entries()) {
    for (const [step, { serviceAccountToken: token }] of (projected?.sources ?? []).entries()) {
      if (token && (!token.audience || token.audience.startsWith(API_SERVER)))
        return `${specAt}.volumes[${index}].projected.sources[${step}].serviceAccountToken`;
    }
  }
  return undefined;
}
