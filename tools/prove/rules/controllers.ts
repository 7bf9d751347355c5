import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';

export const controllers: ObjectRule = {
  name: 'controllers',
  demands: 'Pods are made by a Deployment, StatefulSet, DaemonSet, CronJob or Job: a bare one is gone with its node.',
  kinds: ['v1/Pod', 'v1/ReplicationController', 'apps/v1/ReplicaSet'],
  *check({ kind }: Manifest): Iterable<Problem> {
    yield { given: `kind is ${kind}`, remedy: 'write a Deployment' };
  },
};
