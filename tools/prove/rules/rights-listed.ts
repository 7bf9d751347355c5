import type { Unit, UnitRule } from '../rule.ts';
import { viewOf } from './view.ts';

/** Where the construct that makes a workload's rights puts each kind. */
const MADE: Readonly<Record<string, string>> = {
  'rbac.authorization.k8s.io/v1/Role': '/rights/role',
  'rbac.authorization.k8s.io/v1/RoleBinding': '/rights/role-binding',
};

export const rightsListed: UnitRule = {
  name: 'rights-listed',
  demands:
    'Roles and RoleBindings come from the `rights` of a workload, which mounts the token and opens the way to the API server as well.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const kind in MADE) {
      for (const object of view.of(kind)) {
        if (object.construct.endsWith(MADE[kind]!)) continue;
        yield {
          object,
          given: `${object.manifest.kind} ${object.manifest.metadata.name} comes from no workload’s rights`,
          remedy: "write rights: [{ verbs: ['get'], … }] on the workload that needs them, and remove it",
        };
      }
    }
  },
};
