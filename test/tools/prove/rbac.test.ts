import { expect, test } from 'vitest';
import { rbac } from '../../../tools/prove/rules/rbac.ts';
import { rightsListed } from '../../../tools/prove/rules/rights-listed.ts';
import { broken, type Objects } from './broken.ts';
import { goodObjects, unitOf } from './good-unit.ts';

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
    'what somebody else calls secrets',
    it => {
      it['Role database'].rules[0] = { apiGroups: ['example.com'], resources: ['secrets'], verbs: ['list'] };
    },
    [],
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
    'a role of the cluster’s own',
    it => {
      it['RoleBinding database'].roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' };
      delete it['Role database'];
    },
    [
      'rbac: RoleBinding.database: roleRef is ClusterRole edit, which holds what nobody listed here; list what is needed in the rights of the workload',
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
  [
    'a group that is called as the account of anybody',
    it => {
      it['RoleBinding database'].subjects.push({
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'Group',
        name: 'default',
      });
    },
    [
      'rights-used: RoleBinding.database: subjects[1] is Group default, no ServiceAccount of the unit; bind the account of a workload that stands here',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});

/** What is found in the database's role where it has this rule. */
function judged(apiGroup: string, resource: string, verbs: string[], resourceNames?: string[]): string[] {
  return broken(it => {
    it['Role database'].rules[0] = { apiGroups: [apiGroup], resources: [resource], verbs, resourceNames };
  });
}

const AT = 'rbac: Role.database: rules[0] may';
const LEAVE = 'leave it out: its holder can become any account of the namespace';
const RUNS = 'a pod runs as whichever account of the namespace it names';

test.each([
  ['', 'pods', 'create'],
  ['', 'replicationcontrollers', 'update'],
  ['apps', 'daemonsets', 'patch'],
  ['apps', 'deployments', 'patch'],
  ['apps', 'replicasets', 'create'],
  ['apps', 'statefulsets', 'update'],
  ['argoproj.io', 'rollouts', 'patch'],
  ['batch', 'cronjobs', 'create'],
  ['batch', 'jobs', 'create'],
  ['keda.sh', 'scaledjobs', 'create'],
])('who makes pods becomes any account: %s/%s, %s', (group, resource, verb) => {
  const finding = `${AT} ${verb} ${resource}: ${RUNS}; ${LEAVE}`;
  expect(judged(group, resource, ['get', verb])).toEqual([finding]);
  expect(judged(group, resource, [verb], ['api'])).toEqual([finding]);
});

test.each(['create', 'update', 'patch'])('who may %s rights gives them to itself', verb => {
  for (const resource of ['roles', 'rolebindings']) {
    expect(judged('rbac.authorization.k8s.io', resource, [verb])).toEqual([
      `${AT} ${verb} ${resource}: it gives rights to accounts; ${LEAVE}`,
    ]);
  }
});

test.each<[string, string, string[]]>([
  ['', 'pods', ['get', 'list', 'watch', 'patch', 'delete']],
  ['apps', 'deployments', ['get', 'list', 'watch', 'delete']],
  ['apps', 'deployments/scale', ['get', 'update']],
  ['jobs.example.com', 'jobs', ['create']],
])('what makes nothing run is fine: %s/%s, %j', (group, resource, verbs) => {
  expect(judged(group, resource, verbs)).toEqual([]);
});

test('the platform may bind ClusterRoles, except cluster-admin', () => {
  const bound = (name: string) => {
    const binding = goodObjects().find(({ kind }) => kind === 'RoleBinding');
    binding.roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
    return [...rbac.check(unitOf([binding], { system: 'platform' }))].map(({ given }) => given);
  };
  expect(bound('view')).toEqual([]);
  expect(bound('cluster-admin')).toEqual(['roleRef.name is cluster-admin']);
});

test('a Role and a RoleBinding that no workload’s rights made', () => {
  const unit = unitOf(goodObjects());
  const objects = unit.objects.map(each => ({ ...each, construct: each.construct.replace(/\/rights\/.*/, '') }));
  expect([...rightsListed.check(unit)]).toEqual([]);
  const remedy = "write rights: [{ verbs: ['get'], … }] on the workload that needs them, and remove it";
  expect([...rightsListed.check({ ...unit, objects })].map(({ object, ...rest }) => rest)).toEqual([
    { given: 'Role database comes from no workload’s rights', remedy },
    { given: 'RoleBinding database comes from no workload’s rights', remedy },
  ]);
});
