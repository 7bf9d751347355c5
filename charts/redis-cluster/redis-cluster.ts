import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Container, Probe, Service } from '../../imports/kubernetes.ts';
import { WorkloadCertificate } from '../certificate.ts';
import { closed } from '../closed.ts';
import { CONFIG_HASH, SHARDS, TLS } from '../conventions.ts';
import { redisRows } from '../dashboard/rows/redis.ts';
import { type Env, type EnvSource, reference } from '../env.ts';
import { KubeObject } from '../kube-object.ts';
import { seriesOf } from '../metrics.ts';
import { Access } from '../redis/access.ts';
import { type Account, accountsOf, mountPasswords, PASSWORDS, used, usersFile } from '../redis/acl.ts';
import { replication } from '../redis/alerts/replication.ts';
import { reachability, servers } from '../redis/alerts/servers.ts';
import { backupsOf, RedisBackup } from '../redis/backup.ts';
import { configDirectory, hashOf, MOUNTS, mountRun, PATHS, REDIS_PORT, script, serverConfig } from '../redis/config.ts';
import { exporter, scrapeExporter } from '../redis/exporter.ts';
import { serverImage } from '../redis/image.ts';
import { cpuOf, REDIS_PATCHES } from '../redis/options.ts';
import { headlessName, podNames, stateful } from '../stateful.ts';
import { System } from '../system.ts';
import { type Companion, Workload } from '../workload.ts';
import { clusterAlerts } from './alerts.ts';
import { clusterScript, Rebalance, Restore } from './by-hand.ts';
import { CLUSTER_OPTIONS, checkCluster, type RedisClusterProps } from './options.ts';

/** What nodes tell each other of themselves, their data port and 10000 (redis.io, cluster specification). */
const BUS_PORT = REDIS_PORT + 10_000;
/** When a node counts as failed that does not answer; elections begin then. */
const NODE_TIMEOUT = Duration.seconds(5);
/** How old the last word of a replica may be, in seconds, for it to count: the default of min-replicas-max-lag. */
const LAG = 10;
/** How long a primary that is told to stop waits for a replica to take over. */
const HAND_OVER = Duration.seconds(25);
/** That, and what the server takes to write the last of its file. */
const GRACE = Duration.seconds(60);

const SCRIPTS = [
  'agent.sh',
  'cli.sh',
  'cluster.sh',
  'live.sh',
  'place.awk',
  'ready.sh',
  'start.sh',
  'stop.sh',
  'take-over.sh',
];
/** Those of every Redis. */
const SHARED = ['follow.sh', 'lib.sh', 'users.sh'];

/**
 * Redis Cluster: shards that each have a part of the keys, a primary and its copies. A new cluster forms by itself, when all
 * its nodes are there; a node that comes back without its volume, or at another address, finds its place by itself.
 *
 * What it does not do: keep a primary and its copies in different zones (the scheduler spreads the pods over zones and nodes,
 * but no rule of Kubernetes knows who copies whom), and undo what was acknowledged by a primary in the five seconds after
 * it was cut off. Where a write must survive that, clients ask `WAIT 1`.
 *
 * @throws where shards, replicas or an option of `Redis` cannot be
 */
export class RedisCluster extends Workload {
  /** The names of the nodes, by which they call each other and clients call them. */
  readonly hosts: readonly string[];
  readonly #options: RedisClusterProps;
  readonly #accounts: readonly Account[];
  readonly #companions: readonly Companion[];

  constructor(scope: Construct, id: string, options: RedisClusterProps) {
    const path = `${scope.node.path}/${id}`;
    const { site } = System.of(scope);
    closed(path, options, CLUSTER_OPTIONS);
    const { memory, server, shards, replicas = 1, storage, password = 1, patch = {} } = options;
    closed(path, patch, REDIS_PATCHES, 'patch.');
    checkCluster(path, site, options);
    const backups = backupsOf(path, site, options.backups);
    super(
      scope,
      id,
      {
        image: serverImage(path, server),
        command: ['sh', `${PATHS.config}/start.sh`],
        ...cpuOf(options),
        memory,
        priority: 'critical',
        env: { POD_IP: field('status.podIP'), POD_NAME: field('metadata.name') },
      },
      patch,
      { layer: 'data' },
    );
    this.#options = options;
    const pods = shards * (1 + replicas);
    this.hosts = podNames(this, { name: id, pods });
    this.#accounts = [
      ...accountsOf(path, options, OWN, AGENT).map(withCluster),
      shared('cluster', '+ping +cluster|nodes +cluster|failover +cluster|forget', password),
      shared('mover', '~* +ping +info +dbsize +select +cluster +migrate +restore +restore-asking +asking', password),
    ];

