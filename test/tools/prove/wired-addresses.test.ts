import { expect, test } from 'vitest';
import type { End, Wire } from '../../../tools/prove/rule.ts';
import { addressesIn } from '../../../tools/prove/rules/cluster-addresses.ts';
import { wiredAddresses } from '../../../tools/prove/rules/wired-addresses.ts';
import { broken, type Objects } from './broken.ts';
import type { Loose } from './good/parts.ts';
import { workload } from './good/wired.ts';
import { goodObjects, unitOf, WIRING } from './good-unit.ts';

const job = (it: Objects): Loose => it['CronJob clean'].spec.jobTemplate.spec.template.spec.containers[0];
const AT = 'spec.jobTemplate.spec.template.spec.containers[0]';

/** What the law says where the nightly job is given this address, with one wire more. */
function given(value: string, wires: readonly Wire[] = [], change: (it: Objects) => void = () => {}): string[] {
  const it: Objects = Object.fromEntries(goodObjects().map(each => [`${each.kind} ${each.metadata.name}`, each]));
  job(it).env = [{ name: 'API_URL', value }];
  change(it);
  const unit = unitOf(Object.values(it), { wiring: [...WIRING, ...wires] });
  return [...wiredAddresses.check(unit)].map(({ given, remedy }) => `${given}; ${remedy}`);
}

const toApi = (port: number): Wire => ({ from: workload('clean'), to: workload('api'), port });
const CLOSED = (host: string, place = '') =>
  `${AT}.env[0] API_URL holds ${host}, and no wire leads from clean to api${place}; write the reference, which opens the network: env: { API_URL: api.url }`;

test.each([
  ['http://api.shop.svc', 'api.shop.svc'],
  ['http://api.shop.svc/v1', 'api.shop.svc'],
  ['grpc://user@api.shop.svc.cluster.local', 'api.shop.svc.cluster.local'],
  ['a.example.com,api.shop.svc', 'api.shop.svc'],
  ['http://$(POD_NAME).api.shop.svc', 'api.shop.svc'],
  ['http://api', 'api'],
  ['http://api.shop', 'api.shop'],
])('%s without a wire', (value, host) => {
  expect(given(value)).toEqual([CLOSED(host)]);
  expect(given(value, [toApi(8000)])).toEqual([]);
});

test.each([
  ['api.shop.svc.cluster.local:80', 'api.shop.svc.cluster.local'],
  ['http://api.shop.svc:80', 'api.shop.svc'],
  ['api:80', 'api'],
])('%s asks for the port behind the Service’s', (value, host) => {
  expect(given(value)).toEqual([CLOSED(host, ' at TCP 8000')]);
  expect(given(value, [toApi(9464)])).toEqual([CLOSED(host, ' at TCP 8000')]);
  expect(given(value, [toApi(8000)])).toEqual([]);
});

test.each([
  ['http://api.shop.svc', (it: Objects) => Object.assign(it['Service api'].spec.ports[0], { port: 8080 }), 80],
  ['https://api.shop.svc/v1', () => {}, 443],
  ['api.shop.svc:9090', () => {}, 9090],
])('%s asks for a port that the Service lacks', (value, change, port) => {
  expect(given(value, [toApi(8000)], change)).toEqual([
    expect.stringContaining(`, whose Service has no port ${port}; write a port that it has`),
  ]);
});

test('a headless Service is reached at the pods’ own port', () => {
  const wire: Wire = { from: workload('clean'), to: workload('database'), port: 5432 };
  const pod = 'postgres://database-0.database.shop.svc:5432/shop';
  expect(given(pod, [wire])).toEqual([]);
  expect(given(pod, [{ ...wire, port: 8000 }])[0]).toContain('no wire leads from clean to database at TCP 5432;');
});

