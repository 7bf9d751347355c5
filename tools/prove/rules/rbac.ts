import type { ClusterRoleBinding, PolicyRule, RoleBinding, Subject } from '../../../imports/kubernetes.ts';
import type { Problem, Unit, UnitRule } from '../rule.ts';
import { viewOf } from './view.ts';

const GROUP = 'rbac.authorization.k8s.io/v1';
const ROLES = [`${GROUP}/Role`, `${GROUP}/ClusterRole`];
const BINDINGS = [`${GROUP}/RoleBinding`, `${GROUP}/ClusterRoleBinding`];

type Binding = RoleBinding | ClusterRoleBinding;

/** The system that may bind what it owns. */
const PLATFORM = 'platform';

/** Verbs and subresources that give away more than they name (kubernetes.io/docs/concepts/security/rbac-good-practices). */
const ESCALATING = new Set(['bind', 'escalate', 'impersonate']);
const WIDE: ReadonlyMap<string, string> = new Map([
  ['pods/exec', 'a shell in every pod'],
  ['pods/attach', 'the input of every pod'],
  ['pods/ephemeralcontainers', 'a container in every pod'],
  ['nodes/proxy', 'every container of a node'],
  ['serviceaccounts/token', 'the token of every account'],
]);
const READING = new Set(['get', 'list', 'watch']);

/** Whoever writes these, named ones or not, gives itself what another account of the namespace has. */
const BECOMING: ReadonlyMap<string, string> = new Map([
  ...[
    '/pods',
    '/replicationcontrollers',
    'apps/daemonsets',
    'apps/deployments',
    'apps/replicasets',
    'apps/statefulsets',
    'argoproj.io/rollouts',
    'batch/cronjobs',
    'batch/jobs',
    'keda.sh/scaledjobs',
  ].map((resource): [string, string] => [resource, 'a pod runs as whichever account of the namespace it names']),
  ['rbac.authorization.k8s.io/rolebindings', 'it gives rights to accounts'],
  ['rbac.authorization.k8s.io/roles', 'it gives rights to accounts'],
]);
const WRITING = new Set(['create', 'update', 'patch']);

/** Groups and users that stand for anybody. */
const ANYBODY = new Set([
  'system:anonymous',
  'system:unauthenticated',
  'system:authenticated',
  'system:serviceaccounts',
]);

export const rbac: UnitRule = {
  name: 'rbac',
  demands:
    'Rights are named one by one: no wildcard, no escalation, no shell in pods, no reading of all secrets, no making of pods or rights, no ClusterRole for a system, nothing for default accounts or everybody.',
  except: 'The platform unit may bind ClusterRoles, except cluster-admin.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const object of ROLES.flatMap(kind => view.of(kind))) {
      const rules = object.manifest.rules as readonly PolicyRule[] | undefined;
      for (const [index, rule] of (rules ?? []).entries())
        for (const problem of rights(rule, `rules[${index}]`)) yield { object, ...problem };
    }
    for (const object of BINDINGS.flatMap(kind => view.of(kind))) {
      for (const problem of binding(object.manifest as unknown as Binding, unit.system)) yield { object, ...problem };
    }
  },
};

function* rights(rule: PolicyRule, at: string): Iterable<Problem> {
  const { apiGroups = [], resources = [], resourceNames = [], verbs } = rule;
  for (const [name, values] of Object.entries({
    apiGroups,
    resources,
    verbs,
    nonResourceURLs: rule.nonResourceURLs ?? [],
  })) {
    const wide = values.find(value => value === '*' || value.endsWith('/*'));
    if (wide !== undefined) yield { given: `${at}.${name} has "${wide}"`, remedy: 'name each one that is needed' };
  }
  for (const verb of verbs) {
    if (ESCALATING.has(verb))
      yield { given: `${at}.verbs has ${verb}`, remedy: 'leave it out: it gives rights the holder lacks' };
  }
  for (const resource of resources) {
    const why = apiGroups.map(group => BECOMING.get(`${group}/${resource}`)).find(each => each !== undefined);
    // A pod that is there keeps its account.
    const verb = verbs.find(each => WRITING.has(each) && (resource !== 'pods' || each === 'create'));
    if (why !== undefined && verb !== undefined)
      yield {
        given: `${at} may ${verb} ${resource}: ${why}`,
        remedy: 'leave it out: its holder can become any account of the namespace',
      };
  }
  if (resourceNames.length > 0) return;
  for (const resource of resources) {
    const what = WIDE.get(resource);
    if (what !== undefined)
      yield { given: `${at}.resources has ${resource}: ${what}`, remedy: 'leave it out, or give resourceNames' };
  }
  const reading = verbs.find(verb => READING.has(verb));
  if (reading !== undefined && resources.includes('secrets') && apiGroups.includes('')) {
    yield {
      given: `${at} may ${reading} all secrets`,
      remedy: 'give resourceNames, or mount the one secret that is needed',
    };
  }
}

function* binding({ kind, roleRef, subjects = [] }: Binding, system: string): Iterable<Problem> {
  if (roleRef.name === 'cluster-admin')
    yield { given: 'roleRef.name is cluster-admin', remedy: 'bind a role that names what is needed' };
  // That a system has no ClusterRoleBinding is said by cluster-wide.
  else if (roleRef.kind === 'ClusterRole' && kind === 'RoleBinding' && system !== PLATFORM)
    yield {
      given: `roleRef is ClusterRole ${roleRef.name}, which holds what nobody listed here`,
      remedy: 'list what is needed in the rights of the workload',
    };
  for (const [index, subject] of subjects.entries()) {
    if (!isAnybody(subject)) continue;
    const { kind, name } = subject;
    if (kind === 'ServiceAccount')
      yield {
        given: `subjects[${index}] is the default ServiceAccount`,
        remedy: 'give the workload an account of its own',
      };
    else yield { given: `subjects[${index}].name is ${name}`, remedy: 'name the account or group that needs it' };
  }
}

/** Whether a subject is an account that any pod has, or a group that anybody is in. */
export function isAnybody({ kind, name }: Subject): boolean {
  if (kind === 'ServiceAccount') return name === 'default';
  return ANYBODY.has(name) || name.startsWith('system:serviceaccounts:');
}
