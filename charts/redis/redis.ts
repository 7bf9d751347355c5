import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Container, Probe, Service, StatefulSet } from '../../imports/kubernetes.ts';
import { WorkloadCertificate } from '../certificate.ts';
import { closed } from '../closed.ts';
import { CONFIG_HASH, TLS } from '../conventions.ts';
import { redisRows } from '../dashboard/rows/redis.ts';
import { type Env, type EnvSource, reference } from '../env.ts';
import { KubeObject } from '../kube-object.ts';
import { seriesOf } from '../metrics.ts';
import { headlessName, podNames, stateful } from '../stateful.ts';
import { type Companion, Workload } from '../workload.ts';
import { Access } from './access.ts';
import { accountsOf, mountPasswords, PASSWORDS, used, usersFile } from './acl.ts';
import { replication } from './alerts/replication.ts';
import { sentinels } from './alerts/sentinels.ts';
import { reachability, servers } from './alerts/servers.ts';
import { backupsOf, RedisBackup } from './backup.ts';
import {
  configDirectory,
  hashOf,
  MOUNTS,
  mountRun,
  PATHS,
  REDIS_PORT,
  SENTINEL_PORT,
  script,
  serverConfig,
} from './config.ts';
import { exporter, scrapeExporter, scrapeSentinels } from './exporter.ts';
import { serverImage } from './image.ts';
import { checkOptions, cpuOf, REDIS_OPTIONS, REDIS_PATCHES, type RedisOptions, type RestoreFrom } from './options.ts';
import { checkProxy, type ProxyOptions, RedisProxy, serviceSpec } from './proxy.ts';
import { fetching } from './restore.ts';
import { sentinelConfig } from './sentinel.ts';

export interface RedisProps extends RedisOptions {
  /** Servers, each with a Sentinel beside it: 3, 5 or 7; 1 in development, without Sentinel and so without failover. */
  readonly instances: number;
  /** What stands before the servers for clients of `url`. */
  readonly proxy?: ProxyOptions;
  /** A dump to begin with. What has data keeps it: to go back in time, make another Redis beside this one. @default empty */
  readonly restoreFrom?: RestoreFrom;
}

/** How somebody comes to the servers. */
export interface RedisAddresses {
  /** `rediss://…`, one address that leads to the primary: through a proxy, made when it is first asked for. */
  readonly url: EnvSource;
  /**
   * Variables for a client that follows Sentinel: `<PREFIX>_SENTINELS` (`host:port,…`), `_MASTER`, `_USER`, `_PASSWORD` (both for
   * servers and Sentinels) and `_CA_FILE`. It speaks TLS with all of them.
   */
  sentinels(prefix: string): Env;
}

/**
 * Sentinel's times, in seconds: how long a primary may be silent, and how long one step of a failover may take. An election that
 * came to nothing is repeated after twice that; with the usual minute a tied vote would mean two minutes without writes.
 */
const DOWN_AFTER = 5;
const FAILOVER_TIMEOUT = 10;
/** How long a primary that stops waits for another to take over, and its pod for the rest. */
const HAND_OVER = 30;
/** How long replicas that have all started anew wait for the last primary, which has the most, to come back. */
const RETURN = 20;
const GRACE = Duration.seconds(60);

const SCRIPTS = [
  'lib.sh',
  'users.sh',
  'votes.sh',
  'restore.sh',
  'start.sh',
  'sentinel.sh',
  'follow.sh',
  'probe.sh',
  'stop.sh',
];

/**
 * Redis with Sentinel: one primary, replicas that follow it, and a Sentinel beside each, of which a majority makes another the
 * primary when it is silent for five seconds. Data stands in append-only files on volumes of their own.
 *
 * Replication is not awaited: what a primary acknowledged in its last second may be lost with its node. One that is cut off
 * from all replicas stops acknowledging after five. A client that must know asks `WAIT 1`.
 *
 * @throws where a number, a size or a name cannot be
 */
export class Redis extends Workload implements RedisAddresses {
  /** The servers, by the names of their pods. */
  readonly hosts: readonly string[];
  readonly #redis: RedisProps;
  readonly #hash: string;
  readonly #companions: readonly Companion[];
  #proxy: RedisProxy | undefined;

