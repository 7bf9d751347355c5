import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'every verb',
    it => {
      it['Role database'].rules[0].verbs = ['*'];
    },
    ['rbac: Role.database: rules[0].verbs has "*"; name each one that is needed'],
  ],
  [
    'every subresource',
    it => {
      it['Role database'].rules[0].resources = ['pods/*'];
    },
    ['rbac: Role.database: rules[0].resources has "pods/*"; name each one that is needed'],
  ],
  [
    'the right to give rights',
    it => {
      it['Role database'].rules[0].verbs = ['escalate'];
    },
    ['rbac: Role.database: rules[0].verbs has escalate; leave it out: it gives rights the holder lacks'],
  ],
  [
    'a shell in every pod',
    it => {
      it['Role database'].rules[0] = { apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] };
    },
    [
      'rbac: Role.database: rules[0].resources has pods/exec: a shell in every pod; leave it out, or give resourceNames',
    ],
  ],
  [
    'all secrets',
    it => {
      it['Role database'].rules[0] = { apiGroups: [''], resources: ['secrets'], verbs: ['list'] };
    },
    ['rbac: Role.database: rules[0] may list all secrets; give resourceNames, or mount the one secret that is needed'],
  ],
  [
    'one secret is fine',
    it => {
      it['Role database'].rules[0] = {
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: ['api'],
        verbs: ['get'],
      };
    },
    [],
  ],
  [
    'the administrator of everything',
    it => {
      it['RoleBinding database'].roleRef = {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'cluster-admin',
      };
    },
    [
      'rbac: RoleBinding.database: roleRef.name is cluster-admin; bind a role that names what is needed',
      'rights-used: Role.database: nothing binds Role database; bind it to the account that needs it, or remove it',
    ],
  ],
  [
    'the default account of another namespace',
    it => {
      it['RoleBinding database'].subjects.push({ kind: 'ServiceAccount', name: 'default', namespace: 'elsewhere' });
    },
    ['rbac: RoleBinding.database: subjects[1] is the default ServiceAccount; give the workload an account of its own'],
  ],
  [
    'everybody',
    it => {
      it['RoleBinding database'].subjects.push({
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'Group',
        name: 'system:authenticated',
      });
    },
    ['rbac: RoleBinding.database: subjects[1].name is system:authenticated; name the account or group that needs it'],
  ],
  [
    'everybody of a namespace',
    it => {
      it['RoleBinding database'].subjects.push({
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'Group',
        name: 'system:serviceaccounts:shop',
      });
    },
    [
      'rbac: RoleBinding.database: subjects[1].name is system:serviceaccounts:shop; name the account or group that needs it',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
