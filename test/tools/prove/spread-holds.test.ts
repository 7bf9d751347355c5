import { expect, test } from 'vitest';
import { apiPod, broken, type Objects } from './broken.ts';
import { instance } from './good/parts.ts';
import type { Setting } from './good-unit.ts';

/** The api asks for 6 pods at most, and one more while it rolls. */
const nodes = (maxNodes: number, spotNodes = 0): Setting => ({
  nodePools: [
    { name: 'general', maxNodes, cores: 8, memoryGibibytes: 32, spot: false },
    { name: 'spot', maxNodes: spotNodes, cores: 8, memoryGibibytes: 32, spot: true },
  ],
});

const term = (name: string, topologyKey = 'kubernetes.io/hostname') => ({
  labelSelector: { matchLabels: instance(name) },
  topologyKey,
});
const required =
  (name: string, topologyKey?: string, whose = 'api') =>
  (it: Objects) => {
    it[`Deployment ${whose}`].spec.template.spec.affinity = {
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(name, topologyKey)] },
    };
  };
const REQUIRED =
  'spread-holds: Deployment.api: spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]';
const PREFERRED =
  'spread-holds: Deployment.api: spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm';
const SPREAD = 'spread-holds: Deployment.api: spec.template.spec.topologySpreadConstraints[0]';
const REMEDY = 'prefer it (preferredDuringSchedulingIgnoredDuringExecution), or ask for fewer pods';

test.each<[string, (it: Objects) => void, Setting, string[]]>([
  [
    'pods that nothing spreads',
    it => {
      delete apiPod(it).topologySpreadConstraints;
    },
    {},
    [
      'spread-holds: Deployment.api: spec.template.spec has neither topologySpreadConstraints nor podAntiAffinity; spread the pods over topology.kubernetes.io/zone: on one node they fail together',
    ],
  ],
  [
    'pods that nothing spreads, where an outage costs nobody',
    it => {
      delete apiPod(it).topologySpreadConstraints;
    },
    { tier: 'staging' },
    [],
  ],
  [
    'one pod needs no spread',
    it => {
      delete it['StatefulSet database'].spec.template.spec.topologySpreadConstraints;
      it['StatefulSet database'].spec.replicas = 1;
    },
    {},
    [],
  ],
  [
    'a spread of others',
    it => {
      apiPod(it).topologySpreadConstraints[0].labelSelector.matchLabels = instance('web');
    },
    {},
    [
      `${SPREAD}.labelSelector app.kubernetes.io/instance=web does not match the pod’s own labels; select them by app.kubernetes.io/instance: it counts the pods that it selects`,
    ],
  ],
  [
    'a spread of nobody',
    it => {
      delete apiPod(it).topologySpreadConstraints[0].labelSelector;
    },
    {},
    [
      `${SPREAD}.labelSelector {} does not match the pod’s own labels; select them by app.kubernetes.io/instance: it counts the pods that it selects`,
    ],
  ],
  [
    'more zones than there are',
    it => {
      Object.assign(apiPod(it).topologySpreadConstraints[0], { minDomains: 4, whenUnsatisfiable: 'DoNotSchedule' });
    },
    {},
    [`${SPREAD}.minDomains is 4, of which there are 3; give at most 3`],
  ],
  [
    'more zones than nodes',
    it => {
      Object.assign(apiPod(it).topologySpreadConstraints[0], { minDomains: 3, whenUnsatisfiable: 'DoNotSchedule' });
    },
    nodes(2),
    [`${SPREAD}.minDomains is 3, of which there are 2; give at most 2`],
  ],
  [
    'as many zones as there are',
    it => {
      Object.assign(apiPod(it).topologySpreadConstraints[0], { minDomains: 3, whenUnsatisfiable: 'DoNotSchedule' });
    },
    {},
    [],
  ],
  [
    'a wish for more zones than there are is a wish',
    it => {
      apiPod(it).topologySpreadConstraints[0].minDomains = 4;
    },
    {},
    [],
  ],
  ['a node for each pod, and one for the update', required('api'), nodes(7), []],
  ['a node for each pod, where nobody counted them', required('api'), {}, []],
  [
    'a node for each pod, and none for the update',
    required('api'),
    nodes(6, 6),
    [`${REQUIRED} gives each of 7 pods its own kubernetes.io/hostname, of which there are 6; ${REMEDY}`],
  ],
  [
    'spot nodes count for what tolerates them',
    it => {
      required('api')(it);
      apiPod(it).tolerations = [{ key: 'drydock/spot', operator: 'Exists', effect: 'NoSchedule' }];
    },
    nodes(4, 3),
    [],
  ],
  [
    'so they do for what tolerates everything, and not for what tolerates something else',
    it => {
      required('api')(it);
      apiPod(it).tolerations = [{ operator: 'Exists' }];
      required('worker', 'kubernetes.io/hostname', 'worker')(it);
      it['Deployment worker'].spec.template.spec.tolerations = [{ key: 'gpu', operator: 'Exists' }];
    },
    nodes(3, 4),
    [
      'spread-holds: Deployment.worker: spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0] gives each of 4 pods its own kubernetes.io/hostname, of which there are 3; prefer it (preferredDuringSchedulingIgnoredDuringExecution), or ask for fewer pods',
    ],
  ],
  [
    'an update that takes a pod away first needs no node more',
    it => {
      required('api')(it);
      it['Deployment api'].spec.strategy.rollingUpdate.maxUnavailable = 1;
    },
    nodes(6),
    [],
  ],
  [
    'a zone for each pod',
    required('api', 'topology.kubernetes.io/zone'),
    {},
    [`${REQUIRED} gives each of 7 pods its own topology.kubernetes.io/zone, of which there are 3; ${REMEDY}`],
  ],
  ['away from the database', required('database'), nodes(1), []],
  [
    'away from pods of another namespace',
    it => {
      required('till')(it);
      apiPod(it).affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].namespaces = ['till'];
    },
    {},
    [],
  ],
  [
    'away from pods of any namespace',
    it => {
      required('till')(it);
      apiPod(it).affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].namespaceSelector = {};
    },
    {},
    [],
  ],
  [
    'away from nobody that is named',
    it => {
      required('api')(it);
      delete apiPod(it).affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector;
    },
    nodes(1),
    [
      `${REQUIRED}.labelSelector {} matches no pod of namespace shop; select the pod’s own by app.kubernetes.io/instance`,
    ],
  ],
  [
    'away from nobody',
    it => {
      apiPod(it).affinity = {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term('web') }],
        },
      };
    },
    {},
    [
      `${PREFERRED}.labelSelector app.kubernetes.io/instance=web matches no pod of namespace shop; select the pod’s own by app.kubernetes.io/instance`,
    ],
  ],
])('%s', (_, change, setting, findings) => {
  expect(broken(change, setting)).toEqual(findings);
});
