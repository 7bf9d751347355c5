import { COLLECTOR, LOGS_TO, TRACES_TO, VERSION } from './conventions.ts';
import { type Env, type EnvSource, reference } from './env.ts';
import type { SystemProps } from './system.ts';
import type { Workload } from './workload.ts';

/**
 * What an OpenTelemetry SDK needs to send its traces: the variables of its specification ("Environment Variable Specification"), and
 * the way through the network to the collector of the node. Metrics and logs are collected otherwise, so it sends none.
 *
 * @example
 * env: { ...apiSettings(site), ...tracing() }
 */
export function tracing(): Env {
  return {
    K8S_POD_NAME: reference("the pod's name", () => ({
      valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } },
    })),
    OTEL_EXPORTER_OTLP_ENDPOINT: reference(COLLECTOR.url, to => {
      const { called, namespace, labels, port } = COLLECTOR;
      to.network.reachPods({ called, namespace, labels }, port);
      return { value: COLLECTOR.url };
    }),
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
    // Callers' decisions hold; how much is kept is the collector's word, the same on every node.
    OTEL_PROPAGATORS: 'tracecontext,baggage',
    OTEL_RESOURCE_ATTRIBUTES: reference("the workload's attributes", to => ({ value: attributes(to) })),
    OTEL_SERVICE_NAME: reference("the workload's name", ({ name }) => ({ value: name })),
    OTEL_TRACES_SAMPLER: 'parentbased_always_on',
  };
}

/** Who it is, in the words of OpenTelemetry's semantic conventions for services, deployments and Kubernetes. */
function attributes({ system, namespace, name, versioned }: Workload): string {
  const { site } = system;
  return Object.entries({
    'service.namespace': system.name,
    'service.version': versioned[VERSION],
    'deployment.environment.name': site.tier,
    'cloud.region': site.region,
    'k8s.cluster.name': site.name,
    'k8s.namespace.name': namespace,
    'k8s.container.name': name,
    'k8s.pod.name': '$(K8S_POD_NAME)',
  })
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** What Sentry calls a release: `<system>-<workload>@<the image's version>`, told apart by workload since each has its own versions. */
export function release(): EnvSource {
  return reference("the image's version", ({ system, name, versioned }: Workload) => ({
    value: `${system.name}-${name}@${versioned[VERSION]}`,
  }));
}

/** @throws where a backend is none that a cluster can have */
export function destinations(
  path: string,
  { logs = 'loki', traces = 'tempo' }: Pick<SystemProps, 'logs' | 'traces'>,
): Record<string, string> {
  if (!['loki', 'elastic'].includes(logs)) throw new Error(`${path}: logs is "${logs}"; write 'loki' or 'elastic'`);
  if (!['tempo', 'jaeger'].includes(traces))
    throw new Error(`${path}: traces is "${traces}"; write 'tempo' or 'jaeger'`);
  return { [LOGS_TO]: logs, [TRACES_TO]: traces };
}
