import { expect, test } from 'vitest';
import { apiPod, broken, type Objects } from './broken.ts';
import { object } from './good/parts.ts';

const token = (audience?: string) => ({
  name: 'token',
  projected: { sources: [{ serviceAccountToken: { path: 'token', ...(audience !== undefined && { audience }) } }] },
});

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a role of nobody',
    it => {
      it.second = structuredClone(it['Role database']);
      it.second.metadata.name = 'second';
    },
    ['rights-used: Role.second: nothing binds Role second; bind it to the account that needs it, or remove it'],
  ],
  [
    'a right that nobody uses',
    it => {
      it['RoleBinding database'].subjects.push({ kind: 'ServiceAccount', name: 'api' });
    },
    [
      'rights-used: RoleBinding.database: subjects[1] is ServiceAccount api, and no workload of it mounts a token; mount a projected serviceAccountToken where the right is used, or remove the binding',
    ],
  ],
  [
    'a binding of nobody',
    it => {
      it.second = structuredClone(it['RoleBinding database']);
      it.second.metadata.name = 'second';
      delete it.second.subjects;
    },
    ['rights-used: RoleBinding.second: subjects is empty; name an account, or remove it'],
  ],
  [
    'a right of somebody from elsewhere',
    it => {
      it['RoleBinding database'].subjects.push(
        { kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' },
        { kind: 'ServiceAccount', name: 'till', namespace: 'elsewhere' },
      );
    },
    [
      'rights-used: RoleBinding.database: subjects[1] is User jane, no ServiceAccount of the unit; bind the account of a workload that stands here',
      'rights-used: RoleBinding.database: subjects[2] is ServiceAccount till, no ServiceAccount of the unit; bind the account of a workload that stands here',
    ],
  ],
  [
    'a token for nothing',
    it => {
      apiPod(it).volumes.push(token());
    },
    [
      'rights-used: Deployment.api: spec.template.spec.volumes[1].projected.sources[0].serviceAccountToken is for the API server, and nothing binds ServiceAccount api to a role; bind the role that it needs, or remove the token',
    ],
  ],
  [
    'a token for nothing that names the API server',
    it => {
      apiPod(it).volumes.push(token('https://kubernetes.default.svc.cluster.local'));
    },
    [
      'rights-used: Deployment.api: spec.template.spec.volumes[1].projected.sources[0].serviceAccountToken is for the API server, and nothing binds ServiceAccount api to a role; bind the role that it needs, or remove the token',
    ],
  ],
  [
    'a token for somebody else',
    it => {
      apiPod(it).volumes.push(token('sts.amazonaws.com'));
    },
    [],
  ],
  [
    'a role of another namespace is not bound by this one',
    it => {
      it['RoleBinding database'].roleRef.kind = 'ClusterRole';
      it['RoleBinding database'].roleRef.name = 'view';
    },
    [
      'rbac: RoleBinding.database: roleRef is ClusterRole view, which holds what nobody listed here; list what is needed in the rights of the workload',
      'rights-used: Role.database: nothing binds Role database; bind it to the account that needs it, or remove it',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});

test('the platform may bind whom it will', () => {
  const binding = object(
    'rbac.authorization.k8s.io/v1/ClusterRoleBinding',
    'readers',
    {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'sre' }],
    },
    { namespace: undefined },
  );
  const change = (it: Objects) => {
    it.binding = binding;
  };
  expect(broken(change, { system: 'platform' })).toEqual([]);
});

test('what anybody is in is another law’s matter', () => {
  const findings = broken(it => {
    it['RoleBinding database'].subjects.push(
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:authenticated' },
      { kind: 'ServiceAccount', name: 'default', namespace: 'elsewhere' },
    );
  });
  expect(findings.map(text => text.slice(0, text.indexOf(':')))).toEqual(['rbac', 'rbac']);
});
