import type { DeploymentSpec } from '../../../imports/kubernetes.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { share } from './share.ts';
import { viewOf } from './view.ts';

export const rolloutKeepsOne: UnitRule = {
  name: 'rollout-keeps-one',
  demands:
    'A Deployment’s rolling update never takes all pods at once, of the number it states or the least its scaler may ask for.',
  except: 'One that is switched off (0 replicas) has none to take.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const workload of view.workloads) {
      if (workload.kind !== 'Deployment') continue;
      const { strategy = {} } = workload.object.manifest.spec as DeploymentSpec;
      const { maxUnavailable } = strategy.rollingUpdate ?? {};
      if (maxUnavailable === undefined) continue; // rollout says that
      const { min, max } = view.replicas(workload);
      if (max === 0) continue;
      // While it is scaled to zero there is nothing to take.
      const pods = Math.max(1, min);
      if (share(maxUnavailable, pods, Math.floor) < pods) continue;
      yield {
        object: workload.object,
        given: `spec.strategy.rollingUpdate.maxUnavailable is ${maxUnavailable} of ${pods}`,
        remedy: 'write 0 and a maxSurge above 0',
      };
    }
  },
};
