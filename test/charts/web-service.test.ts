import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { describe, expect, test } from 'vitest';
import type { Deployment, NetworkPolicy } from '../../imports/kubernetes.ts';
import { rendered, service, system } from './fixture.ts';

function deployment(of: ReturnType<typeof system>, name = 'web'): Deployment {
  return rendered(of).objects[`Deployment ${name}`] as unknown as Deployment;
}

describe('scaling', () => {
  test('a fixed number is on the Deployment, and nothing scales it', () => {
    const shop = system();
    service(shop, 'web', { replicas: 3 });
    const { objects } = rendered(shop);
    expect(objects['Deployment web']).toHaveProperty('spec.replicas', 3);
    expect(objects).not.toHaveProperty('HorizontalPodAutoscaler web');
  });

  test('a range is on the autoscaler only: a number on the Deployment would be set back with every sync', () => {
    const shop = system();
    service(shop, 'web', { replicas: { min: 2, max: 8, targetCpuPercent: 70, targetMemoryPercent: 75 } });
    const { objects } = rendered(shop);
    expect(objects['Deployment web']).not.toHaveProperty('spec.replicas');
    expect(objects['HorizontalPodAutoscaler web']).toMatchObject({ spec: { minReplicas: 2, maxReplicas: 8 } });
  });

  test.each([
    [{ min: 5, max: 3, targetCpuPercent: 70 }, 'raise max to at least 5'],
    [{ min: 0, max: 3, targetCpuPercent: 70 }, 'replicas.min is 0'],
    [{ min: 1, max: 3, targetCpuPercent: 0.7 }, 'give a percentage from 1 to 100'],
    [0, 'replicas is 0'],
    [2.5, 'replicas is 2.5'],
  ])('refuses %j', (replicas, reason) => {
    expect(() => service(system(), 'web', { replicas })).toThrow(reason);
  });

  test('the quota of the namespace holds the peak: the maximum, twice while everything rolls', () => {
    const shop = system();
    service(shop, 'web', { replicas: { min: 2, max: 8, targetCpuPercent: 70 } });
    // 8 that serve and 8 that drain.
    expect(rendered(shop).objects['ResourceQuota quota']).toMatchObject({
      spec: { hard: { pods: '16', 'requests.cpu': '1600m' } },
    });
  });
});

describe('shutdown', () => {
  test('the grace period covers leaving the load balancers and draining', () => {
    const shop = system();
    service(shop, 'web', { drain: Duration.seconds(45) });
    const { terminationGracePeriodSeconds, containers } = deployment(shop).spec!.template.spec!;
    expect(containers[0]!.lifecycle!.preStop!.sleep!.seconds).toBe(10);
    expect(terminationGracePeriodSeconds).toBeGreaterThan(10 + 45);
  });
});

describe('wiring', () => {
  test('a reference opens the network on both sides, and only there', () => {
    const shop = system();
    const menu = service(shop, 'menu');
    service(shop, 'web', { env: { MENU_URL: menu.url } });
    service(shop, 'other');
    const { objects } = rendered(shop);
    const policy = (name: string) => (objects[`NetworkPolicy ${name}`] as unknown as NetworkPolicy).spec!;
    const pods = (name: string) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': name } },
    });
    expect(policy('menu').ingress).toEqual([{ from: [pods('web')], ports: [{ port: 8080, protocol: 'TCP' }] }]);
    expect(policy('web').egress).toContainEqual({ to: [pods('menu')], ports: [{ port: 8080, protocol: 'TCP' }] });
    expect(policy('web').ingress).toBeUndefined();
    expect(policy('other').egress).toHaveLength(1); // DNS
    expect(deployment(shop).spec!.template.spec!.containers[0]!.env).toEqual([
      { name: 'MENU_URL', value: 'http://menu.shop.svc' },
    ]);
  });

  test('the order in which an author writes variables and wires services changes nothing', () => {
    const build = (order: readonly string[]) => {
      const shop = system();
      const urls = { A_URL: service(shop, 'a').url, B_URL: service(shop, 'b').url };
      service(shop, 'web', { env: Object.fromEntries(order.map(name => [name, urls[name as keyof typeof urls]])) });
      return rendered(shop).objects;
    };
    expect(build(['B_URL', 'A_URL'])).toEqual(build(['A_URL', 'B_URL']));
  });
});

