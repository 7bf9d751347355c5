import { expect, test } from 'vitest';
import type { Wire } from '../../../tools/prove/rule.ts';
import { wiredPorts } from '../../../tools/prove/rules/wired-ports.ts';
import { api, apiPod, broken, type Objects } from './broken.ts';
import { workload } from './good/wired.ts';
import { goodObjects, unitOf, WIRING } from './good-unit.ts';

const REMEDY = 'give the port where the construct asks for it, e.g. `port`, and not in a patch';

/** What the law says after a change, as `construct: given`. */
function judged(change: (it: Objects) => void, wiring: readonly Wire[] | undefined = WIRING): string[] {
  const it: Objects = Object.fromEntries(goodObjects().map(each => [`${each.kind} ${each.metadata.name}`, each]));
  change(it);
  return [...wiredPorts.check(unitOf(Object.values(it), { wiring }))].map(
    ({ object, given }) => `${object.construct}: ${given}`,
  );
}

test('a container port that moved away from its wire is one fault', () => {
  const moved = (it: Objects) => {
    api(it).ports[0].containerPort = 9090;
  };
  expect(broken(moved)).toEqual([
    `wired-ports: Deployment.api: the wiring opens TCP 8000, which no container declares (there are: http (9090)); ${REMEDY}`,
  ]);
});

test('a port of UDP', () => {
  const udp = (it: Objects) => {
    api(it).ports[0].protocol = 'UDP';
  };
  expect(judged(udp)).toEqual([
    'shop/Deployment.api: the wiring opens TCP 8000, which no container declares (there are: http (8000))',
  ]);
});

test('a job is asked as well, and one without ports', () => {
  const mute = (it: Objects) => {
    delete it['CronJob clean'].spec.jobTemplate.spec.template.spec.containers[0].ports;
  };
  expect(judged(mute)).toEqual([
    'shop/CronJob.clean: the wiring opens TCP 8000, which no container declares (there are: none)',
  ]);
});

test('a sidecar may have it; an init container has ended', () => {
  const before = (restartPolicy?: string) => (it: Objects) => {
    apiPod(it).initContainers = [{ ...structuredClone(api(it)), restartPolicy }];
    delete api(it).ports;
  };
  expect(judged(before('Always'))).toEqual([]);
  expect(judged(before())).toHaveLength(1);
});

test('each port once, whoever comes there', () => {
  const metrics = ['worker', 'clean'].map((name): Wire => ({ from: workload(name), to: workload('api'), port: 9464 }));
  expect(judged(() => {}, [...WIRING, ...metrics])).toEqual([
    'shop/Deployment.api: the wiring opens TCP 9464, which no container declares (there are: http (8000))',
  ]);
});

test('where nobody wires, and where a wire leads elsewhere, it is silent', () => {
  const gone: Wire = { from: workload('api'), to: workload('gone'), port: 1 };
  const outside: Wire = {
    from: workload('api'),
    to: { is: 'hosts', called: 'x', hosts: ['x.example.com'] },
    port: 443,
  };
  expect(judged(() => {}, [...WIRING, gone, outside])).toEqual([]);
  expect([...wiredPorts.check(unitOf(goodObjects(), { wiring: undefined }))]).toEqual([]);
});
