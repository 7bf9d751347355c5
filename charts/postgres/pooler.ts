import { readFileSync } from 'node:fs';
import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Probe, Service } from '../../imports/kubernetes.ts';
import { WorkloadCertificate } from '../certificate.ts';
import { closed } from '../closed.ts';
import { byTier } from '../cluster.ts';
import { METRICS } from '../conventions.ts';
import { type EnvSource, reference } from '../env.ts';
import { KubeObject, type Patch } from '../kube-object.ts';
import { scrape } from '../metrics.ts';
import { type RollingPatches, rolling } from '../rolling.ts';
import { secret } from '../secret.ts';
import { type Companion, Workload, type WorkloadPatches } from '../workload.ts';
import { address, type Server } from './access.ts';
import { poolerAlerts } from './alerts/pooler.ts';
import { CONSOLE, POOLER_PORT, pgbouncerIni, RUN } from './pgbouncer.ts';
import { poolOf } from './pool.ts';
import { LOGINS, loginsOf } from './roles.ts';

export { POOLER_PORT } from './pgbouncer.ts';

export interface PoolerOptions {
  /** Pods; in production two at least. @default 2 */
  readonly replicas?: number;
  /** @default 100 thousandths of a core: PgBouncer is one thread, and turns a few thousand transactions a second with it */
  readonly cpu?: Cpu;
  /** @default 128 MiB, for a thousand clients and their TLS */
  readonly memory?: Size;
  /** Server connections that one pod may hold for one database. @default as many as the servers have room for, with every pod there twice while they roll */
  readonly connections?: number;
  /** Clients that one pod takes. @default 1000 */
  readonly clients?: number;
  /** The last word on each object it makes. */
  readonly patch?: PoolerPatches;
}

export interface PoolerPatches extends WorkloadPatches, Omit<RollingPatches, 'autoscaler' | 'scaledObject'> {
  readonly service?: Patch<Service>;
}

/** How long new clients still come, until every node has heard that the pod goes. */
const LEAVE = Duration.seconds(10);
/** How long transactions that run may go on; then clients are sent away. */
const DRAIN = Duration.seconds(30);

const EXPORTER_PORT = 9127;

/**
 * PgBouncer in front of a server's databases: `<database>` leads to the primary, `<database>_replica` to those that follow, and each
 * transaction takes a server connection for as long as it runs. Passwords and certificates that change are taken over without closing a
 * connection; another configuration rolls the pods.
 *
 * @throws where there are too few pods for production, or the servers lack room for their connections
 */
export class Pooler extends Workload {
  /** Where clients call it. */
  readonly host: string;
  /** Names every pod of it: to pause it means each of them. */
  readonly podsHost: string;
  /** The console's password below the system in the store. */
  readonly consoleSecret: string;
  /** Server connections that one pod holds for one entry. */
  readonly pool: number;
  /** Clients that one pod takes. */
  readonly clients: number;
  #longestPause = Duration.minutes(5);

