/** Every label key, port name and number that more than one construct must agree on, with its source. */

import type { Duration } from 'cdk8s';

/** The recommended labels of kubernetes.io/docs/concepts/overview/working-with-objects/common-labels. */
export const NAME = 'app.kubernetes.io/name';
/** The workload's own name: the one label that selectors, policies and budgets match. */
export const INSTANCE = 'app.kubernetes.io/instance';
export const COMPONENT = 'app.kubernetes.io/component';
/** The system. */
export const PART_OF = 'app.kubernetes.io/part-of';
export const MANAGED_BY = 'app.kubernetes.io/managed-by';
/** On the workload and its pods only, so that a release changes little. */
export const VERSION = 'app.kubernetes.io/version';

/** Cost labels: with PART_OF and COMPONENT what allocation reports group by (OpenCost reads plain `owner` and `environment`). */
export const ENVIRONMENT = 'environment';
export const OWNER = 'owner';
export const COST_CENTER = 'cost-center';

/** Set by the API server on every namespace (KEP-2161). */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/**
 * A namespace's labels for Pod Security (kubernetes.io/docs/concepts/security/pod-security-admission), pinned to the
 * cluster's minor: a new minor's stricter profile comes with the upgrade's own review.
 */
export function podSecurity(level: 'restricted' | 'privileged', kubernetes: string): Record<string, string> {
  return Object.fromEntries(
    ['enforce', 'audit', 'warn'].flatMap(mode => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, `v${kubernetes}`],
    ]),
  );
}

/** Marks a namespace whose External Secrets may read the cluster's store. */
export const READS_SECRETS = 'drydock/reads-secrets';

/** A hash of the configuration files a pod mounts: they change, the pods roll. */
export const CONFIG_HASH = 'drydock/config-hash';

