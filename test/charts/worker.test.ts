import { describe, expect, test } from 'vitest';
import { Cpu, Duration, type Site, Size, Worker, type WorkerProps } from '../../charts/index.ts';
import type { Deployment } from '../../imports/kubernetes.ts';
import { rendered, system } from './fixture.ts';

function made(props: Partial<WorkerProps> = {}, site: Partial<Site> = {}) {
  const shop = system(site);
  new Worker(shop, 'sync', {
    image: 'ghcr.io/shop/sync:1.0.0',
    port: 3000,
    replicas: 2,
    cpu: Cpu.millis(100),
    memory: Size.mebibytes(128),
    ...props,
  });
  return rendered(shop).objects;
}

const podOf = (objects: ReturnType<typeof made>) =>
  (objects['Deployment sync'] as unknown as Deployment).spec!.template.spec!;

test('nobody calls it: no Service, and no way in but Prometheus’', () => {
  const objects = made({ metrics: { port: 9464 } });
  expect(objects).not.toHaveProperty('Service sync');
  expect(objects['NetworkPolicy sync']).toHaveProperty('spec.ingress', [
    {
      from: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
          podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
        },
      ],
      ports: [{ port: 9464, protocol: 'TCP' }],
    },
  ]);
  expect(objects['PodMonitor sync']).toHaveProperty('spec.podMetricsEndpoints.0.port', 'metrics');
});

test('it has as long to finish as it asks for, and waits for no load balancer', () => {
  const pod = podOf(made({ drain: Duration.minutes(10) }));
  expect(pod.terminationGracePeriodSeconds).toBe(605);
  expect(pod.containers[0]).not.toHaveProperty('lifecycle');
});

describe('one that needs the primary database', () => {
  test.each(['replica', 'standby'] as const)('has no pods at a %s, and says how many it will have', role => {
    const objects = made({ needsPrimary: true, replicas: 9 }, { role });
    expect(objects['Deployment sync']).toHaveProperty('spec.replicas', 0);
    expect(objects['Deployment sync']).toHaveProperty(['metadata', 'annotations', 'drydock/pods-when-primary'], '9');
    // A failover must not wait for room.
    expect(objects['ResourceQuota quota']).toHaveProperty('spec.hard.pods', '18');
  });

  test('is held there by KEDA where it scales: Kubernetes’ own autoscaler would not begin again from none', () => {
    const props = { needsPrimary: true, replicas: { min: 2, max: 9, targetCpuPercent: 70 } };
    const paused = ['metadata', 'annotations', 'autoscaling.keda.sh/paused-replicas'];
    for (const role of ['standby', 'primary'] as const) {
      const objects = made(props, { role });
      expect(objects).not.toHaveProperty('HorizontalPodAutoscaler sync');
      expect(objects['Deployment sync']).not.toHaveProperty('spec.replicas');
      if (role === 'standby') expect(objects['ScaledObject sync']).toHaveProperty(paused, '0');
      else expect(objects['ScaledObject sync']).not.toHaveProperty(paused);
    }
  });

  test('a patch of its scaler waits for the role to change', () => {
    const props = {
      needsPrimary: true,
      replicas: { min: 2, max: 9, targetCpuPercent: 70 },
      patch: { autoscaler() {} },
    };
    expect(() => made(props, { role: 'standby' })).not.toThrow();
  });

  test.each(['primary', 'independent'] as const)('runs at a %s', role => {
    expect(made({ needsPrimary: true }, { role })['Deployment sync']).toHaveProperty('spec.replicas', 2);
  });
});

describe('on spot nodes', () => {
  test('it may go there, and goes elsewhere when there are none', () => {
    const pod = podOf(made({ spot: true }));
    expect(pod.tolerations).toEqual([{ effect: 'NoSchedule', key: 'drydock/spot', operator: 'Exists' }]);
    expect(pod.affinity!.nodeAffinity).not.toHaveProperty('requiredDuringSchedulingIgnoredDuringExecution');
    expect(podOf(made())).not.toHaveProperty('tolerations');
  });

  test('it must end within the two minutes of notice', () => {
    expect(() => rendered(withDrain(Duration.minutes(2)))).not.toThrow();
    expect(rendered(withDrain(Duration.minutes(2))).findings.join()).toContain(
      'a pod needs 125 seconds to end, and a spot node goes after 120',
    );
  });

  function withDrain(drain: Duration) {
    const shop = system();
    const size = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };
    new Worker(shop, 'sync', { image: 'ghcr.io/shop/sync:1.0.0', port: 3000, replicas: 2, ...size, drain, spot: true });
    return shop;
  }
});

test.each([
  [{ port: 80 }, 'shop/sync: port is 80'],
  [{ drain: 60 as never }, 'drain is 60; write Duration.seconds(20)'],
  [{ needPrimary: true } as never, 'needPrimary is no option'],
  [{ needsPrimary: 'no' } as never, 'needsPrimary is "no"; write true or false'],
  [{ spot: 'false' } as never, 'spot is "false"'],
  [{ command: 'sh -c' } as never, 'command is "sh -c"; give a list'],
  [{ patch: { service: () => {} } } as never, 'patch.service is no option'],
  [{ replicas: { min: 1, max: 2, targetQueueLength: 100 } }, 'has nothing that counts'],
])('refuses %j', (props, reason) => {
  expect(() => made(props)).toThrow(reason);
});
