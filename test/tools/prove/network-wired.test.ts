import { describe, expect, test } from 'vitest';
import { rangeAsText, rangeOf } from '../../../tools/prove/network/address.ts';
import { DECLARE, NOT_PUBLIC, UNPATCH, WIRE } from '../../../tools/prove/network/remedies.ts';
import type { Wire } from '../../../tools/prove/rule.ts';
import { networkWired } from '../../../tools/prove/rules/network-wired.ts';
import { broken, type Objects } from './broken.ts';
import { inNamespace, type Loose, object, selector, tcp } from './good/parts.ts';
import { block, egress, INSIDE, INSIDE_6, ingress, judged, pods, WIRES, wired, workload } from './good/wired.ts';
import { unitOf, WIRING } from './good-unit.ts';

const dns = { ...inNamespace('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } };

test('policies that fit the wires', () => {
  expect(judged(() => {})).toEqual([]);
});

test('it is judged with all other laws', () => {
  expect(broken(() => {}, { wiring: WIRING.filter((_, index) => index !== 2) })).toEqual([
    'network-wired: NetworkPolicy.database: spec.ingress[0].from[0] lets pods app.kubernetes.io/instance=edge of namespace edge reach TCP 8000 of database, which nobody wired; wire it by reference, e.g. env: { MENU_URL: menu.url }, or remove it from the policy',
  ]);
});

test('a unit that nobody wires is not judged; one without wires may ask cluster DNS and no more', () => {
  const unit = (wiring?: readonly Wire[]) => unitOf(Object.values(wired()), { wiring });
  expect([...networkWired.check(unit())]).toEqual([]);
  expect(
    [...networkWired.check(unit([]))].map(({ object, given }) => `${object.construct} ${given.split(' ')[0]}`),
  ).toEqual([
    'shop/NetworkPolicy.api spec.ingress[0].from[0]',
    'shop/NetworkPolicy.api spec.egress[1].to[0]',
    'shop/NetworkPolicy.api spec.egress[2].to[0]',
    'shop/NetworkPolicy.database spec.ingress[0].from[0]',
    'shop/NetworkPolicy.database spec.ingress[1].from[0]',
    'shop/NetworkPolicy.database spec.egress[1].to[0]',
    'shop/NetworkPolicy.worker spec.ingress[0].from[0]',
    'shop/NetworkPolicy.worker spec.ingress[1].from[0]',
    'shop/NetworkPolicy.worker spec.egress[1].to[0]',
    'shop/NetworkPolicy.worker spec.egress[1].to[1]',
    'shop/NetworkPolicy.clean spec.ingress[0].from[0]',
    'shop/NetworkPolicy.migrate spec.ingress[0].from[0]',
  ]);
});

describe('a wire that is closed', () => {
  test.each<[string, (it: Objects) => void, string, string]>([
    [
      'without egress',
      it => egress(it, 'api').splice(1, 1),
      'NetworkPolicy.api: the wire from api to database at TCP 8000 is closed: the egress of api does not permit it',
      UNPATCH,
    ],
    [
      'without ingress',
      it => ingress(it, 'database').splice(1, 1),
      'NetworkPolicy.database: the wire from api to database at TCP 8000 is closed: the ingress of database does not permit it',
      UNPATCH,
    ],
    [
      'from pods of another construct',
      it => ingress(it, 'worker').splice(0, 1),
      'NetworkPolicy.worker: the wire from the edge to worker at TCP 8000 is closed: the ingress of worker does not permit it',
      UNPATCH,
    ],
    [
      'to hosts: half of the internet is not all',
      it => {
        egress(it, 'api')[2].to[0].ipBlock.cidr = '0.0.0.0/1';
      },
      'NetworkPolicy.api: the wire from api to Stripe at TCP 443 is closed: no policy opens the egress of api to api.stripe.com, files.stripe.com',
      UNPATCH,
    ],
    [
      'to known addresses: one range of two',
      it => egress(it, 'worker')[1].to.pop(),
      'NetworkPolicy.worker: the wire from worker to mail at TCP 587 is closed: no policy opens the egress of worker to smtp.example.net',
      UNPATCH,
    ],
    [
      'to the API server: one address of two',
      it => {
        egress(it, 'database')[1].to[0].ipBlock.cidr = '10.20.0.10/32';
      },
      'NetworkPolicy.database: the wire from database to the API server at TCP 443 is closed: no policy opens the egress of database to the API server',
      UNPATCH,
    ],
    [
      'to cluster DNS over TCP',
      it => egress(it, 'clean')[0].ports.pop(),
      'NetworkPolicy.clean: clean may not ask cluster DNS at UDP and TCP 53',
      UNPATCH,
    ],
  ])('%s', (_, change, finding, remedy) => {
    expect(judged(change)).toEqual([`${finding}; ${remedy}`]);
  });

  test('the API server where nobody knows its addresses', () => {
    const unknown: Wire = { from: workload('worker'), to: { is: 'api-server', addresses: [] }, port: 443 };
    expect(judged(() => {}, [...WIRES, unknown])).toEqual([
      'NetworkPolicy.worker: the wire from worker to the API server at TCP 443 is closed: no policy opens the egress of worker to the API server; give the addresses of the API server in the cluster’s facts',
    ]);
  });

  test('hosts of which there are none', () => {
    const nobody: Wire = { from: workload('clean'), to: { is: 'hosts', called: 'nobody', hosts: [] }, port: 443 };
    expect(judged(() => {}, [...WIRES, nobody])).toEqual([
      `NetworkPolicy.clean: the wire from clean to nobody at TCP 443 is closed: no policy opens the egress of clean to any host; ${UNPATCH}`,
    ]);
  });

  test('a workload without a policy is another law’s matter', () => {
    expect(judged(it => Reflect.deleteProperty(it, 'NetworkPolicy clean'))).toEqual([]);
  });

  test('a wire that is given twice is told once', () => {
    expect(judged(it => egress(it, 'api').splice(1, 1), [...WIRES, ...structuredClone(WIRES)])).toHaveLength(1);
  });
});

test('a wire to pods that no construct of the unit makes', () => {
  const collector = { is: 'pods', called: 'the collector', namespace: 'monitoring' } as const;
  const wires = [...WIRES, { from: workload('worker'), to: collector, port: 4318 }];
  const opened = (it: Objects) => egress(it, 'worker').push({ to: [inNamespace('monitoring')], ports: [tcp(4318)] });
  expect(judged(opened, wires)).toEqual([]);
  expect(judged(() => {}, wires)).toEqual([
    `NetworkPolicy.worker: the wire from worker to the collector at TCP 4318 is closed: the egress of worker does not permit it; ${UNPATCH}`,
  ]);
});

test('a side that no construct makes is told at the other', () => {
  const guest = { is: 'pods', called: 'the guest', namespace: 'shop', labels: { role: 'guest' } } as const;
  const opened = (it: Objects) =>
    ingress(it, 'worker').push({ from: [{ podSelector: { matchLabels: guest.labels } }], ports: [tcp(8000)] });
  expect(judged(opened, [...WIRES, { from: guest, to: workload('worker'), port: 8000 }])).toEqual([
    `NetworkPolicy.worker: the wire from the guest to worker at TCP 8000 is closed: the egress of the guest does not permit it; ${UNPATCH}`,
  ]);
});

describe('what nobody wired', () => {
  const add = (name: string, rule: Loose) => (it: Objects) => egress(it, name).push(rule);
  const take = (name: string, rule: Loose) => (it: Objects) => ingress(it, name).push(rule);

  test.each<[string, (it: Objects) => void, string, string]>([
    [
      'pods of the unit, one side is enough',
      add('api', { to: [pods('worker')], ports: [tcp(8000)] }),
      'NetworkPolicy.api: spec.egress[3].to[0] lets api reach TCP 8000 of pods app.kubernetes.io/instance=worker of namespace shop, which nobody wired',
      WIRE,
    ],
    [
      'a wire the other way round',
      add('database', { to: [pods('api')], ports: [tcp(8000)] }),
      'NetworkPolicy.database: spec.egress[2].to[0] lets database reach TCP 8000 of pods app.kubernetes.io/instance=api of namespace shop, which nobody wired',
      WIRE,
    ],
    [
      'a wire at another port',
      take('database', { from: [pods('api')], ports: [tcp(5432)] }),
      'NetworkPolicy.database: spec.ingress[2].from[0] lets pods app.kubernetes.io/instance=api of namespace shop reach TCP 5432 of database, which nobody wired',
      WIRE,
    ],
    [
      'a wire over UDP',
      take('database', { from: [pods('api')], ports: [{ port: 8000, protocol: 'UDP' }] }),
      'NetworkPolicy.database: spec.ingress[2].from[0] lets pods app.kubernetes.io/instance=api of namespace shop reach UDP 8000 of database, which nobody wired',
      WIRE,
    ],
    [
      'more ports than the wire’s',
      take('database', { from: [pods('api')], ports: [{ port: 8000, endPort: 8001, protocol: 'TCP' }] }),
      'NetworkPolicy.database: spec.ingress[2].from[0] lets pods app.kubernetes.io/instance=api of namespace shop reach TCP 8000–8001 of database, which nobody wired',
      WIRE,
    ],
    [
      'every port',
      take('database', { from: [pods('api')] }),
      'NetworkPolicy.database: spec.ingress[2].from[0] lets pods app.kubernetes.io/instance=api of namespace shop reach every port of database, which nobody wired',
      WIRE,
    ],
    [
      'all pods of the edge’s namespace, where the edge is some of them',
      take('api', { from: [inNamespace('edge')], ports: [tcp(8000)] }),
      'NetworkPolicy.api: spec.ingress[1].from[0] lets every pod of namespace edge reach TCP 8000 of api, which nobody wired',
      WIRE,
    ],
    [
      'pods like the edge’s in one’s own namespace',
      take('api', { from: [{ podSelector: selector('edge') }], ports: [tcp(8000)] }),
      'NetworkPolicy.api: spec.ingress[1].from[0] lets pods app.kubernetes.io/instance=edge of namespace shop reach TCP 8000 of api, which nobody wired',
      WIRE,
    ],
    [
      'pods like the edge’s in every namespace',
      take('api', { from: [{ namespaceSelector: {}, podSelector: selector('edge') }], ports: [tcp(8000)] }),
      'NetworkPolicy.api: spec.ingress[1].from[0] lets pods app.kubernetes.io/instance=edge of every namespace reach TCP 8000 of api, which nobody wired',
      WIRE,
    ],
    [
      'pods like the unit’s in another namespace',
      take('database', { from: [{ ...inNamespace('edge'), podSelector: selector('api') }], ports: [tcp(8000)] }),
      'NetworkPolicy.database: spec.ingress[2].from[0] lets pods app.kubernetes.io/instance=api of namespace edge reach TCP 8000 of database, which nobody wired',
      WIRE,
    ],
    [
      'pods like the unit’s in whichever namespace has a label',
      take('database', {
        from: [{ namespaceSelector: { matchLabels: { team: 'shop' } }, podSelector: selector('api') }],
        ports: [tcp(8000)],
      }),
      'NetworkPolicy.database: spec.ingress[2].from[0] lets pods app.kubernetes.io/instance=api of namespaces team=shop reach TCP 8000 of database, which nobody wired',
      WIRE,
    ],
    [
      'one of several by an expression',
      take('database', {
        from: [
          {
            podSelector: {
              matchExpressions: [{ key: 'app.kubernetes.io/instance', operator: 'In', values: ['api', 'worker'] }],
            },
          },
        ],
        ports: [tcp(8000)],
      }),
      'NetworkPolicy.database: spec.ingress[2].from[0] lets pods app.kubernetes.io/instance In (api,worker) of namespace shop reach TCP 8000 of database, which nobody wired',
      WIRE,
    ],
    [
      'everybody',
      take('api', { ports: [tcp(8000)] }),
      'NetworkPolicy.api: spec.ingress[1] lets everybody reach TCP 8000 of api, which nobody wired',
      WIRE,
    ],
    [
      'cluster DNS at another port',
      add('clean', { to: [dns], ports: [tcp(9153)] }),
      'NetworkPolicy.clean: spec.egress[1].to[0] lets clean reach TCP 9153 of pods k8s-app=kube-dns of namespace kube-system, which nobody wired',
      WIRE,
    ],
    [
      'cluster DNS at more ports',
      it => {
        egress(it, 'clean')[0].ports[1].endPort = 54;
      },
      'NetworkPolicy.clean: spec.egress[0].to[0] lets clean reach TCP 53–54 of pods k8s-app=kube-dns of namespace kube-system, which nobody wired',
      WIRE,
    ],
    [
      'cluster DNS over SCTP',
      add('clean', { to: [dns], ports: [{ port: 53, protocol: 'SCTP' }] }),
      'NetworkPolicy.clean: spec.egress[1].to[0] lets clean reach SCTP 53 of pods k8s-app=kube-dns of namespace kube-system, which nobody wired',
      WIRE,
    ],
    [
      'cluster DNS asking a workload',
      take('clean', { from: [dns], ports: [tcp(53)] }),
      'NetworkPolicy.clean: spec.ingress[1].from[0] lets pods k8s-app=kube-dns of namespace kube-system reach TCP 53 of clean, which nobody wired',
      WIRE,
    ],
    [
      'the internet, without hosts',
      add('clean', { to: [block('0.0.0.0/0')], ports: [tcp(443)] }),
      'NetworkPolicy.clean: spec.egress[1].to[0] lets clean reach TCP 443 of 0.0.0.0–255.255.255.255, which nobody wired',
      DECLARE,
    ],
    [
      'what is private, beside hosts at the same port',
      it => {
        egress(it, 'api')[2].to[0].ipBlock.except = INSIDE.slice(1);
      },
      'NetworkPolicy.api: spec.egress[2].to[0] lets api reach TCP 443 of 10.0.0.0–10.255.255.255, which nobody wired',
      NOT_PUBLIC,
    ],
    [
      'the cloud’s metadata, over IPv6',
      add('api', { to: [block('::/0', ['fe80::/10', '::1/128'])], ports: [tcp(443)] }),
      'NetworkPolicy.api: spec.egress[3].to[0] lets api reach TCP 443 of fc00:0:0:0:0:0:0:0–fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, which nobody wired',
      NOT_PUBLIC,
    ],
    [
      'addresses beyond the known ones',
      it => {
        egress(it, 'worker')[1].to[0].ipBlock.cidr = '192.0.2.0/27';
      },
      'NetworkPolicy.worker: spec.egress[1].to[0] lets worker reach TCP 587 of 192.0.2.0–192.0.2.15, which nobody wired',
      DECLARE,
    ],
    [
      'requests from addresses',
      take('api', { from: [block('10.8.0.0/16')], ports: [tcp(8000)] }),
      'NetworkPolicy.api: spec.ingress[1].from[0] lets 10.8.0.0–10.8.255.255 reach TCP 8000 of api, which nobody wired',
      DECLARE,
    ],
    [
      'a port by a second policy, written by hand',
      it => {
        it.second = object('networking.k8s.io/v1/NetworkPolicy', 'metrics', {
          spec: {
            podSelector: selector('worker'),
            policyTypes: ['Ingress'],
            ingress: [{ from: [inNamespace('monitoring')], ports: [{ port: 'http', protocol: 'TCP' }] }],
          },
        });
      },
      'NetworkPolicy.metrics: spec.ingress[0].from[0] lets every pod of namespace monitoring reach TCP http of worker, which nobody wired',
      WIRE,
    ],
    [
      'something for every pod of the namespace, known or not',
      it => {
        it['NetworkPolicy default-deny'].spec.ingress = [
          { from: [{ ...inNamespace('edge'), podSelector: selector('edge') }], ports: [tcp(8000)] },
        ];
      },
      'NetworkPolicy.default-deny: spec.ingress[0].from[0] lets pods app.kubernetes.io/instance=edge of namespace edge reach TCP 8000 of any other pod of shop, which nobody wired',
      WIRE,
    ],
    [
      'all egress, since nothing isolates it',
      it => {
        it['NetworkPolicy default-deny'].spec.policyTypes = ['Ingress'];
        it['NetworkPolicy clean'].spec.policyTypes = ['Ingress'];
      },
      'NetworkPolicy.clean: no policy isolates the egress of clean, and so all of it is open',
      'write both spec.policyTypes',
    ],
  ])('%s', (_, change, finding, remedy) => {
    expect(judged(change)).toEqual([`${finding}; ${remedy}`]);
  });

  test.each([...INSIDE, ...INSIDE_6])('%s, beside hosts at the same port', range => {
    const others = (ranges: readonly string[]) => ranges.filter(each => each !== range);
    const findings = judged(it => {
      egress(it, 'api')[2].to = [block('0.0.0.0/0', others(INSIDE)), block('::/0', others(INSIDE_6))];
    });
    expect(findings).toEqual([expect.stringContaining(` reach TCP 443 of ${rangeAsText(rangeOf(range)!)}, which`)]);
  });

  test('a port by the name that the destination gives to the wire’s', () => {
    expect(
      judged(it => {
        egress(it, 'api')[1].ports = [{ port: 'http', protocol: 'TCP' }];
        ingress(it, 'database')[1].ports = [{ port: 'http', protocol: 'TCP' }];
      }),
    ).toEqual([]);
  });

  test('several ports at once, of which hosts and known addresses have one each', () => {
    const alsoMail: Wire = {
      ...WIRES.find(({ to }) => to.is === 'hosts' && to.called === 'mail')!,
      from: workload('api'),
    };
    const at444 = { ...alsoMail, port: 444 };
    const findings = judged(
      it => {
        egress(it, 'api')[2].ports[0].endPort = 444;
      },
      [...WIRES, at444],
    );
    expect(findings).toEqual([
      `NetworkPolicy.api: spec.egress[2].to[0] lets api reach TCP 443–444 of 0.0.0.0–9.255.255.255 and more, which nobody wired; ${DECLARE}`,
      `NetworkPolicy.api: the wire from api to mail at TCP 444 is closed: no policy opens the egress of api to smtp.example.net; ${UNPATCH}`,
    ]);
  });

  test('a policy may leave out what no host of the internet has', () => {
    expect(
      judged(it => {
        egress(it, 'api')[2].to[0].ipBlock.except.push('0.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4');
      }),
    ).toEqual([]);
  });

  test('a policy may ask for more than the wire, such as a role', () => {
    expect(
      judged(it => {
        egress(it, 'api')[1].to[0].podSelector.matchLabels.role = 'primary';
      }),
    ).toEqual([]);
  });
});
