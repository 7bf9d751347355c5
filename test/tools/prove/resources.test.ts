import { expect, test } from 'vitest';
import { api, apiPod, broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'no resources at all',
    it => {
      delete api(it).resources;
    },
    [
      'resources: Deployment.api: spec.template.spec.containers[0].resources.requests has no cpu; give one, e.g. 100m',
      'resources: Deployment.api: spec.template.spec.containers[0].resources.limits has no cpu; give one, e.g. 1',
      'resources: Deployment.api: spec.template.spec.containers[0].resources.requests has no memory; give one, e.g. 256Mi',
      'resources: Deployment.api: spec.template.spec.containers[0].resources.limits has no memory; give one, e.g. 256Mi',
      'resources: Deployment.api: spec.template.spec.containers[0].resources.requests has no ephemeral-storage; give one, e.g. 64Mi',
      'resources: Deployment.api: spec.template.spec.containers[0].resources.limits has no ephemeral-storage; give one, e.g. 256Mi',
    ],
  ],
  [
    'a limit that is missing',
    it => {
      delete api(it).resources.limits.memory;
    },
    [
      'resources: Deployment.api: spec.template.spec.containers[0].resources.limits has no memory; give one, e.g. 256Mi',
    ],
  ],
  [
    'memory that is not reserved',
    it => {
      api(it).resources.requests.memory = '128Mi';
    },
    [
      'resources: Deployment.api: spec.template.spec.containers[0].resources.requests.memory is 128Mi, the limit 256Mi; reserve all of it: 256Mi',
    ],
  ],
  [
    'more reserved than allowed',
    it => {
      api(it).resources.requests.cpu = '2';
    },
    [
      'resources: Deployment.api: spec.template.spec.containers[0].resources.requests.cpu is 2, the limit 1; lower the request to 1 or raise the limit',
      'quota-fits: ResourceQuota.quota: spec.hard["requests.cpu"] is 4, the workloads’ peak 16800m; raise it to at least 16800m',
    ],
  ],
  [
    'the same amount in other words is fine for the law, not for Argo CD',
    it => {
      api(it).resources.limits.memory = '0.25Gi';
    },
    [
      'quantities: Deployment.api: spec.template.spec.containers[0].resources.limits.memory is "0.25Gi"; write "256Mi", as the API server will',
    ],
  ],
  [
    'a CPU as people write it',
    it => {
      api(it).resources.limits.cpu = '1000m';
    },
    [
      'quantities: Deployment.api: spec.template.spec.containers[0].resources.limits.cpu is "1000m"; write "1", as the API server will',
    ],
  ],
  [
    'a quota as people write it',
    it => {
      it['ResourceQuota quota'].spec.hard.pods = '2000';
    },
    ['quantities: ResourceQuota.quota: spec.hard.pods is "2000"; write "2k", as the API server will'],
  ],
  [
    'a limit range as people write it',
    it => {
      it['LimitRange limits'].spec.limits[0].max.memory = '65536Mi';
    },
    ['quantities: LimitRange.limits: spec.limits[0].max.memory is "65536Mi"; write "64Gi", as the API server will'],
  ],
  [
    'a claim as people write it',
    it => {
      it['StatefulSet database'].spec.volumeClaimTemplates[0].spec.resources.requests.storage = '10240Mi';
    },
    [
      'quantities: StatefulSet.database: spec.volumeClaimTemplates[0].spec.resources.requests.storage is "10240Mi"; write "10Gi", as the API server will',
    ],
  ],
  [
    'a scratch volume as people write it',
    it => {
      apiPod(it).volumes.push({ name: 'tmp', emptyDir: { sizeLimit: '1024Mi' } });
    },
    [
      'quantities: Deployment.api: spec.template.spec.volumes[1].emptyDir.sizeLimit is "1024Mi"; write "1Gi", as the API server will',
    ],
  ],
  [
    'a scratch claim as people write it',
    it => {
      it['ResourceQuota quota'].spec.hard['requests.storage'] = '40Gi';
      apiPod(it).volumes.push({
        name: 'scratch',
        ephemeral: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '1024Mi' } },
              storageClassName: 'gp3',
            },
          },
        },
      });
    },
    [
      'quantities: Deployment.api: spec.template.spec.volumes[1].ephemeral.volumeClaimTemplate.spec.resources.requests.storage is "1024Mi"; write "1Gi", as the API server will',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
