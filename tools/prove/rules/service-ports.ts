import type { ServicePort } from '../../../imports/kubernetes.ts';
import type { Pod } from './pods.ts';

/** Whether a pod listens where a port of a Service leads: by the port's name, or its number. */
export function listens({ containers }: Pod, { port, targetPort = port, protocol = 'TCP' }: ServicePort): boolean {
  return containers.some(({ container }) =>
    container.ports?.some(
      ({ name, containerPort, protocol: spoken = 'TCP' }) =>
        (name === targetPort || containerPort === targetPort) && spoken === protocol,
    ),
  );
}

/** What a pod declares, for a remedy: `http (8000), metrics (9090)`. */
export function portsOf({ containers }: Pod): string {
  const all = containers.flatMap(({ container }) => container.ports ?? []);
  return (
    all.map(({ name, containerPort }) => (name ? `${name} (${containerPort})` : String(containerPort))).join(', ') ||
    'none'
  );
}
