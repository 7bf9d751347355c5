import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

const AT = 'ingress-answers: Ingress.api: spec.rules[0].http.paths[0].backend.service.name is';

/** Leads the Ingress to the worker, which KEDA scales, by a Service of its own. */
function toWorker(it: Objects): void {
  it['Service worker'] = structuredClone(it['Service api']);
  it['Service worker'].metadata.name = 'worker';
  it['Service worker'].spec.selector = { 'app.kubernetes.io/instance': 'worker' };
  it['Ingress api'].spec.rules[0].http.paths[0].backend.service.name = 'worker';
}

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'pods that are not ready',
    it => {
      it['Service api'].spec.publishNotReadyAddresses = true;
    },
    [`${AT} api, which publishes pods that are not ready; leave publishNotReadyAddresses out`],
  ],
  [
    'a job',
    it => {
      it['Service api'].spec.selector = { 'app.kubernetes.io/instance': 'clean' };
      it['CronJob clean'].spec.jobTemplate.spec.template.spec.containers[0].ports = [
        { name: 'http', containerPort: 8000, protocol: 'TCP' },
      ];
    },
    [
      `${AT} api, which leads to CronJob clean, whose pods end; lead to a workload that runs for ever, e.g. a Deployment`,
    ],
  ],
  [
    'a workload that is switched off',
    it => {
      delete it['HorizontalPodAutoscaler api'];
      it['Deployment api'].spec.replicas = 0;
    },
    [`${AT} api, which leads to Deployment api, which is switched off; remove the path here, or give it replicas`],
  ],
  ['a workload that scales', toWorker, []],
  [
    'something outside the cluster, of which nobody here knows when it is ready',
    it => {
      const { metadata, spec } = it['Service api'];
      delete spec.selector;
      spec.clusterIP = 'None';
      it['EndpointSlice api'] = {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels: { ...metadata.labels, 'kubernetes.io/service-name': 'api' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['192.0.2.1'] }],
      };
    },
    [],
  ],
  [
    'a workload that rests',
    it => {
      toWorker(it);
      it['ScaledObject worker'].spec.minReplicaCount = 0;
    },
    [
      `${AT} worker, which leads to Deployment worker, which may be scaled to zero; give its scaler a minimum of at least 2`,
    ],
  ],
  [
    'a sidecar that never says when it is ready',
    it => {
      const { spec } = it['Deployment api'].spec.template;
      const [main] = spec.containers;
      spec.initContainers = [
        {
          ...structuredClone(main),
          name: 'proxy',
          restartPolicy: 'Always',
          ports: [{ name: 'proxy', containerPort: 9000, protocol: 'TCP' }],
        },
      ];
      delete spec.initContainers[0].readinessProbe;
      delete spec.initContainers[0].livenessProbe;
      it['Service api'].spec.ports[0].targetPort = 'proxy';
      it['ResourceQuota quota'].spec.hard = {
        pods: '20',
        'requests.cpu': '8',
        'requests.memory': '8Gi',
        'limits.cpu': '32',
        'limits.memory': '8Gi',
      };
    },
    [
      `${AT} api, which leads to Deployment api, whose spec.template.spec.initContainers[0] has no readinessProbe; give one that says when it can take requests`,
    ],
  ],
  [
    'one fault of a Service, however many paths lead to it',
    it => {
      it['Service api'].spec.publishNotReadyAddresses = true;
      const { paths } = it['Ingress api'].spec.rules[0].http;
      paths.push({ ...paths[0], path: '/admin' });
    },
    [`${AT} api, which publishes pods that are not ready; leave publishNotReadyAddresses out`],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});

test('outside production a workload may rest at night', () => {
  const resting = (it: Objects) => {
    toWorker(it);
    it['ScaledObject worker'].spec.minReplicaCount = 0;
  };
  expect(broken(resting, { tier: 'staging' })).toEqual([]);
});
