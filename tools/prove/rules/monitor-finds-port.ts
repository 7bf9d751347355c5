import type { LabelSelector, ServiceSpec } from '../../../imports/kubernetes.ts';
import type { Rendered } from '../../render/manifest.ts';
import { isOf, PROMETHEUS } from '../network/ends.ts';
import type { End, Problem, Unit, UnitRule } from '../rule.ts';
import { asText, matches } from './selector.ts';
import { portsOf } from './service-ports.ts';
import { type View, viewOf, type Workload } from './view.ts';
import { means } from './wires.ts';

const POD_MONITOR = 'monitoring.coreos.com/v1/PodMonitor';
const SERVICE_MONITOR = 'monitoring.coreos.com/v1/ServiceMonitor';

interface MonitorSpec {
  readonly selector?: LabelSelector;
  readonly namespaceSelector?: object;
  readonly podMetricsEndpoints?: readonly Endpoint[];
  readonly endpoints?: readonly Endpoint[];
}
interface Endpoint {
  readonly port?: string;
}

export const monitorFindsPort: UnitRule = {
  name: 'monitor-finds-port',
  demands:
    'What tells Prometheus whom to ask selects pods of its namespace that declare the port by its name, and Prometheus may reach it.',
  except: 'A monitor with a namespaceSelector, or of pods that no construct of the unit makes.',
  *check(unit) {
    const view = viewOf(unit);
    for (const object of view.of(POD_MONITOR)) {
      const { selector = {}, namespaceSelector, podMetricsEndpoints = [] } = specOf(object);
      if (namespaceSelector !== undefined) continue;
      const workloads = view.select(object.manifest.metadata.namespace ?? '', selector);
      if (workloads.length === 0) yield nobody(object, selector, 'pod');
      for (const [index, { port }] of podMetricsEndpoints.entries())
        yield* asked(unit, { object, workloads, port, at: `spec.podMetricsEndpoints[${index}]` });
    }
    for (const object of view.of(SERVICE_MONITOR)) yield* serviceMonitor(unit, view, object);
  },
};

function* serviceMonitor(unit: Unit, view: View, object: Rendered): Iterable<Problem & { readonly object: Rendered }> {
  const { selector = {}, namespaceSelector, endpoints = [] } = specOf(object);
  if (namespaceSelector !== undefined) return;
  const { namespace = '' } = object.manifest.metadata;
  const services = view
    .of('v1/Service')
    .filter(
      ({ manifest: { metadata } }) => metadata.namespace === namespace && matches(selector, metadata.labels ?? {}),
    );
  if (services.length === 0) yield nobody(object, selector, 'Service');
  for (const { manifest } of services) {
    const { ports = [], selector: pods = {} } = (manifest.spec ?? {}) as ServiceSpec;
    for (const [index, { port }] of endpoints.entries()) {
      const at = `spec.endpoints[${index}]`;
      const leads = ports.find(({ name }) => name === port);
      if (leads === undefined) {
        yield {
          object,
          given: `${at}.port is ${port}, which Service ${manifest.metadata.name} does not have`,
          remedy: `name one of its ports: ${ports.map(({ name, port: number }) => name ?? number).join(', ')}`,
        };
        continue;
      }
      if (Object.keys(pods).length === 0) continue;
      const workloads = view.select(namespace, { matchLabels: pods });
      yield* asked(unit, { object, workloads, port: leads.targetPort ?? leads.port, at });
    }
  }
}

function specOf({ manifest }: Rendered): MonitorSpec {
  return (manifest.spec ?? {}) as MonitorSpec;
}

function nobody(object: Rendered, selector: LabelSelector, what: string): Problem & { readonly object: Rendered } {
  return {
    object,
    given: `spec.selector ${asText(selector)} matches no ${what} of namespace ${object.manifest.metadata.namespace}`,
    remedy: `select what a ${what === 'pod' ? 'pod template' : what} carries, its app.kubernetes.io/instance`,
  };
}

function* asked(
  { wiring }: Unit,
  {
    object,
    workloads,
    port,
    at,
  }: {
    readonly object: Rendered;
    readonly workloads: readonly Workload[];
    readonly port: string | number | undefined;
    readonly at: string;
  },
): Iterable<Problem & { readonly object: Rendered }> {
  const [first] = workloads;
  const heard = workloads.flatMap(workload => {
    const number = numberOf(workload, port);
    return number === undefined ? [] : [{ ...workload, number }];
  });
  if (first !== undefined && heard.length === 0)
    yield {
      object,
      given: `${at}.port is ${port}, which ${first.kind} ${first.name} does not declare`,
      remedy: `name one of its ports: ${portsOf(first.pod)}`,
    };
  for (const workload of heard) {
    const { kind, name, number } = workload;
    const open = wiring?.some(({ from, to, port: wired }) => wired === number && means(to, workload) && letsIn(from));
    if (open === false)
      yield {
        object,
        given: `${at} asks ${kind} ${name} at ${number}, which Prometheus may not reach`,
        remedy: `let its pods in (${asText({ matchLabels: PROMETHEUS.labels })} of namespace ${PROMETHEUS.namespace}): network.allowFrom(…, ${number})`,
      };
  }
}

/** Whether all pods of Prometheus are of those that a wire lets in. */
function letsIn(from: End): boolean {
  return isOf(from, { namespace: PROMETHEUS.namespace, labels: PROMETHEUS.labels ?? {} });
}

function numberOf({ pod }: Workload, port: string | number | undefined): number | undefined {
  const ports = pod.containers.flatMap(({ container }) => container.ports ?? []);
  return ports.find(({ name, containerPort }) => name === port || containerPort === port)?.containerPort;
}