  constructor(scope: Construct, id: string, props: RedisProps) {
    const path = `${scope.node.path}/${id}`;
    closed(path, props, OPTIONS);
    const { instances, memory, patch = {} } = props;
    closed(path, patch, REDIS_PATCHES, 'patch.');
    checkOptions(path, props);
    super(
      scope,
      id,
      {
        image: serverImage(path, props.server),
        command: [`${PATHS.config}/start.sh`],
        ...cpuOf(props),
        memory,
        ephemeralStorage: Size.mebibytes(64),
        priority: 'critical',
        env: { POD_NAME: podName },
      },
      patch,
      { layer: 'data' },
    );
    const { site } = this.system;
    checkInstances(path, site.tier, instances);
    if (props.proxy) checkProxy(path, site, props.proxy);
    const backups = backupsOf(path, site, props.backups);
    this.#redis = props;
    this.hosts = podNames(this, { name: id, pods: instances });

    const accounts = accountsOf(path, props, ['replica', 'sentinel', 'backup', 'exporter', 'proxy']);
    mountPasswords(this, accounts);
    mountRun(this);
    const texts = {
      ...Object.fromEntries(SCRIPTS.map(name => [name, script(name)])),
      'redis.conf': serverConfig(props, this.#replicated ? FENCED : {}),
      'sentinel.conf': sentinelConfig(),
      'settings.sh': this.#settings(),
    };
    this.#hash = hashOf(texts);
    const users = { 'users.acl': usersFile(accounts, 'server'), 'sentinel.acl': usersFile(accounts, 'sentinel') };
    configDirectory(this, { name: MOUNTS.config.name, path: PATHS.config }, { ...texts, ...users });

    const service = `${this.name}.${this.namespace}.svc`;
    WorkloadCertificate.of(this).serve(...this.hosts, service, `${service}.cluster.local`, 'localhost');
    if (this.#replicated) for (const port of [REDIS_PORT, SENTINEL_PORT]) this.network.connectTo(this, port);
    this.#companions = [...(this.#replicated ? [this.#sentinel()] : []), exporter(this, props.password)];
    scrapeExporter(this);
    if (this.#replicated) scrapeSentinels(this);
    this.dashboard.show(() => redisRows(seriesOf(this), { cluster: false }));
    this.#stateful();
    if (!this.#replicated) {
      const head = { apiVersion: 'v1', kind: 'Service', metadata: this.metadata() } as const;
      new KubeObject<Service>(this, 'service', head, { spec: serviceSpec(this) });
    }
    if (backups)
      new RedisBackup(this, `${id}-backup`, { ...props, of: this, hosts: this.hosts, primaries: 1, backups });
    this.dependsOn(id);
    this.#alerts();
  }

  /** For the login `app`, or the only one. */
  get url(): EnvSource {
    return this.login().url;
  }

  sentinels(prefix: string): Env {
    return this.login().sentinels(prefix);
  }

  /**
   * The addresses of a login.
   * @throws where there is none of that name
   */
  login(name?: string): RedisAddresses {
    const access = new Access(this, this.#redis.logins, name);
    return {
      url: access.url(client => {
        client.network.connectTo(this.#replicated ? this.#proxied : this, REDIS_PORT);
        return { host: `${this.name}.${this.namespace}.svc`, port: REDIS_PORT };
      }),
      sentinels: prefix => {
        if (!this.#replicated)
          throw new Error(`${this.node.path}: with one instance there are no Sentinels; use url, or give 3 instances`);
        return access.sentinels(prefix, client => {
          client.network.connectTo(this, REDIS_PORT);
          client.network.connectTo(this, SENTINEL_PORT);
          return this.hosts.map(host => `${host}:${SENTINEL_PORT}`);
        });
      },
    };
  }

  protected override get companions(): readonly Companion[] {
    return this.#companions;
  }

  get #replicated(): boolean {
    return this.#redis.instances > 1;
  }

  get #quorum(): number {
    return this.#replicated ? Math.floor(this.#redis.instances / 2) + 1 : 0;
  }

  get #proxied(): RedisProxy {
    const { proxy, password } = this.#redis;
    this.#proxy ??= new RedisProxy(this, `${this.name}-proxy`, {
      ...proxy,
      of: this,
      hosts: this.hosts,
      quorum: this.#quorum,
      ...(password !== undefined && { password }),
    });
    return this.#proxy;
  }

  #alerts(): void {
    const { instances } = this.#redis;
    const about = { of: this, options: this.#redis, replicated: this.#replicated, gone: 'redis/down' };
    this.rules.add({ name: 'servers', rules: [...reachability(about), ...servers(about)] });
    if (!this.#replicated) return;
    const following = { ...about, replicas: instances - 1, fenced: true, silence: DOWN_AFTER };
    this.rules.add(
      { name: 'replication', rules: replication(following) },
      { name: 'sentinels', rules: sentinels({ of: this, instances }) },
    );
  }

  /** What the scripts must know of where they stand. */
  #settings(): string {
    const settings = {
      NAME: this.name,
      DOMAIN: `${headlessName(this)}.${this.namespace}.svc.cluster.local`,
      PEERS: this.hosts.join(' '),
      QUORUM: this.#quorum,
      USED: used(this.#redis.password),
      REDIS_PORT,
      SENTINEL_PORT,
      DOWN_AFTER,
      FAILOVER_TIMEOUT,
      HAND_OVER,
      RETURN,
    };
    return Object.entries(settings)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join('');
  }

  #stateful(): void {
    const { instances, storage, restoreFrom, patch = {} } = this.#redis;
    const redis = { name: 'redis', containerPort: REDIS_PORT, protocol: 'TCP' } as const;
    const ports = [
      { name: 'redis', port: REDIS_PORT, protocol: 'TCP' as const, targetPort: 'redis' },
      { name: 'sentinel', port: SENTINEL_PORT, protocol: 'TCP' as const, targetPort: 'sentinel' },
    ];
    const fetch = restoreFrom && fetching(this, restoreFrom, this.#redis.backups);
    stateful(this, {
      pods: instances,
      storage,
      mountPath: PATHS.data,
      ports: this.#replicated ? ports : ports.slice(0, 1),
      container: {
        ports: [redis],
        ...(this.#replicated && { lifecycle: { preStop: { exec: { command: [`${PATHS.config}/stop.sh`] } } } }),
        readinessProbe: probe('redis ready', { periodSeconds: 5, timeoutSeconds: 5 }),
        // A minute of silence; Sentinel has long made another the primary.
        livenessProbe: probe('redis live', { failureThreshold: 4, periodSeconds: 15, timeoutSeconds: 15 }),
        // It waits for votes, and where it begins with a dump for that to be loaded.
        startupProbe: probe('redis live', {
          failureThreshold: restoreFrom ? 1800 : 150,
          periodSeconds: 2,
          timeoutSeconds: 15,
        }),
      },
      grace: GRACE,
      annotations: { [CONFIG_HASH]: this.#hash },
      patch: {
        ...patch,
        statefulSet: (it: StatefulSet) => {
          if (fetch) it.spec!.template.spec!.initContainers = [fetch];
          patch.statefulSet?.(it);
        },
      },
    });
  }

  #sentinel(): Companion {
    return {
      size: {
        cpu: Cpu.millis(50),
        cpuLimit: Cpu.millis(500),
        memory: Size.mebibytes(64),
        ephemeralStorage: Size.mebibytes(16),
      },
      container: {
        name: 'sentinel',
        image: this.props.image,
        command: [`${PATHS.config}/sentinel.sh`],
        env: [{ name: 'POD_NAME', ...POD_NAME }],
        ports: [{ name: 'sentinel', containerPort: SENTINEL_PORT, protocol: 'TCP' }],
        readinessProbe: probe('sentinel ready', { periodSeconds: 10, timeoutSeconds: 5 }),
        livenessProbe: probe('sentinel live', { failureThreshold: 4, periodSeconds: 15, timeoutSeconds: 15 }),
        // It has nothing to watch until there is a primary.
        startupProbe: probe('sentinel live', { failureThreshold: 300, periodSeconds: 2, timeoutSeconds: 15 }),
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          { name: 'data', mountPath: PATHS.data },
          { name: 'passwords', mountPath: PASSWORDS, readOnly: true },
          { name: 'tls', mountPath: TLS, readOnly: true },
          { ...MOUNTS.config },
          { ...MOUNTS.run },
        ],
      },
    };
  }
}

/** A primary that no replica has heard of for so long takes no writes: when it is cut off, another is being elected. */
const FENCED = { 'min-replicas-to-write': 1, 'min-replicas-max-lag': DOWN_AFTER };

const POD_NAME = { valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } };
const podName = reference('the name of the pod', () => POD_NAME);

function probe(asks: string, times: Probe): Probe {
  return {
    exec: { command: [`${PATHS.config}/probe.sh`, ...asks.split(' ')] },
    failureThreshold: 3,
    successThreshold: 1,
    ...times,
  } satisfies Container['readinessProbe'];
}

function checkInstances(path: string, tier: string, instances: number): void {
  const fail = (remedy: string) => {
    throw new Error(`${path}: instances is ${JSON.stringify(instances)}; ${remedy}`);
  };
  if (!Number.isInteger(instances) || instances < 1) fail('give 3, or 1 in development');
  if (instances === 1 && tier !== 'development')
    fail(
      `give 3: in ${tier} one alone is an outage whenever its node goes, and two cannot tell who of them is cut off`,
    );
  if (instances > 1 && instances % 2 === 0)
    fail(
      `give ${instances + 1}: of an even number of Sentinels half is no majority, so one more costs a pod and survives no more`,
    );
  if (instances > 7) fail('give 7 at most: replicas all copy from one primary; for more data take RedisCluster');
}

const OPTIONS: Readonly<Record<keyof RedisProps, true>> = {
  ...REDIS_OPTIONS,
  instances: true,
  proxy: true,
  restoreFrom: true,
};
