import type { Unit, UnitRule } from '../rule.ts';
import { viewOf } from './view.ts';

export const ownServiceAccount: UnitRule = {
  name: 'own-service-account',
  demands: 'Each workload has a ServiceAccount of its own: a right given to one is not given to its neighbours.',
  *check(unit: Unit) {
    const owners = new Map<string, string>();
    for (const { object, kind, name, namespace, pod } of viewOf(unit).workloads) {
      const { serviceAccountName: account } = pod.spec;
      if (!account || account === 'default') continue; // pod-hardening says that
      const key = `${namespace}/${account}`;
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, `${kind} ${name}`);
      else
        yield {
          object,
          given: `${pod.specAt}.serviceAccountName is ${account}, as in ${owner}`,
          remedy: 'give each workload an account of its own',
        };
    }
  },
};
