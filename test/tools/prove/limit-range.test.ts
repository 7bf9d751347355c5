import { expect, test } from 'vitest';
import { api, apiPod, broken, type Objects } from './broken.ts';

const LIMIT = (it: Objects) => it['LimitRange limits'].spec.limits[0];

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'more than the namespace allows',
    it => {
      LIMIT(it).max.memory = '255Mi';
      it['StatefulSet database'] = undefined;
      it['CronJob clean'] = undefined;
      it['Job migrate'] = undefined;
      it['Deployment worker'] = undefined;
    },
    [
      'limit-range-fits: Deployment.api: spec.template.spec.containers[0].resources.requests.memory is 256Mi, and max in spec.limits[0] of LimitRange limits is 255Mi; give at most 255Mi, or move that bound',
      'limit-range-fits: Deployment.api: spec.template.spec.containers[0].resources.limits.memory is 256Mi, and max in spec.limits[0] of LimitRange limits is 255Mi; give at most 255Mi, or move that bound',
    ],
  ],
  [
    'less than the namespace asks for, in an init container',
    it => {
      const { image, imagePullPolicy, securityContext, resources } = api(it);
      const requests = { ...resources.requests, cpu: '5m' };
      apiPod(it).initContainers = [
        { name: 'migrate', image, imagePullPolicy, securityContext, resources: { ...resources, requests } },
      ];
    },
    [
      'limit-range-fits: Deployment.api: spec.template.spec.initContainers[0].resources.requests.cpu is 5m, and min in spec.limits[0] of LimitRange limits is 10m; give at least 10m, or move that bound',
    ],
  ],
  [
    'what stands at the bounds, and bounds of whole pods',
    it => {
      LIMIT(it).max.cpu = '1';
      LIMIT(it).min.cpu = '100m';
      it['LimitRange limits'].spec.limits.push({ type: 'Pod', max: { cpu: '1m' }, min: { cpu: '1m' } });
    },
    [],
  ],
])('%s', (_, change, findings) => {
  // The workloads that are taken away are missed by other laws.
  expect(broken(change).filter(text => text.startsWith('limit-range-fits'))).toEqual(findings);
});
