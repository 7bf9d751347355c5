import type { ClusterRoleBinding, PolicyRule, Subject } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';

const GROUP = 'rbac.authorization.k8s.io/v1';

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

/** Groups and users that stand for anybody. */
const ANYBODY = new Set([
  'system:anonymous',
  'system:unauthenticated',
  'system:authenticated',
  'system:serviceaccounts',
]);

export const rbac: ObjectRule = {
  name: 'rbac',
  demands:
    'Rights are named one by one: no wildcard, no escalation, no shell in pods, no reading of all secrets, no cluster-admin, nothing for default accounts or everybody.',
  kinds: [`${GROUP}/Role`, `${GROUP}/ClusterRole`, `${GROUP}/RoleBinding`, `${GROUP}/ClusterRoleBinding`],
  *check(manifest: Manifest): Iterable<Problem> {
    if (manifest.roleRef !== undefined) yield* binding(manifest as unknown as ClusterRoleBinding);
    const rules = manifest.rules as readonly PolicyRule[] | undefined;
    for (const [index, rule] of (rules ?? []).entries()) yield* rights(rule, `rules[${index}]`);
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

function* binding({ roleRef, subjects = [] }: ClusterRoleBinding): Iterable<Problem> {
  if (roleRef.name === 'cluster-admin')
    yield { given: 'roleRef.name is cluster-admin', remedy: 'bind a role that names what is needed' };
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
