import { container, podTemplate } from './pod.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests break these objects in every way there is
export type Loose = any;

export const COST = {
  'app.kubernetes.io/managed-by': 'drydock',
  'app.kubernetes.io/part-of': 'shop',
  'cost-center': 'shop',
  environment: 'production',
  owner: 'ordering',
};
export const CONFIRM = { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' };

export const instance = (name: string) => ({ 'app.kubernetes.io/instance': name });
export const selector = (name: string) => ({ matchLabels: instance(name) });

/** @param type as `apps/v1/Deployment` */
export function object(type: string, name: string, body: object, metadata: object = {}): Loose {
  const slash = type.lastIndexOf('/');
  const head = { apiVersion: type.slice(0, slash), kind: type.slice(slash + 1) };
  return { ...head, metadata: { name, namespace: 'shop', labels: COST, ...metadata }, ...body };
}

export function template(name: string, main: object, pod: object = {}): object {
  return podTemplate(name, { ...COST, ...instance(name) }, container(name, main), pod);
}

const probe = (path: string) => ({ httpGet: { path, port: 'http' } });

/** What a container says that answers HTTP. */
export const serving = {
  ports: [{ name: 'http', containerPort: 8000, protocol: 'TCP' }],
  readinessProbe: probe('/readyz'),
  livenessProbe: probe('/livez'),
  lifecycle: { preStop: { sleep: { seconds: 10 } } },
};

export function service(name: string, spec: object = {}): Loose {
  const ports = [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }];
  return object('v1/Service', name, { spec: { type: 'ClusterIP', selector: instance(name), ports, ...spec } });
}

export function budget(name: string): Loose {
  return object('policy/v1/PodDisruptionBudget', name, {
    spec: { maxUnavailable: 1, selector: selector(name), unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  });
}

export const tcp = (port: number) => ({ port, protocol: 'TCP' });
export const inNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});
const dns = { ...inNamespace('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } };

/** What every workload brings. Each takes the edge's requests, as `WIRING` says. */
export function companions(name: string): Loose[] {
  return [
    object('v1/ServiceAccount', name, { automountServiceAccountToken: false }),
    object('networking.k8s.io/v1/NetworkPolicy', name, {
      spec: {
        podSelector: selector(name),
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [{ ...inNamespace('edge'), podSelector: selector('edge') }], ports: [tcp(8000)] }],
        egress: [{ to: [dns], ports: [{ port: 53, protocol: 'UDP' }, tcp(53)] }],
      },
    }),
  ];
}
