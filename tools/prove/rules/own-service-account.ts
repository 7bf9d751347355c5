import type { Unit, UnitRule } from '../rule.ts';
import { viewOf } from './view.ts';

export const ownServiceAccount: UnitRule = {
  name: 'own-service-account',
  demands: 'Each workload has a ServiceAccount of its own: a right given to one is not given to its neighbours.',
  except:
    'Jobs that are one workload by their label app.kubernetes.io/instance, such as a migration and what takes it back.',
  *check(unit: Unit) {
    const owners = new Map<string, { readonly called: string; readonly instance: string | undefined }>();
    for (const { object, kind, name, namespace, pod } of viewOf(unit).workloads) {
      const { serviceAccountName: account } = pod.spec;
      if (!account || account === 'default') continue; // pod-hardening says that
      const key = `${namespace}/${account}`;
      const owner = owners.get(key);
      const instance = kind === 'Job' ? pod.labels['app.kubernetes.io/instance'] : undefined;
      if (owner === undefined) owners.set(key, { called: `${kind} ${name}`, instance });
      else if (instance === undefined || instance !== owner.instance)
        yield {
          object,
          given: `${pod.specAt}.serviceAccountName is ${account}, as in ${owner.called}`,
          remedy: 'give each workload an account of its own',
        };
    }
  },
};
