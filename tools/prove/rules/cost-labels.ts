import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { podOf } from './pods.ts';
import type { Labels } from './selector.ts';

/** What allocation reports group by; OpenCost and Kubecost read plain `environment` and `owner`, from the pods. */
const KEYS = ['app.kubernetes.io/part-of', 'app.kubernetes.io/managed-by', 'environment', 'owner', 'cost-center'];

export const costLabels: ObjectRule = {
  name: 'cost-labels',
  demands: `Every object and every pod template carries ${KEYS.join(', ')}.`,
  check(manifest: Manifest): readonly Problem[] {
    const found: Problem[] = [];
    missing(manifest.metadata.labels, 'metadata.labels', found);
    const pod = podOf(manifest);
    if (pod !== undefined && pod.at !== '') missing(pod.labels, `${pod.at}.metadata.labels`, found);
    return found;
  },
};

function missing(labels: Labels | undefined, at: string, found: Problem[]): void {
  for (const key of KEYS) {
    if (!labels?.[key])
      found.push({ given: `${at} has no ${key}`, remedy: 'make the object in a System, which labels all below it' });
  }
}
