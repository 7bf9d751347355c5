import { describe, expect, test } from 'vitest';
import type { Wire } from '../../../tools/prove/rule.ts';
import { broken, type Objects } from './broken.ts';
import { workload } from './good/wired.ts';
import { WIRING } from './good-unit.ts';

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
    'each fault of a Service once, however many paths lead to it',
    it => {
      it['Service api'].spec.publishNotReadyAddresses = true;
      delete it['HorizontalPodAutoscaler api'];
      it['Deployment api'].spec.replicas = 0;
      const { paths } = it['Ingress api'].spec.rules[0].http;
      paths.push({ ...paths[0], path: '/admin' });
    },
    [
      `${AT} api, which publishes pods that are not ready; leave publishNotReadyAddresses out`,
      `${AT} api, which leads to Deployment api, which is switched off; remove the path here, or give it replicas`,
    ],
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

/** Leads the Ingress to a sidecar before the API. */
function throughProxy(it: Objects): void {
  const { spec } = it['Deployment api'].spec.template;
  const ports = [{ name: 'proxy', containerPort: 9000, protocol: 'TCP' }];
  spec.initContainers = [{ ...structuredClone(spec.containers[0]), name: 'proxy', restartPolicy: 'Always', ports }];
  for (const probe of ['readinessProbe', 'livenessProbe']) spec.initContainers[0][probe].httpGet.port = 'proxy';
  it['Service api'].spec.ports[0].targetPort = 'proxy';
  it['ResourceQuota quota'].spec.hard = {
    pods: '20',
    'requests.cpu': '8',
    'requests.memory': '8Gi',
    'limits.cpu': '32',
    'limits.memory': '8Gi',
  };
}

test('a sidecar that never says when it is ready', () => {
  const mute = (it: Objects) => {
    throughProxy(it);
    const [proxy] = it['Deployment api'].spec.template.spec.initContainers;
    delete proxy.readinessProbe;
    delete proxy.livenessProbe;
  };
  expect(broken(mute, { wiring: undefined })).toEqual([
    `${AT} api, which leads to Deployment api, whose spec.template.spec.initContainers[0] has no readinessProbe; give one that says when it can take requests`,
  ]);
});

describe('the edge may reach the pods', () => {
  const SHUT = `${AT} api, which leads to Deployment api at TCP 9000, where the wiring lets nobody in from outside the unit; give the service its host with expose, which opens that port to the edge`;

  test('at the port behind the Service', () => {
    expect(broken(throughProxy)).toEqual([SHUT]);
    const wire: Wire = { ...WIRING[0]!, port: 9000 };
    const open = (it: Objects) => {
      throughProxy(it);
      it['NetworkPolicy api'].spec.ingress[0].ports.push({ port: 9000, protocol: 'TCP' });
    };
    expect(broken(open, { wiring: [...WIRING, wire] })).toEqual([]);
  });

  test('told once, however many paths lead there', () => {
    const twice = (it: Objects) => {
      throughProxy(it);
      const { paths } = it['Ingress api'].spec.rules[0].http;
      paths.push({ ...paths[0], path: '/admin' });
    };
    expect(broken(twice)).toEqual([SHUT]);
  });

  test('each port of a Service is asked', () => {
    const both = (it: Objects) => {
      throughProxy(it);
      it['Service api'].spec.ports.push({ name: 'direct', port: 8080, protocol: 'TCP', targetPort: 8000 });
      const { paths } = it['Ingress api'].spec.rules[0].http;
      paths.unshift({ ...structuredClone(paths[0]), path: '/direct' });
      paths[0].backend.service.port = { number: 8080 };
    };
    expect(broken(both)).toEqual([SHUT.replace('paths[0]', 'paths[1]')]);
  });

  test('a wire from a workload of the unit is not the edge’s', () => {
    const wiring = WIRING.map((wire): Wire => ({ ...wire, from: workload('worker') }));
    expect(broken(() => {}, { wiring }).filter(each => each.startsWith('ingress-answers'))).toEqual([
      SHUT.replace('9000', '8000'),
    ]);
  });
});
