import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'no budget',
    it => {
      delete it['PodDisruptionBudget api'];
    },
    ['disruption-budget: Deployment.api: no disruption budget selects Deployment api; add one with maxUnavailable: 1'],
  ],
  [
    'two budgets',
    it => {
      it.second = structuredClone(it['PodDisruptionBudget api']);
      it.second.metadata.name = 'second';
    },
    [
      'disruption-budget: Deployment.api: api and second both select Deployment api; keep one budget: with two no pod can be evicted',
    ],
  ],
  [
    'a budget that never lets go',
    it => {
      it['PodDisruptionBudget api'].spec.maxUnavailable = 0;
    },
    [
      'disruption-budget: PodDisruptionBudget.api: spec.maxUnavailable is 0: Deployment api never lets a pod go, and no node of its drains; write maxUnavailable: 1',
    ],
  ],
  [
    'a budget of as many as there are',
    it => {
      delete it['PodDisruptionBudget api'].spec.maxUnavailable;
      it['PodDisruptionBudget api'].spec.minAvailable = 2;
    },
    [
      'disruption-budget: PodDisruptionBudget.api: spec.minAvailable is 2 of 2: Deployment api never lets a pod go, and no node of its drains; write maxUnavailable: 1',
    ],
  ],
  [
    'a share that rounds up to all of them',
    it => {
      delete it['PodDisruptionBudget api'].spec.maxUnavailable;
      it['PodDisruptionBudget api'].spec.minAvailable = '51%';
    },
    [
      'disruption-budget: PodDisruptionBudget.api: spec.minAvailable is 51% of 2: Deployment api never lets a pod go, and no node of its drains; write maxUnavailable: 1',
    ],
  ],
  [
    'a budget that says nothing',
    it => {
      delete it['PodDisruptionBudget api'].spec.maxUnavailable;
    },
    [
      'disruption-budget: PodDisruptionBudget.api: spec states neither maxUnavailable nor minAvailable: Deployment api never lets a pod go, and no node of its drains; write maxUnavailable: 1',
    ],
  ],
  [
    'a budget of nobody',
    it => {
      it['PodDisruptionBudget clean'] = structuredClone(it['PodDisruptionBudget api']);
      it['PodDisruptionBudget clean'].metadata.name = 'web';
      it['PodDisruptionBudget clean'].spec.selector.matchLabels['app.kubernetes.io/instance'] = 'web';
    },
    [
      'disruption-budget: PodDisruptionBudget.web: spec.selector app.kubernetes.io/instance=web matches no pod of namespace shop; select what a pod template carries, its app.kubernetes.io/instance',
    ],
  ],
  [
    'a budget that keeps broken pods of a StatefulSet while the others are not well, which may hold what they lack',
    it => {
      it['PodDisruptionBudget database'].spec.unhealthyPodEvictionPolicy = 'IfHealthyBudget';
    },
    [],
  ],
  [
    'a budget that keeps broken pods of a Deployment',
    it => {
      it['PodDisruptionBudget api'].spec.unhealthyPodEvictionPolicy = 'IfHealthyBudget';
    },
    [
      'disruption-budget: PodDisruptionBudget.api: spec.unhealthyPodEvictionPolicy is IfHealthyBudget; write AlwaysAllow: a pod that is broken anyway must not keep a node from draining',
    ],
  ],
  [
    'a budget that keeps broken pods',
    it => {
      delete it['PodDisruptionBudget api'].spec.unhealthyPodEvictionPolicy;
    },
    [
      'disruption-budget: PodDisruptionBudget.api: spec.unhealthyPodEvictionPolicy is not given; write AlwaysAllow: a pod that is broken anyway must not keep a node from draining',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