    const config = this.#config();
    configDirectory(
      this,
      { name: MOUNTS.config.name, path: PATHS.config },
      { ...config, ...scripts(), 'settings.sh': this.#settings() },
    );
    mountRun(this);
    mountPasswords(this, this.#accounts);
    scrapeExporter(this);
    this.dashboard.show(() => redisRows(seriesOf(this), { cluster: true }));
    // Now, since the exporter asks for a secret, and those are known before a pod is rendered.
    this.#companions = [this.#agent, exporter(this, password)];
    WorkloadCertificate.of(this).serve('localhost', this.host, `${this.host}.cluster.local`, `*.${domainOf(this)}`);
    for (const port of [REDIS_PORT, BUS_PORT]) this.network.connectTo(this, port);

    stateful(this, {
      pods,
      storage,
      mountPath: PATHS.data,
      ports: PORTS.map(({ name, containerPort }) => ({
        name: name!,
        port: containerPort,
        protocol: 'TCP',
        targetPort: name!,
      })),
      container: CONTAINER,
      grace: GRACE,
      annotations: { [CONFIG_HASH]: hashOf(config) },
      patch: {
        ...patch,
        statefulSet: it => {
          it.metadata.annotations = { ...it.metadata.annotations, [SHARDS]: String(shards) };
          patch.statefulSet?.(it);
        },
      },
    });
    // Where clients begin; who has which key the nodes tell them, by their names.
    new KubeObject<Service>(
      this,
      'service',
      { apiVersion: 'v1', kind: 'Service', metadata: this.metadata() },
      {
        spec: {
          ports: [{ name: 'redis', port: REDIS_PORT, protocol: 'TCP', targetPort: 'redis' }],
          selector: this.selector,
          type: 'ClusterIP',
        },
      },
    );
    const tended = { of: this, hosts: this.hosts, options };
    new Rebalance(this, `${id}-rebalance`, tended);
    if (options.restoreFrom) new Restore(this, `${id}-restore`, tended);
    if (backups)
      new RedisBackup(this, `${id}-backup`, { ...options, of: this, hosts: this.hosts, primaries: shards, backups });
    this.dependsOn(id);
    const about = { of: this, options, replicated: replicas > 0, gone: 'redis-cluster/node-lost' };
    const following = { ...about, replicas, fenced: replicas > 1, silence: LAG };
    this.rules.add(
      { name: 'cluster', rules: clusterAlerts(this, { shards, replicas }) },
      { name: 'servers', rules: [...reachability(about), ...servers(about)] },
      { name: 'replication', rules: replicas > 0 ? replication(following) : [] },
    );
  }

  /** For the login `app`, or the only one: `rediss://…`, where a client that knows Redis Cluster begins. */
  get url(): EnvSource {
    return this.login().url;
  }

  /**
   * Variables for a client that wants the nodes: `<PREFIX>_NODES` (`host:port,…`), `_USER`, `_PASSWORD`, `_CA_FILE`. All speak TLS,
   * and go by these names, which their certificates carry, wherever a key may send the client.
   */
  nodes(prefix: string): Env {
    return this.login().nodes(prefix);
  }

  /**
   * The addresses of a login.
   * @throws where there is none of that name
   */
  login(name?: string): { readonly url: EnvSource; nodes(prefix: string): Env } {
    const access = new Access(this, this.#options.logins, name);
    const wire = (client: Workload) => client.network.connectTo(this, REDIS_PORT);
    return {
      url: access.url(client => {
        wire(client);
        return { host: this.host, port: REDIS_PORT };
      }),
      nodes: prefix => ({
        [`${prefix}_NODES`]: reference(`the nodes of ${this.name}`, (client: Workload) => {
          WorkloadCertificate.of(client);
          wire(client);
          return { value: this.hosts.map(host => `${host}:${REDIS_PORT}`).join(',') };
        }),
        [`${prefix}_USER`]: access.user,
        [`${prefix}_PASSWORD`]: access.password,
        [`${prefix}_CA_FILE`]: `${TLS}/ca.crt`,
      }),
    };
  }

  /** The name that any node answers to. */
  get host(): string {
    return `${this.name}.${this.namespace}.svc`;
  }

  protected override get companions(): readonly Companion[] {
    return this.#companions;
  }

  get #agent(): Companion {
    return {
      size: {
        cpu: Cpu.millis(20),
        cpuLimit: Cpu.millis(500),
        memory: Size.mebibytes(64),
        ephemeralStorage: Size.mebibytes(16),
      },
      container: {
        name: 'agent',
        image: this.props.image,
        command: ['sh', `${PATHS.config}/agent.sh`],
        env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } }],
        livenessProbe: { ...BEAT, failureThreshold: 3, periodSeconds: 30 },
        readinessProbe: { ...BEAT, failureThreshold: 3, periodSeconds: 10 },
        volumeMounts: [
          MOUNTS.config,
          MOUNTS.run,
          { name: 'passwords', mountPath: PASSWORDS, readOnly: true },
          { name: 'tls', mountPath: TLS, readOnly: true },
        ],
      },
    };
  }

  /** What a server learns only when it starts. */
  #config(): Record<string, string> {
    const { replicas = 1, parameters } = this.#options;
    const cluster = {
      'cluster-enabled': 'yes',
      'cluster-config-file': 'nodes.conf',
      'cluster-node-timeout': NODE_TIMEOUT.toMilliseconds(),
      // Clients are sent on by name, which the certificate carries, and which outlives the address.
      'cluster-preferred-endpoint-type': 'hostname',
      // A shard that is gone takes its own keys away, not everybody's.
      'cluster-require-full-coverage': 'no',
      'tls-cluster': 'yes',
      // With one copy there is nobody to wait for.
      'repl-diskless-sync-delay': replicas > 1 ? 5 : 0,
      // With one copy it would stop all writes of a shard whenever that copy restarts.
      'min-replicas-to-write': replicas > 1 ? 1 : 0,
    };
    return {
      'redis.conf': serverConfig({ ...this.#options, parameters }, cluster),
      'users.acl': usersFile(this.#accounts, 'server'),
    };
  }

  /** What the scripts go by, read again and again: more shards roll no pod. */
  #settings(): string {
    const { shards, replicas = 1, password } = this.#options;
    const settings = {
      REDIS_PORT,
      BUS_PORT,
      SHARDS: shards,
      REPLICAS: replicas,
      NODES: `'${this.hosts.join(' ')}'`,
      DOMAIN: domainOf(this),
      USED: used(password),
      HAND_OVER: HAND_OVER.toSeconds(),
    };
    return Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
  }
}

