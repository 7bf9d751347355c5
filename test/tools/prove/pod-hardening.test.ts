import { expect, test } from 'vitest';
import { api, apiPod, broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'root by number',
    it => {
      api(it).securityContext.runAsUser = 0;
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.runAsUser is 0; give a user other than root, e.g. 10001',
      'pod-hardening: Deployment.api: spec.template.spec.containers[0].securityContext.runAsUser is 0; give one from 10000, e.g. 10001',
    ],
  ],
  [
    'a user of the host',
    it => {
      apiPod(it).securityContext.runAsUser = 999;
    },
    [
      'pod-hardening: Deployment.api: spec.template.spec.containers[0].securityContext.runAsUser is 999; give one from 10000, e.g. 10001',
    ],
  ],
  [
    'no group at all',
    it => {
      delete apiPod(it).securityContext.runAsGroup;
    },
    [
      'pod-hardening: Deployment.api: spec.template.spec.containers[0].securityContext.runAsGroup is not given, nor the pod’s; give one from 10000, e.g. 10001',
    ],
  ],
  [
    'a file system group of root',
    it => {
      apiPod(it).securityContext.fsGroup = 0;
    },
    [
      'pod-hardening: Deployment.api: spec.template.spec.securityContext adds group 0; give a group other than root, e.g. 10001',
    ],
  ],
  [
    'a file system that can be written',
    it => {
      api(it).securityContext.readOnlyRootFilesystem = false;
    },
    [
      'pod-hardening: Deployment.api: spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem is false; write true and mount an emptyDir where it writes',
    ],
  ],
  [
    'a token that nobody asked for',
    it => {
      delete apiPod(it).automountServiceAccountToken;
    },
    [
      'pod-hardening: Deployment.api: spec.template.spec.automountServiceAccountToken is not given; write false; a pod that calls the API server mounts a projected token volume',
    ],
  ],
  [
    'the default account',
    it => {
      apiPod(it).serviceAccountName = 'default';
      it['ServiceAccount api'].metadata.name = 'default';
    },
    [
      'pod-hardening: Deployment.api: spec.template.spec.serviceAccountName is "default"; give the workload an account of its own',
    ],
  ],
  [
    'a bare pod',
    it => {
      const { spec } = it['Job migrate'];
      delete it['Job migrate'];
      it.pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...it['Service api'].metadata, name: 'migrate', labels: spec.template.metadata.labels },
        spec: spec.template.spec,
      };
    },
    ['controllers: Pod.migrate: kind is Pod; write a Deployment: a bare Pod is gone with its node'],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
