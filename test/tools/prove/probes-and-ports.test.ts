import { expect, test } from 'vitest';
import { api, broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'no readiness probe',
    it => {
      delete api(it).readinessProbe;
    },
    [
      'probes: Deployment.api: spec.template.spec.containers[0] has no readinessProbe; give one that says when it can take requests',
    ],
  ],
  [
    'no liveness probe',
    it => {
      delete it['StatefulSet database'].spec.template.spec.containers[0].livenessProbe;
    },
    [
      'probes: StatefulSet.database: spec.template.spec.containers[0] has no livenessProbe; give one that says when it must be restarted',
    ],
  ],
  [
    'one path for both',
    it => {
      api(it).livenessProbe.httpGet.path = '/readyz';
    },
    [
      'probes: Deployment.api: spec.template.spec.containers[0].livenessProbe and readinessProbe both ask /readyz; give two paths: a busy dependency is no reason to restart',
    ],
  ],
  [
    'a probe at a port nobody declares',
    it => {
      api(it).livenessProbe.httpGet.port = 9000;
    },
    [
      'probes: Deployment.api: spec.template.spec.containers[0].livenessProbe asks port 9000, which the container does not declare; add it to spec.template.spec.containers[0].ports',
    ],
  ],
  [
    'a probe may ask by number',
    it => {
      api(it).livenessProbe.httpGet.port = 8000;
    },
    [],
  ],
  [
    'a port of root’s',
    it => {
      api(it).ports[0].containerPort = 80;
    },
    [
      'ports: Deployment.api: spec.template.spec.containers[0].ports[0].containerPort is 80; listen on one from 1024: nothing runs as root',
      'wired-ports: Deployment.api: the wiring opens TCP 8000, which no container declares (there are: http (80)); give the port where the construct asks for it, e.g. `port`, and not in a patch',
    ],
  ],
  [
    'SSH',
    it => {
      api(it).ports.push({ name: 'ssh', containerPort: 22, protocol: 'TCP' });
    },
    [
      'ports: Deployment.api: spec.template.spec.containers[0].ports[1].containerPort is 22; leave SSH out; `kubectl exec` reaches the pod',
    ],
  ],
  [
    'a port without protocol and name',
    it => {
      api(it).ports.push({ containerPort: 9090 });
    },
    [
      'ports: Deployment.api: spec.template.spec.containers[0].ports[1] has no protocol; write TCP, as the API server will',
      'ports: Deployment.api: spec.template.spec.containers[0].ports[1] has no name; name it by what it speaks, e.g. http',
    ],
  ],
  [
    'a port’s name that DNS does not take',
    it => {
      api(it).ports.push({ name: 'prometheus-metrics', containerPort: 9090, protocol: 'TCP' });
    },
    [
      'ports: Deployment.api: spec.template.spec.containers[0].ports[1].name is "prometheus-metrics"; use at most 15 small letters, digits and single "-", at least one letter',
    ],
  ],
  [
    'a port twice',
    it => {
      api(it).ports.push({ name: 'again', containerPort: 8000, protocol: 'TCP' });
    },
    [
      'schema: Deployment.api: spec.template.spec.containers[0].ports[1] is 8000/TCP again; keep one: an apply refuses two of one containerPort and protocol',
    ],
  ],
  [
    'a port’s name twice',
    it => {
      api(it).ports.push({ name: 'http', containerPort: 8001, protocol: 'TCP' });
    },
    [
      'ports: Deployment.api: spec.template.spec.containers[0].ports[1] takes http, which spec.template.spec.containers[0].ports[0] has; give another: containers of a pod share one network',
    ],
  ],
  [
    'a probe may speak TCP or gRPC, and still needs its port',
    it => {
      api(it).livenessProbe = { tcpSocket: { port: 'http' } };
      api(it).readinessProbe = { grpc: { port: 9000 } };
    },
    [
      'probes: Deployment.api: spec.template.spec.containers[0].readinessProbe asks port 9000, which the container does not declare; add it to spec.template.spec.containers[0].ports',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