/** What the name of every node ends with. */
function domainOf(workload: Workload): string {
  return `${headlessName(workload)}.${workload.namespace}.svc.cluster.local`;
}

/** Accounts of the servers' own that a cluster has of those that there are. */
const OWN = ['replica', 'backup', 'exporter'] as const;

/** What an account may ask of the cluster: clients who has what, the exporter how it fares. */
function withCluster(account: Account): Account {
  if (account.name === 'exporter') return { ...account, server: `${account.server} +cluster|info` };
  return isOwn(account) ? account : forClients(account);
}

function isOwn({ name }: Account): boolean {
  return name === 'agent' || OWN.includes(name as (typeof OWN)[number]);
}

/** A client must be able to ask who has what, whatever else it may. */
function forClients(account: Account): Account {
  const asks = ['info', 'keyslot', 'myid', 'nodes', 'shards', 'slots'].map(each => `+cluster|${each}`);
  return { ...account, server: `${account.server} ${asks.join(' ')}` };
}

/** What the agent does at the server of its own pod, beside what every Redis' scripts do. */
const AGENT =
  '+dbsize +acl|setuser +cluster|nodes +cluster|info +cluster|meet +cluster|addslotsrange +cluster|replicate +cluster|forget +cluster|bumpepoch +cluster|failover';

const PORTS: NonNullable<Container['ports']> = [
  { name: 'redis', containerPort: REDIS_PORT, protocol: 'TCP' },
  { name: 'bus', containerPort: BUS_PORT, protocol: 'TCP' },
];

const CONTAINER: Partial<Container> = {
  lifecycle: { preStop: { exec: { command: ['sh', `${PATHS.config}/stop.sh`] } } },
  // A minute of silence: one long command, or a page that is fetched from a slow disk, is no reason to lose a primary.
  livenessProbe: probe('live.sh', { failureThreshold: 6, timeoutSeconds: 10 }),
  ports: PORTS,
  readinessProbe: probe('ready.sh', { periodSeconds: 5 }),
  // Loading answers, so this is how long the process itself may take.
  startupProbe: probe('live.sh', { failureThreshold: 60, periodSeconds: 2, timeoutSeconds: 10 }),
};

/** The agent's loop has gone round within the last two minutes, unless it hangs. */
const BEAT: Probe = {
  exec: { command: ['sh', '-c', `test -n "$(find ${PATHS.run}/beat -mmin -2)"`] },
  successThreshold: 1,
  timeoutSeconds: 5,
};

function probe(script: string, rest: Partial<Probe> = {}): Probe {
  return {
    exec: { command: ['sh', `${PATHS.config}/${script}`] },
    failureThreshold: 3,
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 5,
    ...rest,
  };
}

/** An account that all pods of the cluster share, in as many generations as those of `accountsOf`. */
function shared(name: string, server: string, newest: number): Account {
  const generations = [newest, newest - 1, newest - 2].filter(generation => generation >= 1);
  return { name, passwords: generations.map(generation => `${name}-${generation}`), server };
}

function scripts(): Record<string, string> {
  const own = SCRIPTS.map(name => [name, clusterScript(name)] as const);
  return Object.fromEntries([...own, ...SHARED.map(name => [name, script(name)] as const)]);
}

/** Something of the pod itself. */
function field(fieldPath: string) {
  return reference(fieldPath, () => ({ valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } }));
}