describe('configuration files', () => {
  const hash = (text: string) => {
    const shop = system();
    service(shop, 'web', { files: { '/etc/web/app.toml': text } });
    return deployment(shop).spec!.template.metadata!.annotations!['drydock/config-hash'];
  };

  test('a changed file rolls the pods, an unchanged one does not', () => {
    expect(hash('a = 1\n')).toBe(hash('a = 1\n'));
    expect(hash('a = 1\n')).not.toBe(hash('a = 2\n'));
  });

  test('a relative path is refused', () => {
    expect(() => service(system(), 'web', { files: { 'app.toml': '' } })).toThrow(
      'shop/web: the file "app.toml" is no absolute path',
    );
  });
});

describe('patches', () => {
  test('the last word on an object is the author’s', () => {
    const shop = system();
    service(shop, 'web', {
      patch: {
        deployment: it => {
          it.spec!.template.spec!.hostAliases = [{ ip: '10.0.0.7', hostnames: ['legacy'] }];
        },
      },
    });
    expect(deployment(shop).spec!.template.spec!.hostAliases).toEqual([{ ip: '10.0.0.7', hostnames: ['legacy'] }]);
  });
});

test.each([
  [{ port: 80 }, 'shop/web: port is 80; give a port from 1024 to 65535'],
  [{ port: 70000 }, 'shop/web: port is 70000'],
  [{ health: { ready: '/health', live: '/health' } }, 'both "/health"; give two paths'],
  [{ image: 'ghcr.io/shop/web' }, 'has no tag'],
  [{ image: undefined as never }, "image is undefined; write image('<system>/<name>', site)"],
  [{ port: '8080' as never }, 'port is "8080"; give a port'],
  [
    { health: { every: Duration.seconds(5), timeout: Duration.seconds(6) } },
    'wait no longer than until the next question',
  ],
  [{ health: { every: Duration.seconds(0) } }, 'health.every is 0 s'],
  [{ drain: Duration.millis(1500) }, 'drain is 1.5 s; give a whole number of seconds'],
  [{ cpu: undefined as never }, 'shop/web: cpu is missing; say what one pod needs'],
  [{ cpu: '100m' as never }, 'shop/web: cpu is "100m"; write Cpu.millis(250)'],
  [{ cpu: Cpu.millis(-5) }, 'give at least one thousandth of a core'],
  [{ memory: 512 as never }, 'shop/web: memory is 512; write Size.mebibytes(512)'],
  [{ memory: Size.mebibytes(0) }, 'shop/web: memory is 0 MiB'],
  [{ drain: 20 as never }, 'shop/web: drain is 20; write Duration.seconds(20)'],
  [{ replcas: 3 } as never, 'shop/web: replcas is no option; there are image, command'],
  [{ health: { redy: '/r' } } as never, 'shop/web: health.redy is no option; there are ready, live, every, timeout'],
  [
    { replicas: { min: 1, max: 2, targetCpuPercent: 70, targetMemoryPrecent: 75 } } as never,
    'replicas.targetMemoryPrecent is no option',
  ],
  [{ patch: { deploymnet: () => {} } } as never, 'patch.deploymnet is no option'],
  [{ patch: { autoscaler: () => {} } }, 'patch.autoscaler has nothing to patch'],
  [{ patch: { deployment: async () => {} } } as never, 'its patch returns a value'],
  [{ env: { 'A-B': 'x' } }, '"A-B" is no name for a variable'],
  [{ env: { A: undefined as unknown as string } }, 'variable A is undefined'],
])('refuses %j', (props, reason) => {
  const shop = system();
  expect(() => {
    service(shop, 'web', props);
    const { findings } = rendered(shop);
    if (findings.length > 0) throw new Error(findings.join('\n'));
  }).toThrow(reason);
});

test.each([
  'Web',
  '1web',
  'web_app',
  'a'.repeat(64),
])('refuses the name %s, which not every object could have', name => {
  expect(() => service(system(), name)).toThrow(`shop/${name}: "${name}" cannot name its objects`);
});
