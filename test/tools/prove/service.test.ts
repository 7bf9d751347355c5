import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a load balancer behind the edge’s back',
    it => {
      it['Service api'].spec.type = 'LoadBalancer';
    },
    [
      'service: Service.api: spec.type is LoadBalancer; write ClusterIP: what comes from outside comes through the edge, expose()',
    ],
  ],
  [
    'a port of every node',
    it => {
      it['Service api'].spec.ports[0].nodePort = 30_080;
    },
    [
      'service: Service.api: spec.ports[0].nodePort is 30080; leave it out: what comes from outside comes through the edge, expose()',
    ],
  ],
  [
    'an address of somebody’s',
    it => {
      it['Service api'].spec.externalIPs = ['192.0.2.1'];
    },
    [
      'service: Service.api: spec.externalIPs is 192.0.2.1; leave it out: what comes from outside comes through the edge, expose()',
    ],
  ],
  [
    'a Service’s port in short',
    it => {
      it['Service api'].spec.ports = [{ port: 80, targetPort: 8000 }];
      it['Ingress api'].spec.rules[0].http.paths[0].backend.service.port = { number: 80 };
    },
    [
      'service: Service.api: spec.ports[0] has no protocol; write TCP, as the API server will',
      'service: Service.api: spec.ports[0] has no name; name it by what it speaks, e.g. http',
    ],
  ],
  [
    'a Service’s port twice',
    it => {
      it['Service api'].spec.ports.push({ name: 'web', port: 80, protocol: 'TCP', targetPort: 'http' });
    },
    ['schema: Service.api: spec.ports[1] is 80/TCP again; keep one: an apply refuses two of one port and protocol'],
  ],
  [
    'a Service’s port name twice',
    it => {
      it['Service api'].spec.ports.push({ name: 'http', port: 81, protocol: 'TCP', targetPort: 'http' });
    },
    ['service: Service.api: spec.ports[1] is http again; give each port a name of its own'],
  ],
  [
    'a port by two protocols is two',
    it => {
      it['Deployment api'].spec.template.spec.containers[0].ports.push({
        name: 'quic',
        containerPort: 8000,
        protocol: 'UDP',
      });
      it['Service api'].spec.ports.push({ name: 'quic', port: 80, protocol: 'UDP', targetPort: 'quic' });
    },
    [],
  ],
  [
    'Patroni’s role where no Patroni is',
    it => {
      it['Service api'].spec.selector.role = 'primary';
    },
    [
      'service-finds-pods: Service.api: spec.selector app.kubernetes.io/instance=api,role=primary matches no pod of namespace shop; select what a pod template carries, its app.kubernetes.io/instance',
    ],
  ],
  [
    'a Service of no pods',
    it => {
      it['Service api'].spec.selector = { 'app.kubernetes.io/instance': 'web' };
    },
    [
      'service-finds-pods: Service.api: spec.selector app.kubernetes.io/instance=web matches no pod of namespace shop; select what a pod template carries, its app.kubernetes.io/instance',
    ],
  ],
  [
    'a Service that leads nowhere',
    it => {
      it['Service api'].spec.ports[0].targetPort = 'https';
    },
    [
      'service-finds-pods: Service.api: spec.ports[0] leads to https, which Deployment api does not declare; lead to one of its ports: http (8000)',
    ],
  ],
  [
    'a Service by another protocol',
    it => {
      it['Service api'].spec.ports[0].protocol = 'UDP';
    },
    [
      'service-finds-pods: Service.api: spec.ports[0] leads to http, which Deployment api does not declare; lead to one of its ports: http (8000)',
    ],
  ],
  [
    'a Service without selector',
    it => {
      it.outside = {
        ...it['Service api'],
        metadata: { ...it['Service api'].metadata, name: 'outside' },
        spec: { type: 'ClusterIP', ports: [{ name: 'tcp', port: 5432, protocol: 'TCP' }] },
      };
    },
    [
      'service-finds-pods: Service.outside: spec.selector is not given; select the pods by app.kubernetes.io/instance; for something outside write clusterIP: None and an EndpointSlice',
    ],
  ],
  [
    'a headless Service with its EndpointSlice is fine',
    it => {
      it.outside = {
        ...it['Service api'],
        metadata: { ...it['Service api'].metadata, name: 'outside' },
        spec: { clusterIP: 'None', ports: [{ name: 'tcp', port: 5432, protocol: 'TCP' }] },
      };
      it.slice = {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          ...it['Service api'].metadata,
          name: 'outside',
          labels: { ...it['Service api'].metadata.labels, 'kubernetes.io/service-name': 'outside' },
        },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['192.0.2.1'] }],
      };
    },
    [],
  ],
  [
    'a role that Patroni does not write',
    it => {
      it['Service primary'].spec.selector.role = 'master';
    },
    [
      'service-finds-pods: Service.primary: spec.selector app.kubernetes.io/instance=database,role=master matches no pod of namespace shop; select what a pod template carries, its app.kubernetes.io/instance',
    ],
  ],
  [
    'a Service whose port is its target',
    it => {
      const [port] = it['Service api'].spec.ports;
      port.port = 8080;
      delete port.targetPort;
    },
    [
      'service-finds-pods: Service.api: spec.ports[0] leads to 8080, which Deployment api does not declare; lead to one of its ports: http (8000)',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