/** Keeps Argo CD from deleting without a person's word what cannot be made again. */
export const CONFIRM_DELETION = { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' };

/**
 * Keeps an object's host out of DNS: external-dns passes over what another controller owns. Both prefixes, since 0.22
 * changed the default one and reads only the one it is set to.
 */
export const OUT_OF_DNS = {
  'external-dns.alpha.kubernetes.io/controller': 'none',
  'external-dns.kubernetes.io/controller': 'none',
};

/** User and group of every container: above 10000, where no host account stands. */
export const NOBODY = 10001;

/** The name of the port that carries a service's HTTP. */
export const HTTP = 'http';

/** The name of the port that Prometheus scrapes. */
export const METRICS = 'metrics';

/** Where this repository is read; Argo CD fetches it there too. */
export const SOURCE = 'https://github.com/example/drydock';

/** Where the pages stand that alerts lead to. */
export const RUNBOOKS = `${SOURCE}/blob/main/runbooks`;

/** Grafana: where people find it, and which dashboard a workload has. */
export const GRAFANA = {
  host: (domain: string) => `grafana.${domain}`,
  /** Of a workload's dashboard; the system's own has the system's name. */
  uid: (system: string, workload?: string) => (workload === undefined ? system : `${system}-${workload}`),
} as const;

/**
 * On what Prometheus scrapes: the series of a service's own, a line each: name, labels, type, and a histogram's bounds
 * (`http_request_duration_seconds{method,path} histogram 0.1 0.5 1`). The laws of metrics read it.
 */
export const DECLARED_METRICS = 'drydock/metrics';

/** On the rules of an objective: what is promised, in words. */
export const OBJECTIVE = 'drydock/objective';

/** Prometheus as kube-prometheus-stack installs it: where its pods are found, and where it is asked. */
export const PROMETHEUS = {
  called: 'Prometheus',
  namespace: 'monitoring',
  labels: { 'app.kubernetes.io/name': 'prometheus' },
  // The operator's own Service, whatever the release is called.
  url: 'http://prometheus-operated.monitoring.svc:9090',
} as const;

/** What asks hosts as a browser would, by its chart's own name; its module `http_2xx` follows no redirect and wants TLS. */
export const BLACKBOX = {
  url: 'prometheus-blackbox-exporter.monitoring.svc:9115',
  module: 'http_2xx',
} as const;

/** Where jobs that end before anybody scrapes them leave their numbers: the chart's own name and labels. */
export const PUSH_GATEWAY = {
  name: 'prometheus-pushgateway',
  called: 'Pushgateway',
  namespace: 'monitoring',
  labels: { 'app.kubernetes.io/name': 'prometheus-pushgateway' },
  port: 9091,
  url: 'http://prometheus-pushgateway.monitoring.svc:9091',
} as const;

/** The OpenTelemetry Collector of each node, by its chart's own name and labels: where workloads send what they trace, over OTLP. */
export const COLLECTOR = {
  name: 'opentelemetry-collector',
  called: 'the collector',
  namespace: 'monitoring',
  labels: { 'app.kubernetes.io/name': 'opentelemetry-collector' },
  port: 4318,
  url: 'http://opentelemetry-collector.monitoring.svc:4318',
} as const;

/** On a namespace: which of the cluster's backends the collector gives its logs and its traces to. */
export const LOGS_TO = 'drydock/logs-to';
export const TRACES_TO = 'drydock/traces-to';

/** The container that prints an audit log: by its name collectors tell what it prints. */
export const AUDIT_CONTAINER = 'audit-log';

/** On a Deployment that is switched off where its database only follows: the pods it will ask for when the role changes. */
export const PODS_WHEN_PRIMARY = 'drydock/pods-when-primary';

/** Label and taint of interruptible nodes. */
export const SPOT = 'drydock/spot';

/** Programs that constructs bring along beside the systems' own images. */
export const TOOLS = {
  /** It reads a header's value from a variable (`--expand-header`, from 8.3 on); 8.14 takes a refusal for success (curl#17554). */
  curl: 'docker.io/curlimages/curl:8.16.0',
  /** `tail -F`, which follows a file through its rotation. */
  tail: 'docker.io/library/busybox:1.37.0',
} as const;

/** Argo CD's order within one sync of a layer: lower first, each healthy before the next. Whatever says none stands at 0. */
export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';
export const WAVES = {
  /** Namespace, quota, limits, default deny: what all others stand in. */
  guards: { [SYNC_WAVE]: '-3' },
  /** Account, secrets, files and network of a job that runs before the rollout. */
  prepare: { [SYNC_WAVE]: '-2' },
  /** The job itself. */
  before: { [SYNC_WAVE]: '-1' },
} as const;

/** Where a workload finds its own certificate and the authority that signs its peers': tls.crt, tls.key, ca.crt. */
export const TLS = '/etc/drydock/tls';

/** What stands in an object so that a change is told apart: the data that it leads to. */
export const HOLDS = 'drydock/holds';
/** The databases of a server, by name: one that is no longer declared is still there, and nobody gets in. */
export const DATABASES = 'drydock/databases';
/** On a schedule that somebody relies on: what would end with it. */
export const KEEPS = 'drydock/keeps';
/** The text of KEEPS. The law `kept-long-enough` and the data guard read the days, which must be whole. */
export function keeps(what: string, keep: Duration): string {
  return `${what} for ${keep.toDays()} days`;
}
/** On what holds data in so many parts: parts are added, and never taken away in code. */
export const SHARDS = 'drydock/shards';

/** The port that every Service listens on for HTTP inside the cluster, whatever the pods listen on. */
export const SERVICE_PORT = 80;

/** Priority classes that the platform unit renders, the higher first to be scheduled and last to be evicted. */
export const PRIORITIES = {
  /** What holds data or what all others stand on. */
  critical: 1_000_000,
  /** What answers people. */
  standard: 100_000,
  /** What can wait. */
  batch: 1_000,
} as const;
export type Priority = keyof typeof PRIORITIES;

/** Names of what the platform unit renders in every cluster and other units refer to. */
export const PLATFORM = {
  namespace: 'platform',
  issuer: 'default',
  /** Signs what stands inside the cluster only: databases, caches and those who call them. */
  internalIssuer: 'internal',
  secretStore: 'default',
  clusterFacts: 'cluster',
} as const;
