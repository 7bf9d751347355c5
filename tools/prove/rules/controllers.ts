import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { POD_KINDS, WORKLOAD_KINDS } from './workload-kinds.ts';

export const controllers: ObjectRule = {
  name: 'controllers',
  demands:
    'Pods are made by a Deployment, StatefulSet, DaemonSet, CronJob or Job, never by hand or by what those make.',
  kinds: POD_KINDS.filter(kind => WORKLOAD_KINDS[kind]!.never !== undefined),
  *check(manifest: Manifest): Iterable<Problem> {
    const { never } = WORKLOAD_KINDS[kindOf(manifest)]!;
    yield { given: `kind is ${manifest.kind}`, remedy: `write a Deployment: ${never}` };
  },
};
