import { expect, test } from 'vitest';
import { broken, type Objects, switchOff } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'one replica in production',
    it => {
      it['Deployment api'].spec.replicas = 1;
      delete it['HorizontalPodAutoscaler api'];
    },
    [
      'rollout: Deployment.api: spec.replicas is 1 in tier production; give at least 2: one pod is an outage at every node that drains',
    ],
  ],
  [
    'a Deployment that stops before it starts',
    it => {
      it['Deployment api'].spec.strategy = { type: 'Recreate' };
    },
    ['rollout: Deployment.api: spec.strategy.type is Recreate; write RollingUpdate'],
  ],
  [
    'an unstated maxUnavailable',
    it => {
      delete it['Deployment api'].spec.strategy.rollingUpdate.maxUnavailable;
    },
    [
      'rollout: Deployment.api: spec.strategy.rollingUpdate.maxUnavailable is not given; write 0: the default takes a quarter of the pods away',
    ],
  ],
  [
    'a rolling update that takes all there are',
    it => {
      it['Deployment api'].spec.strategy.rollingUpdate.maxUnavailable = 2;
      it['Deployment api'].spec.replicas = 2;
      delete it['HorizontalPodAutoscaler api'];
    },
    [
      'rollout-keeps-one: Deployment.api: spec.strategy.rollingUpdate.maxUnavailable is 2 of 2; write 0 and a maxSurge above 0',
    ],
  ],
  [
    'a rolling update that can replace nothing',
    it => {
      it['Deployment api'].spec.strategy.rollingUpdate.maxSurge = '0%';
    },
    [
      'rollout: Deployment.api: spec.strategy.rollingUpdate has 0 for maxSurge and maxUnavailable; give maxSurge at least 1: no pod could be replaced',
    ],
  ],
  [
    'a selector that misses its own pods',
    it => {
      it['Deployment api'].spec.selector.matchLabels = { 'app.kubernetes.io/instance': 'web' };
    },
    [
      'rollout: Deployment.api: spec.selector app.kubernetes.io/instance=web does not match spec.template.metadata.labels; give the template the labels that the selector asks for',
    ],
  ],
  [
    'a selector that names a version',
    it => {
      it['Deployment api'].spec.selector.matchLabels.version = it[
        'Deployment api'
      ].spec.template.metadata.labels.version = '1';
    },
    [
      'rollout: Deployment.api: spec.selector names version; leave it out: it changes with each release, and a selector cannot',
    ],
  ],
  [
    'an empty selector',
    it => {
      it['Deployment api'].spec.selector = {};
    },
    ['rollout: Deployment.api: spec.selector is empty; select the pods by app.kubernetes.io/instance'],
  ],
  [
    'a rolling update that takes the least that its scaler may ask for',
    it => {
      it['Deployment api'].spec.strategy.rollingUpdate.maxUnavailable = 2;
    },
    [
      'rollout-keeps-one: Deployment.api: spec.strategy.rollingUpdate.maxUnavailable is 2 of 2; write 0 and a maxSurge above 0',
    ],
  ],
  [
    'a rolling update that leaves one of the least',
    it => {
      it['Deployment api'].spec.strategy.rollingUpdate.maxUnavailable = 1;
    },
    [],
  ],
  [
    'a share rounds down, so one stays',
    it => {
      it['Deployment api'].spec.strategy.rollingUpdate.maxUnavailable = '50%';
    },
    [],
  ],
  [
    'a workload that is switched off until a failover, whatever its update and its budget would take',
    it => {
      switchOff(it, 3);
      it['Deployment worker'].spec.strategy.rollingUpdate.maxUnavailable = 1;
      it['PodDisruptionBudget worker'].spec.maxUnavailable = undefined;
      it['PodDisruptionBudget worker'].spec.minAvailable = '50%';
    },
    [],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
