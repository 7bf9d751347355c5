import type { IngressServiceBackend, ServicePort, ServiceSpec } from '../../../imports/kubernetes.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { INGRESS } from './host-claims.ts';
import { backendsOf } from './ingress-finds-service.ts';
import { isSidecar } from './pods.ts';
import { type View, viewOf, type Workload } from './view.ts';
import { hears, means, targetOf } from './wires.ts';

export const ingressAnswers: UnitRule = {
  name: 'ingress-answers',
  demands:
    'Behind each path of an Ingress stands a Service that is ready to answer: it sends requests to ready pods only, the edge may reach them, and they run for ever, say when they are ready, and are never scaled to zero in production.',
  except: 'A scaler may rest at zero in development and staging.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const object of view.of(INGRESS)) {
      const { namespace = '' } = object.manifest.metadata;
      // A Service that is silent is one fault, however many paths lead to it; one that is closed, one at each port.
      const told = new Set<string>();
      for (const { at, backend } of backendsOf(object)) {
        const service = backend.service && view.find('v1/Service', namespace, backend.service.name);
        if (service === undefined) continue; // ingress-finds-service says that
        const { name } = service.manifest.metadata;
        const { ports = [], publishNotReadyAddresses, selector } = (service.manifest.spec ?? {}) as ServiceSpec;
        const found = (given: string, remedy: string) => ({
          object,
          given: `${at}.service.name is ${name}, ${given}`,
          remedy,
        });
        const first = (what: string) => !told.has(what) && told.add(what);
        const whole = first(name);
        if (whole && publishNotReadyAddresses)
          yield found('which publishes pods that are not ready', 'leave publishNotReadyAddresses out');
        if (selector === undefined || Object.keys(selector).length === 0) continue; // something outside
        for (const workload of view.select(namespace, { matchLabels: selector })) {
          const leads = `which leads to ${workload.kind} ${workload.name}`;
          const fault = whole && silent(view, workload);
          if (fault) yield found(`${leads}, ${fault.given}`, fault.remedy);
          const shut = shutPort(unit, workload, portOf(backend.service!, ports));
          if (shut !== undefined && first(`${name} ${workload.kind} ${workload.name} ${shut}`))
            yield found(
              `${leads} at TCP ${shut}, where the wiring lets nobody in from outside the unit`,
              'give the service its host with expose, which opens that port to the edge',
            );
        }
      }
    }
  },
};

/** Why a workload's pods may not answer. */
function silent(view: View, workload: Workload): { given: string; remedy: string } | undefined {
  if (!workload.traits.longRunning)
    return { given: 'whose pods end', remedy: 'lead to a workload that runs for ever, e.g. a Deployment' };
  const { min, max } = view.replicas(workload);
  if (max === 0) return { given: 'which is switched off', remedy: 'remove the path here, or give it replicas' };
  if (min === 0 && view.unit.cluster.tier === 'production')
    return { given: 'which may be scaled to zero', remedy: 'give its scaler a minimum of at least 2' };
  // That ordinary containers have one is said by probes.
  const mute = workload.pod.containers.find(
    each => isSidecar(each) && each.container.ports?.length && each.container.readinessProbe === undefined,
  );
  return (
    mute && { given: `whose ${mute.at} has no readinessProbe`, remedy: 'give one that says when it can take requests' }
  );
}

function portOf({ port = {} }: IngressServiceBackend, ports: readonly ServicePort[]): ServicePort | undefined {
  return ports.find(each => (port.name === undefined ? each.port === port.number : each.name === port.name));
}

/** The port of a workload that requests come to, where no wire from pods of others, such as the edge's, ends. */
function shutPort({ wiring }: Unit, workload: Workload, port: ServicePort | undefined): number | undefined {
  const target = port && targetOf(workload.pod, port);
  // That nothing listens there is said by service-finds-pods.
  if (wiring === undefined || target === undefined || !hears(workload, target)) return undefined;
  const entries = wiring.filter(({ from, to }) => from.is === 'pods' && means(to, workload));
  // A wire to a port that nobody has is meant for this one, and told by wired-ports.
  return entries.some(({ port }) => port === target || !hears(workload, port)) ? undefined : target;
}
