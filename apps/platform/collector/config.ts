import { byTier, type Cluster, COLLECTOR, LOGS_TO, TRACES_TO } from '../../../charts/index.ts';
import { LOKI_URL } from '../addons/loki.ts';
import { TEMPO_URL } from '../addons/tempo.ts';
import { logStatements } from './logs.ts';
import { text } from './ottl.ts';
import { redactMap } from './redaction.ts';

/** Where the collector of a node keeps how far it has read, and what no backend has taken yet. */
export const STATE = '/var/lib/otelcol';

/** Ports of its own numbers, and of the logs it has counted. */
export const OWN_METRICS_PORT = 8888;
export const COUNTS_PORT = 8889;

/** How long a series of counts stays without a new record: a day and more, since alerts look back one, and none is lost in between. */
const COUNTED_FOR = '25h';

/** How much waits on a node's disk for one backend: hours of a busy node's logs. */
const QUEUE_BYTES = 1024 ** 3;

/** A variable that the collector reads when it starts. */
const variable = (name: string) => `\${env:${name}}`;
/** The pod's own address, which its chart gives it. */
const POD = variable('MY_POD_IP');

const NAMESPACE_SAYS = { logs: 'drydock.logs_to', traces: 'drydock.traces_to' } as const;

/**
 * What the collector of each node does: reads the logs of its pods, takes traces of its pods, says whose they are, takes secrets out,
 * counts log records for Prometheus, and gives all to the backends that the namespaces name. Backends take OTLP, all of them.
 */
export function collectorConfig(cluster: Cluster) {
  const { elastic, jaeger } = cluster.telemetry ?? {};
  const logs = backends('logs', { loki: LOKI_URL, ...(elastic && { elastic }) });
  const traces = backends('traces', { tempo: TEMPO_URL, ...(jaeger && { jaeger }) });
  const whose = ['memory_limiter', 'k8s_attributes', 'transform/whose'];
  return {
    extensions: {
      file_storage: { directory: STATE, create_directory: true, compaction: { directory: STATE, on_start: true } },
      health_check: { endpoint: `${POD}:13133` },
    },
    receivers: { file_log: FILE_LOG, otlp: OTLP },
    processors: {
      memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 25 },
      k8s_attributes: K8S_ATTRIBUTES,
      'transform/whose': { log_statements: [whoseIs(cluster)], trace_statements: [whoseIs(cluster)] },
      'transform/logs': { log_statements: logStatements(cluster.edge.namespace) },
      'transform/traces': { trace_statements: [{ error_mode: 'ignore', statements: redactMap('span.attributes') }] },
      // By the trace's id, so that every node keeps the same ones.
      probabilistic_sampler: {
        mode: 'hash_seed',
        hash_seed: 22,
        sampling_percentage: byTier(cluster, { development: 100, staging: 50, production: 10 }),
      },
      'transform/counts': { metric_statements: [{ error_mode: 'ignore', statements: COUNT_LABELS }] },
      // What is counted comes in batches, and the exporter alone would show the last one.
      deltatocumulative: { max_stale: COUNTED_FOR },
      ...logs.processors,
      ...traces.processors,
    },
    connectors: {
      'forward/logs': {},
      'forward/traces': {},
      count: { logs: { 'log.records': { description: 'Log records of pods, by kind', attributes: COUNTED } } },
    },
    exporters: {
      prometheus: {
        endpoint: `${POD}:${COUNTS_PORT}`,
        // A series that went and came back at its full count would hide what came in between: what appears has no increase.
        metric_expiration: COUNTED_FOR,
        without_scope_info: true,
      },
      ...logs.exporters,
      ...traces.exporters,
    },
    service: {
      extensions: ['file_storage', 'health_check'],
      pipelines: {
        'logs/in': {
          receivers: ['file_log'],
          processors: [...whose, 'transform/logs'],
          exporters: ['count', 'forward/logs'],
        },
        ...logs.pipelines,
        'metrics/counts': {
          receivers: ['count'],
          processors: ['transform/counts', 'deltatocumulative'],
          exporters: ['prometheus'],
        },
        'traces/in': {
          receivers: ['otlp'],
          processors: [...whose, 'probabilistic_sampler', 'transform/traces'],
          exporters: ['forward/traces'],
        },
        ...traces.pipelines,
      },
      telemetry: {
        logs: { encoding: 'json' },
        metrics: {
          readers: [{ pull: { exporter: { prometheus: { host: POD, port: OWN_METRICS_PORT, ...NAMES } } } }],
        },
      },
    },
  };
}

/** As other programs name their metrics: counters end in `_total`. */
const NAMES = { without_scope_info: true, without_type_suffix: false, without_units: true };

/** All files that the kubelet keeps of this node's pods. */
const FILE_LOG = {
  include: ['/var/log/pods/*/*/*.log'],
  // Its own: an error about a line would make a line.
  exclude: [`/var/log/pods/${COLLECTOR.namespace}_${COLLECTOR.name}-*_*/*/*.log`],
  include_file_path: true,
  include_file_name: false,
  // A pod that ends at once has said why before anybody has looked.
  start_at: 'beginning',
  storage: 'file_storage',
  // What the memory limiter refuses is read again, not lost.
  retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
  operators: [{ type: 'container', id: 'container-parser', max_log_size: 1_048_576 }],
};

const OTLP = {
  protocols: {
    grpc: { endpoint: `${POD}:4317` },
    http: { endpoint: `${POD}:4318` },
  },
};

