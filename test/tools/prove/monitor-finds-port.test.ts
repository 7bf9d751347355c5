import { describe, expect, test } from 'vitest';
import type { End, Wire } from '../../../tools/prove/rule.ts';
import { monitorFindsPort } from '../../../tools/prove/rules/monitor-finds-port.ts';
import type { Objects } from './broken.ts';
import { instance, object, selector } from './good/parts.ts';
import { goodObjects, unitOf, WIRING } from './good-unit.ts';

const SERVICE_MONITOR = 'ServiceMonitor api';
const PROMETHEUS = {
  called: 'Prometheus',
  namespace: 'monitoring',
  labels: { 'app.kubernetes.io/name': 'prometheus' },
};

const toApi = (from: Partial<Extract<End, { is: 'pods' }>> = {}, port = 8000): Wire => ({
  from: { is: 'pods', ...PROMETHEUS, ...from },
  to: { is: 'workload', namespace: 'shop', name: 'api' },
  port,
});
const SHUT =
  'spec.endpoints[0] asks Deployment api at 8000, which Prometheus may not reach; let its pods in (app.kubernetes.io/name=prometheus of namespace monitoring): network.allowFrom(…, 8000)';

/** What the law says where Prometheus asks the worker's pods and the API's Service. */
function judged(change: (it: Objects) => void, wiring: readonly Wire[] | undefined = [...WIRING, toApi()]): string[] {
  const spec = { selector: selector('api'), endpoints: [{ port: 'http' }] };
  const monitor = object('monitoring.coreos.com/v1/ServiceMonitor', 'api', { spec });
  const it: Objects = Object.fromEntries(
    [...goodObjects(), monitor].map(each => [`${each.kind} ${each.metadata.name}`, each]),
  );
  const service = it['Service api'].metadata;
  service.labels = { ...service.labels, ...instance('api') };
  change(it);
  const unit = unitOf(Object.values(it), { wiring });
  return [...monitorFindsPort.check(unit)].map(({ given, remedy }) => `${given}; ${remedy}`);
}

test('pods and a Service that Prometheus may ask', () => {
  expect(judged(() => {})).toEqual([]);
});

test('where nobody wires, nobody is asked who may reach whom', () => {
  const unit = unitOf(goodObjects(), { wiring: undefined });
  expect([...monitorFindsPort.check(unit)]).toEqual([]);
});

describe('a PodMonitor', () => {
  test.each<[string, (it: Objects) => void, string]>([
    [
      'of no pods',
      it => (it['PodMonitor worker'].spec.selector = selector('nobody')),
      'spec.selector app.kubernetes.io/instance=nobody matches no pod of namespace shop',
    ],
    [
      'of a port that they lack',
      it => (it['PodMonitor worker'].spec.podMetricsEndpoints[0].port = 'metrics'),
      'spec.podMetricsEndpoints[0].port is metrics, which Deployment worker does not declare; name one of its ports: http (8000)',
    ],
  ])('%s', (_, change, given) => {
    expect(judged(change)).toEqual([expect.stringContaining(given)]);
  });

  test('of pods that only the edge may reach', () => {
    expect(judged(() => {}, [...WIRING.slice(0, -1), toApi()])).toEqual([
      expect.stringContaining(
        'spec.podMetricsEndpoints[0] asks Deployment worker at 8000, which Prometheus may not reach',
      ),
    ]);
  });
});

describe('a ServiceMonitor', () => {
  test.each<[string, (it: Objects) => void, string]>([
    [
      'of no Service',
      it => (it[SERVICE_MONITOR].spec.selector = selector('nobody')),
      'matches no Service of namespace shop; select what a Service carries',
    ],
    [
      'of a port that the Service lacks',
      it => (it[SERVICE_MONITOR].spec.endpoints[0].port = 'metrics'),
      'spec.endpoints[0].port is metrics, which Service api does not have; name one of its ports: http',
    ],
    [
      'of a port that leads to none',
      it => (it['Service api'].spec.ports[0].targetPort = 'metrics'),
      'spec.endpoints[0].port is metrics, which Deployment api does not declare; name one of its ports: http (8000)',
    ],
  ])('%s', (_, change, given) => {
    expect(judged(change)).toEqual([expect.stringContaining(given)]);
  });

  test('of any Service where it says which namespaces', () => {
    expect(
      judged(it => {
        Object.assign(it[SERVICE_MONITOR].spec, { namespaceSelector: { any: true }, selector: selector('nobody') });
      }),
    ).toEqual([]);
  });

  test.each<[string, readonly Wire[], readonly string[]]>([
    ['nobody', [], [SHUT]],
    ['the edge alone', WIRING.slice(0, 1), [SHUT]],
    ['Prometheus at another port', [toApi({}, 9000)], [SHUT]],
    ['other pods of its namespace', [toApi({ labels: { 'app.kubernetes.io/name': 'grafana' } })], [SHUT]],
    ['pods so labelled of another namespace', [toApi({ namespace: 'shop' })], [SHUT]],
    ['another workload', [{ ...toApi(), to: { is: 'workload', namespace: 'shop', name: 'worker' } }], [SHUT]],
    ['all pods of its namespace', [{ ...toApi(), from: { is: 'pods', called: 'all', namespace: 'monitoring' } }], []],
  ])('where the wiring lets in %s', (_, wires, findings) => {
    expect(judged(it => Reflect.deleteProperty(it, 'PodMonitor worker'), wires)).toEqual(findings);
  });
});
