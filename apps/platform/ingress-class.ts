import { KubeObject, type System } from '../../charts/index.ts';
import type { IngressClass } from '../../imports/kubernetes.ts';

/** The class that Ingresses name. Ours, not the controller chart's, so that what names it can be proven. */
export function ingressClass(platform: System): void {
  new KubeObject<IngressClass>(
    platform,
    'ingress-class',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: platform.site.edge.ingressClass },
    },
    { spec: { controller: 'nginx.org/ingress-controller' } },
  );
}