/** Whose a record or span is, from the labels that every workload and namespace of ours has. */
const K8S_ATTRIBUTES = {
  auth_type: 'serviceAccount',
  // Of this node's pods only: every other node has a collector of its own.
  filter: { node_from_env_var: 'K8S_NODE_NAME' },
  // Else the first lines after a start would be nobody's.
  wait_for_metadata: true,
  wait_for_metadata_timeout: '60s',
  extract: {
    metadata: ['k8s.namespace.name', 'k8s.pod.name', 'k8s.pod.uid', 'k8s.node.name'],
    labels: [
      { tag_name: 'service.namespace', key: 'app.kubernetes.io/part-of', from: 'pod' },
      { tag_name: 'service.name', key: 'app.kubernetes.io/instance', from: 'pod' },
      { tag_name: 'service.version', key: 'app.kubernetes.io/version', from: 'pod' },
      { tag_name: NAMESPACE_SAYS.logs, key: LOGS_TO, from: 'namespace' },
      { tag_name: NAMESPACE_SAYS.traces, key: TRACES_TO, from: 'namespace' },
    ],
  },
  pod_association: [
    { sources: [{ from: 'resource_attribute', name: 'k8s.pod.uid' }] },
    { sources: [{ from: 'connection' }] },
  ],
};

function whoseIs({ name, region, tier }: Cluster) {
  const attribute = (key: string) => `resource.attributes["${key}"]`;
  return {
    error_mode: 'ignore',
    statements: [
      `set(${attribute('k8s.cluster.name')}, ${text(name)})`,
      `set(${attribute('cloud.region')}, ${text(region)})`,
      `set(${attribute('deployment.environment.name')}, ${text(tier)})`,
      // Pods that are not ours have labels of their own, or none.
      `set(${attribute('service.namespace')}, ${attribute('k8s.namespace.name')}) where ${attribute('service.namespace')} == nil`,
      `set(${attribute('service.name')}, ${attribute('k8s.container.name')}) where ${attribute('service.name')} == nil`,
    ],
  };
}

/** What records are counted by: no more than this, since each combination is a series on each node. */
const COUNTED = [
  { key: 'service.namespace', default_value: 'unknown' },
  { key: 'k8s.namespace.name', default_value: 'unknown' },
  { key: 'service.name', default_value: 'unknown' },
  { key: 'log_kind', default_value: 'application' },
  { key: 'severity', default_value: 'unknown' },
];

/**
 * The names that alerts use of whom they are about. Pods of one service are one series, so nothing of the pod stays; and a batch's time
 * is when it was counted, since lines of several files are not in order.
 */
const COUNT_LABELS = [
  'keep_keys(resource.attributes, [])',
  'set(datapoint.start_time_unix_nano, 0)',
  'set(datapoint.time, Now())',
  ...[
    ['system', 'service.namespace'],
    ['namespace', 'k8s.namespace.name'],
    ['service', 'service.name'],
  ].flatMap(([label, attribute]) => [
    `set(datapoint.attributes["${label}"], datapoint.attributes["${attribute}"])`,
    `delete_key(datapoint.attributes, "${attribute}")`,
  ]),
];

/** A pipeline for each backend, behind the common one; the first takes what no other is named for. */
function backends(signal: 'logs' | 'traces', addresses: Readonly<Record<string, string>>) {
  const names = Object.keys(addresses);
  const others = names.slice(1);
  const says = `resource.attributes["${NAMESPACE_SAYS[signal]}"]`;
  const dropped = (name: string) =>
    others.includes(name)
      ? `${says} == nil or ${says} != ${text(name)}`
      : others.map(other => `${says} == ${text(other)}`).join(' or ');
  const filtered = others.length > 0;
  const conditions = signal === 'logs' ? 'log_conditions' : 'trace_conditions';
  return {
    processors: Object.fromEntries(
      filtered ? names.map(name => [`filter/${name}`, { error_mode: 'propagate', [conditions]: [dropped(name)] }]) : [],
    ),
    exporters: Object.fromEntries(names.map(name => [`otlp_http/${name}`, exporter(signal, name, addresses[name]!)])),
    pipelines: Object.fromEntries(
      names.map(name => [
        `${signal}/${name}`,
        {
          receivers: [`forward/${signal}`],
          ...(filtered && { processors: [`filter/${name}`] }),
          exporters: [`otlp_http/${name}`],
        },
      ]),
    ),
  };
}

/**
 * Waits on disk, in one queue a backend, and tries until it is taken. A full queue holds logs back, which wait in the kubelet's files;
 * traces go by, since whoever sends them must not wait.
 */
function exporter(signal: 'logs' | 'traces', name: string, endpoint: string) {
  return {
    endpoint,
    ...(name === 'elastic' && { headers: { Authorization: `ApiKey ${variable('ELASTIC_API_KEY')}` } }),
    retry_on_failure: { enabled: true, max_interval: '1m', max_elapsed_time: '0s' },
    sending_queue: {
      enabled: true,
      storage: 'file_storage',
      sizer: 'bytes',
      queue_size: signal === 'logs' ? QUEUE_BYTES : QUEUE_BYTES / 8,
      block_on_overflow: signal === 'logs',
      // Behind the queue, not before it: what waits to be put together is on disk already.
      batch: { flush_timeout: '2s', sizer: 'bytes', min_size: 512 * 1024, max_size: 3 * 1024 * 1024 },
    },
  };
}
