import { expect, test } from 'vitest';
import { api, apiPod, broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a ConfigMap that is not there',
    it => {
      delete it['ConfigMap api'];
    },
    [
      'references-exist: Deployment.api: spec.template.spec.volumes[0].configMap names ConfigMap api, which namespace shop has not; render it in the same namespace',
    ],
  ],
  [
    'a key that is not there',
    it => {
      api(it).env[1].valueFrom.configMapKeyRef.key = 'LEVEL';
    },
    [
      'references-exist: Deployment.api: spec.template.spec.containers[0].env[1].valueFrom.configMapKeyRef reads the key LEVEL of ConfigMap api, which has api.yaml, level; add the key, or read one that is there',
    ],
  ],
  [
    'a file that would be an empty folder',
    it => {
      api(it).volumeMounts[0].subPath = 'api.yml';
    },
    [
      'references-exist: Deployment.api: spec.template.spec.containers[0].volumeMounts[0].subPath reads the key api.yml of ConfigMap api, which has api.yaml, level; add the key, or read one that is there',
    ],
  ],
  [
    'a Secret that nobody makes',
    it => {
      delete it['ExternalSecret api'];
    },
    [
      "references-exist: Deployment.api: spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef names Secret api, which namespace shop has not; make it with an ExternalSecret or a Certificate of the same namespace: secret('…')",
    ],
  ],
  [
    'a Secret’s key that nobody makes',
    it => {
      api(it).env[0].valueFrom.secretKeyRef.key = 'DATABASE_URI';
    },
    [
      'references-exist: Deployment.api: spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef reads the key DATABASE_URI of Secret api, which has DATABASE_URL; add the key, or read one that is there',
    ],
  ],
  [
    'what is optional may be missing',
    it => {
      api(it).env[0].valueFrom.secretKeyRef.optional = true;
      delete it['ExternalSecret api'];
    },
    [],
  ],
  [
    'a whole Secret that nobody makes',
    it => {
      api(it).envFrom = [{ secretRef: { name: 'all' } }];
    },
    [
      "references-exist: Deployment.api: spec.template.spec.containers[0].envFrom[0].secretRef names Secret all, which namespace shop has not; make it with an ExternalSecret or a Certificate of the same namespace: secret('…')",
    ],
  ],
  [
    'a volume of a Secret’s missing key',
    it => {
      apiPod(it).volumes.push({
        name: 'tls',
        secret: { secretName: 'api-tls', items: [{ key: 'tls.pem', path: 'tls.pem' }] },
      });
    },
    [
      'references-exist: Deployment.api: spec.template.spec.volumes[1].secret.items[0] reads the key tls.pem of Secret api-tls, which has ca.crt, tls.crt, tls.key; add the key, or read one that is there',
    ],
  ],
  [
    'the root certificates of every namespace are there',
    it => {
      apiPod(it).volumes.push({
        name: 'token',
        projected: {
          sources: [
            { serviceAccountToken: { path: 'token', audience: 'vault' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          ],
        },
      });
    },
    [],
  ],
  [
    'an ExternalSecret that takes all has every key',
    it => {
      const { spec } = it['ExternalSecret api'];
      delete spec.data;
      spec.dataFrom = [{ extract: { key: 'shop/api' } }];
    },
    [],
  ],
  [
    'a template says which keys there are',
    it => {
      it['ExternalSecret api'].spec.target.template = { data: { 'api.properties': 'url={{ .DATABASE_URL }}' } };
    },
    [
      'references-exist: Deployment.api: spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef reads the key DATABASE_URL of Secret api, which has api.properties; add the key, or read one that is there',
    ],
  ],
  [
    'an ExternalSecret that makes nothing',
    it => {
      it['ExternalSecret api'].spec.target.creationPolicy = 'None';
    },
    [
      "references-exist: Deployment.api: spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef names Secret api, which namespace shop has not; make it with an ExternalSecret or a Certificate of the same namespace: secret('…')",
    ],
  ],
  [
    'a mounted item of another name',
    it => {
      apiPod(it).volumes[0].configMap.items = [{ key: 'level', path: 'api.yaml' }];
    },
    [],
  ],
  [
    'a whole ConfigMap that is not there',
    it => {
      api(it).envFrom = [{ configMapRef: { name: 'all' } }];
    },
    [
      'references-exist: Deployment.api: spec.template.spec.containers[0].envFrom[0].configMapRef names ConfigMap all, which namespace shop has not; render it in the same namespace',
    ],
  ],
  [
    'a projected Secret that nobody makes',
    it => {
      apiPod(it).volumes.push({
        name: 'all',
        projected: { sources: [{ secret: { name: 'all', items: [{ key: 'a', path: 'a' }] } }] },
      });
    },
    [
      "references-exist: Deployment.api: spec.template.spec.volumes[1].projected.sources[0].secret names Secret all, which namespace shop has not; make it with an ExternalSecret or a Certificate of the same namespace: secret('…')",
    ],
  ],
  [
    'a Secret’s file that would be an empty folder',
    it => {
      apiPod(it).volumes.push({ name: 'tls', secret: { secretName: 'api-tls' } });
      api(it).volumeMounts.push(
        { name: 'tls', mountPath: '/tls.pem', subPath: 'tls.pem' },
        { name: 'tls', mountPath: '/tls.key', subPath: 'tls.key' },
      );
    },
    [
      'references-exist: Deployment.api: spec.template.spec.containers[0].volumeMounts[1].subPath reads the key tls.pem of Secret api-tls, which has ca.crt, tls.crt, tls.key; add the key, or read one that is there',
    ],
  ],
  [
    'a template of elsewhere may make any key',
    it => {
      it['ExternalSecret api'].spec.target.template = {
        templateFrom: [{ configMap: { name: 'api', items: [{ key: 'level' }] } }],
      };
    },
    [],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