test('a command line, and another container than the first', () => {
  const change = (it: Objects) => {
    job(it).args = ['--api', 'http://api.shop.svc'];
    const pod = it['Job migrate'].spec.template.spec;
    pod.initContainers = [{ ...structuredClone(pod.containers[0]), name: 'wait', command: ['wait-for', 'api:80'] }];
  };
  expect(given('', [], change)).toEqual([
    `${AT}.args[1] holds api.shop.svc, and no wire leads from clean to api; write the reference, which opens the network: env: { API_URL: api.url }`,
    'spec.template.spec.initContainers[0].command[1] holds api, and no wire leads from migrate to api at TCP 8000; write the reference, which opens the network: env: { API_URL: api.url }',
  ]);
});

test('every workload behind a Service', () => {
  const shared = (it: Objects) => {
    it['Service api'].spec.selector = { 'app.kubernetes.io/part-of': 'shop' };
  };
  expect(given('http://api.shop.svc', [toApi(8000)], shared)[0]).toContain('no wire leads from clean to worker;');
});

test('a workload may speak of its own Service', () => {
  const own = (it: Objects) => {
    it['Deployment api'].spec.template.spec.containers[0].env.push({
      name: 'ADVERTISED',
      value: 'http://api.shop.svc',
    });
  };
  expect(given('', [], own)).toEqual([]);
});

test('a Service of somebody else', () => {
  const address = 'http://orders.till.svc:8080';
  expect(given(address)).toEqual([
    `${AT}.env[0] API_URL holds orders.till.svc, to which no wire leads from clean; call it by a host that external('…', { hosts: […] }) declares: no other unit's pods can be wired`,
  ]);
  const to = (end: End): Wire => ({ from: workload('clean'), to: end, port: 8080 });
  const pods = { is: 'pods', called: 'the till', namespace: 'till' } as const;
  const hosts = { is: 'hosts', called: 'the till', hosts: ['orders.till.svc'] } as const;
  expect(given(address, [to(pods)])).toEqual([]);
  expect(given(address, [to(hosts)])).toEqual([]);
  expect(given(address, [to({ ...pods, namespace: 'edge' })])).toHaveLength(1);
  expect(given(address, [to({ ...hosts, hosts: ['orders.example.com', 'orders.kiosk.svc'] })])).toHaveLength(1);
});

test('a Service that the unit’s namespace has not', () => {
  expect(given('http://gone.shop.svc')).toEqual([
    `${AT}.env[0] API_URL holds gone.shop.svc, to which no wire leads from clean; name a Service that namespace shop has, by its reference`,
  ]);
});

test('the API server', () => {
  const address = 'https://kubernetes.default.svc';
  expect(given(address)).toEqual([
    `${AT}.env[0] API_URL holds kubernetes.default.svc, to which no wire leads from clean; give the workload the rights that it needs, which open the way`,
  ]);
  const apiServer: Wire = {
    from: workload('clean'),
    to: { is: 'api-server', addresses: ['10.20.0.10/32'] },
    port: 443,
  };
  expect(given(address, [apiServer])).toEqual([]);
});

test('something outside that a Service stands for', () => {
  const outside = (it: Objects) => {
    delete it['Service api'].spec.selector;
  };
  expect(given('http://api.shop.svc', [], outside)).toEqual([]);
});

test('it is judged with all other laws, and not where nobody wires', () => {
  const change = (it: Objects) => {
    job(it).env = [{ name: 'API_URL', value: 'http://api.shop.svc' }];
  };
  expect(broken(change)).toEqual([`wired-addresses: CronJob.clean: ${CLOSED('api.shop.svc')}`]);
  expect(broken(change, { wiring: undefined })).toEqual([]);
});

test.each([
  'api.prod.svc.example.com',
  'https://example.com/api.shop.svc',
  'api.shop.svcs',
  'sync',
  'http://$(API_HOST)/v1',
  'https://api.example.com',
  '0 3 * * *',
  '{"level": "info"}',
])('%j names no Service', text => {
  const known = ['api', 'sync', 'shop', 'level'];
  const found = [...addressesIn(text)].filter(({ certain, service }) => certain || known.includes(service));
  expect(found).toEqual([]);
});
