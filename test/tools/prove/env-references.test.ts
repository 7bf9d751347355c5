import { expect, test } from 'vitest';
import { api, broken, type Objects } from './broken.ts';

const PASSWORD = { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'api', key: 'DATABASE_URL' } } };
const URL = { name: 'QUEUE_URL', value: 'amqp://shop:$(PASSWORD)@queue:5672' };

test.each<[string, (it: Objects) => void, string[]]>([
  ['a variable that stands above', it => api(it).env.push(PASSWORD, URL), []],
  [
    'a variable that stands below',
    it => api(it).env.push(URL, PASSWORD),
    [
      'env-references: Deployment.api: spec.template.spec.containers[0].env[3] QUEUE_URL refers to PASSWORD, which stands below it; put PASSWORD above QUEUE_URL: only what stands before is filled in',
    ],
  ],
  [
    'a variable that is nowhere',
    it => api(it).env.push(URL),
    [
      'env-references: Deployment.api: spec.template.spec.containers[0].env[3] QUEUE_URL refers to PASSWORD, which the container has not; add PASSWORD above it, or write $$(PASSWORD) for the text itself',
    ],
  ],
  [
    'an argument may name any of the container’s',
    it => {
      api(it).args = ['--port=$(PORT)', '--log=$(LOG_LEVEL)'];
    },
    [],
  ],
  [
    'an argument that names none',
    it => {
      api(it).command = ['serve', '--port=$(HTTP_PORT)'];
    },
    [
      'env-references: Deployment.api: spec.template.spec.containers[0].command[1] refers to HTTP_PORT, which is no variable of the container; add HTTP_PORT to env, or write $$(HTTP_PORT) for what a shell is to run',
    ],
  ],
  [
    'what is escaped, what a shell runs, and what every container has',
    it => {
      api(it).env.push({ name: 'A', value: '$$(PASSWORD) $$$$(X)' });
      api(it).args = ['-c', 'kill $(cat /run/pid) $$(hostname) $(KUBERNETES_SERVICE_HOST) $('];
    },
    [],
  ],
  [
    'an escaped dollar before a reference',
    it => api(it).env.push({ name: 'A', value: '$$$(X)' }),
    [
      'env-references: Deployment.api: spec.template.spec.containers[0].env[3] A refers to X, which the container has not; add X above it, or write $$(X) for the text itself',
    ],
  ],
  [
    'names that only the cluster knows',
    it => {
      api(it).envFrom = [{ configMapRef: { name: 'api' } }];
      api(it).args = ['$(level)'];
    },
    [],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