  constructor(scope: Construct, id: string, server: Server, options: PoolerOptions = {}) {
    const { path } = scope.node;
    closed(path, options, OPTIONS, 'pooler.');
    const { replicas = 2, connections, clients = 1000, patch = {} } = options;
    closed(path, patch, PATCHES, 'pooler.patch.');
    const { site } = server.system;
    const least = byTier(site, { development: 1, staging: 1, production: 2 });
    for (const [field, value, from] of [
      ['replicas', replicas, least],
      ['clients', clients, 1],
    ] as const) {
      if (!Number.isInteger(value) || value < from)
        throw new Error(
          `${path}: pooler.${field} is ${JSON.stringify(value)}; give a whole number from ${from}${from > 1 ? ', since one pod alone is an outage whenever its node goes' : ''}`,
        );
    }
    const pool = poolOf(path, server, { replicas, connections });
    super(
      scope,
      id,
      {
        image: server.image,
        command: ['sh', '/etc/pgbouncer/pooler.sh'],
        cpu: options.cpu ?? Cpu.millis(100),
        // One thread takes no more.
        cpuLimit: Cpu.units(1),
        memory: options.memory ?? Size.mebibytes(128),
        ephemeralStorage: Size.mebibytes(64),
        priority: 'critical',
        files: {
          '/etc/pgbouncer/pgbouncer.ini': pgbouncerIni(server, { pool, clients }),
          '/etc/pgbouncer/pooler.sh': SCRIPT,
        },
      },
      patch,
      { layer: 'data' },
    );
    this.pool = pool;
    this.clients = clients;
    const names = [`${this.name}.${this.namespace}.svc`, `${this.name}-pods.${this.namespace}.svc`] as const;
    [this.host, this.podsHost] = names;
    this.consoleSecret = `${server.name}/${CONSOLE}/1`;
    WorkloadCertificate.of(this).serve(...names, ...names.map(name => `${name}.cluster.local`));
    for (const login of loginsOf(server.name, server.databases)) secret(login.secret).request(this, login.name);
    secret(this.consoleSecret).request(this, CONSOLE);
    // As a whole: a file that is new appears in a pod that runs.
    this.attach({
      volume: { name: 'logins', secret: { defaultMode: 0o440, secretName: this.name } },
      mount: { mountPath: LOGINS, readOnly: true },
    });
    // The socket of the console, and the list of users, which holds passwords: in memory only.
    this.attach({
      volume: { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
      mount: { mountPath: RUN },
    });
    this.network.connectTo(server, 5432);
    rolling(this, {
      port: POOLER_PORT,
      replicas,
      leave: LEAVE,
      drain: DRAIN,
      container: {
        ports: [{ name: 'postgres', containerPort: POOLER_PORT, protocol: 'TCP' }],
        readinessProbe: { ...EVERY_TEN, tcpSocket: { port: 'postgres' } },
        livenessProbe: { ...EVERY_TEN, timeoutSeconds: 5, exec: { command: [...ASK] } },
        startupProbe: { ...EVERY_TEN, failureThreshold: 30, periodSeconds: 2, tcpSocket: { port: 'postgres' } },
      },
      patch,
    });
    scrape(this, { port: EXPORTER_PORT });
    this.dependsOn(server.name);
    this.rules.add({ name: 'pooler', rules: poolerAlerts(this) });
    this.#services(patch.service);
  }

  /** The console, as a variable: who has it may pause and resume. `podsHost` has an address for each pod; ask every one. */
  get consoleUrl(): EnvSource {
    return reference(`console of ${this.name}`, (client: Workload, variable: string) => {
      client.network.connectTo(this, POOLER_PORT);
      WorkloadCertificate.of(client);
      client.wire({ [`${variable}_PASSWORD`]: secret(this.consoleSecret) });
      return { value: address(CONSOLE, variable, this.podsHost, POOLER_PORT, 'pgbouncer') };
    });
  }

  /** How long clients may be held back before it is news. */
  get longestPause(): Duration {
    return this.#longestPause;
  }

  /** Says that somebody holds clients back on purpose, for as long at most. */
  mayPauseFor(time: Duration): void {
    if (time.toSeconds() > this.#longestPause.toSeconds()) this.#longestPause = time;
  }

  protected override get companions(): readonly Companion[] {
    return [EXPORTER];
  }

  #services(patch: Patch<Service> | undefined): void {
    const ports = [{ name: 'postgres', port: POOLER_PORT, protocol: 'TCP' as const, targetPort: 'postgres' }];
    const { selector } = this;
    new KubeObject<Service>(
      this,
      'service',
      { apiVersion: 'v1', kind: 'Service', metadata: this.metadata() },
      { spec: { ports, selector, type: 'ClusterIP' } },
      patch,
    );
    new KubeObject<Service>(
      this,
      'pods',
      { apiVersion: 'v1', kind: 'Service', metadata: { ...this.metadata(), name: `${this.name}-pods` } },
      // A pod that is not ready may have clients all the same, and must be paused with the others.
      { spec: { clusterIP: 'None', ports, publishNotReadyAddresses: true, selector } },
    );
  }
}

const SCRIPT = readFileSync(new URL('pooler.sh', import.meta.url), 'utf8');

const EVERY_TEN: Probe = { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 2 };

/** The console answers as long as the one thread does; over the socket the account that PgBouncer runs as needs no password. */
const ASK = ['psql', '-h', RUN, '-p', String(POOLER_PORT), '-U', 'pgbouncer', '-Atqc', 'SHOW VERSION', 'pgbouncer'];

const EXPORTER: Companion = {
  size: {
    cpu: Cpu.millis(10),
    cpuLimit: Cpu.millis(100),
    memory: Size.mebibytes(32),
    ephemeralStorage: Size.mebibytes(16),
  },
  container: {
    name: 'exporter',
    image: 'quay.io/prometheuscommunity/pgbouncer-exporter:v0.12.1',
    args: [
      `--pgBouncer.connectionString=postgres:///pgbouncer?host=${RUN}&port=${POOLER_PORT}&user=pgbouncer&sslmode=disable`,
      `--web.listen-address=:${EXPORTER_PORT}`,
    ],
    ports: [{ name: METRICS, containerPort: EXPORTER_PORT, protocol: 'TCP' }],
    readinessProbe: { ...EVERY_TEN, tcpSocket: { port: METRICS } },
    livenessProbe: { ...EVERY_TEN, tcpSocket: { port: METRICS } },
    volumeMounts: [{ name: 'run', mountPath: RUN }],
  },
};

const OPTIONS: Readonly<Record<keyof PoolerOptions, true>> = {
  replicas: true,
  cpu: true,
  memory: true,
  connections: true,
  clients: true,
  patch: true,
};

const PATCHES: Readonly<Record<keyof PoolerPatches, true>> = {
  deployment: true,
  service: true,
  disruptionBudget: true,
  networkPolicy: true,
  serviceAccount: true,
};
