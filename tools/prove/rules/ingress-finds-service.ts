import type { IngressBackend, IngressSpec, ServiceSpec } from '../../../imports/kubernetes.ts';
import type { Rendered } from '../../render/manifest.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { INGRESS } from './host-claims.ts';
import { type View, viewOf } from './view.ts';

export const ingressFindsService: UnitRule = {
  name: 'ingress-finds-service',
  demands: 'Each path of an Ingress leads to a Service of its namespace, at a port that the Service has.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const object of view.of(INGRESS)) {
      const { namespace } = object.manifest.metadata;
      for (const { at, backend } of backendsOf(object)) {
        const problem = fault(view, namespace, backend, at);
        if (problem) yield { object, ...problem };
      }
    }
  },
};

/** Whatever an Ingress leads to, and where it says so. */
export function* backendsOf({ manifest }: Rendered): Iterable<{ at: string; backend: IngressBackend }> {
  const { defaultBackend, rules = [] } = (manifest.spec ?? {}) as IngressSpec;
  if (defaultBackend) yield { at: 'spec.defaultBackend', backend: defaultBackend };
  for (const [index, { http }] of rules.entries()) {
    for (const [step, { backend }] of (http?.paths ?? []).entries())
      yield { at: `spec.rules[${index}].http.paths[${step}].backend`, backend };
  }
}

function fault(
  view: View,
  namespace: string | undefined,
  { service }: IngressBackend,
  at: string,
): { given: string; remedy: string } | undefined {
  if (service === undefined) return undefined;
  const found = view.find('v1/Service', namespace, service.name);
  if (found === undefined) {
    return {
      given: `${at}.service.name is ${service.name}, which namespace ${namespace} has not`,
      remedy: 'name a Service of the same namespace',
    };
  }
  const { ports = [] } = found.manifest.spec as ServiceSpec;
  const { name, number } = service.port ?? {};
  if (ports.some(port => (name === undefined ? port.port === number : port.name === name))) return undefined;
  const offered = ports.map(port => `${port.name} (${port.port})`).join(', ') || 'none';
  return {
    given: `${at}.service.port is ${name ?? number ?? 'not given'}, which Service ${service.name} has not`,
    remedy: `name one of its ports: ${offered}`,
  };
}
