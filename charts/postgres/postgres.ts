import { readdirSync, readFileSync } from 'node:fs';
import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ConfigMap, EnvVar, VolumeMount } from '../../imports/kubernetes.ts';
import { archiveEnv, archiveFiles } from '../archive-store.ts';
import { WorkloadCertificate } from '../certificate.ts';
import { writesHere } from '../cluster.ts';
import { DATABASES, HOLDS, TLS } from '../conventions.ts';
import { postgresRows } from '../dashboard/rows/postgres.ts';
import { type Env, type EnvSource, reference, variablesOf } from '../env.ts';
import { KubeObject } from '../kube-object.ts';
import { scrape } from '../metrics.ts';
import { mebibytes } from '../quota.ts';
import { secret } from '../secret.ts';
import { DATA, headlessName, podNames, stateful } from '../stateful.ts';
import { storageOf } from '../storage.ts';
import { System } from '../system.ts';
import { type Companion, Workload, type WorkloadProps } from '../workload.ts';
import { Access, type Addresses } from './access.ts';
import { AGENT, agent } from './agent.ts';
import { databaseAlerts } from './alerts/database.ts';
import type { Servers } from './alerts/watched.ts';
import { type Archive, archiveOf, placeOf } from './archive.ts';
import { BackupClients, backupJobs, checkBackups } from './backups.ts';
import { checkPostgres, failoverOf } from './checks.ts';
import { EXPORTER_PORT, exporter } from './exporter.ts';
import { postgresImage } from './image.ts';
import type { PostgresProps } from './options.ts';
import { connectionsOf, parametersFor } from './parameters.ts';
import { CONFIGURATION, dynamicConfig, POSTGRES_PORT, patroniConfig, REST_PORT } from './patroni.ts';
import { scrapePatroni } from './patroni-metrics.ts';
import { archiveCommand, dataDirectory, podConfig, restoreCommand, SOCKETS, tlsServer, VOLUME } from './pgbackrest.ts';
import { Pooler } from './pooler.ts';
import { proofJobs } from './proof.ts';
import { bootstrapOf, type Origin, originOf } from './recovery.ts';
import { rights } from './rights.ts';
import { type Databases, databasesOf, LOGINS, loginsOf } from './roles.ts';
import { rolesSql } from './roles-sql.ts';
import { server } from './server.ts';
import { replicaName, services } from './services.ts';
import { attachSource } from './source.ts';

/** Clean shutdown: a checkpoint, and the last WAL into the archive; a bulk load may leave minutes of both. */
const GRACE = Duration.minutes(10);

/**
 * PostgreSQL with as many copies as it is given servers: one leads and takes writes, the others follow and may be read; when the leader is
 * gone, a follower that has every acknowledged row takes over, within a minute. Patroni decides, with Kubernetes' own store for who
 * leads; clients find the leader by a Service.
 *
 * Where the system only follows another cluster, all servers follow that cluster's archive and take no writes, until the role changes.
 *
 * @throws where an option cannot be
 */
export class Postgres extends Workload {
  declare readonly props: PostgresProps & WorkloadProps;
  readonly version: string;
  readonly instances: number;
  readonly databases: Databases;
  /** Name of the StatefulSet: with the cluster, since members of all regions must have names of their own. */
  readonly statefulSetName: string;
  /** DNS names of the pods. */
  readonly members: readonly string[];
  readonly primaryHost: string;
  readonly replicaHost: string;
  readonly maxConnections: number;
  /** Where backups and WAL go; left out where nothing is backed up. */
  readonly archive: Archive | undefined;
  readonly pooler: Pooler;
  readonly #access: Access;
  readonly #origin: Origin;
  readonly #agentEnv: readonly EnvVar[];

  constructor(scope: Construct, id: string, props: PostgresProps) {
    const { site, name: system } = System.of(scope);
    const path = `${scope.node.path}/${id}`;
    checkPostgres(path, site, props);
    if (props.backups) checkBackups(path, site, props.backups);
    const archive = props.backups && archiveOf(site, system, id, props.backups.to);
    const statefulSetName = `${id}-${site.name}`;
    const pods = Array.from({ length: props.instances }, (_, ordinal) => `${statefulSetName}-${ordinal}`);
    super(
      scope,
      id,
      {
        ...props,
        image: postgresImage(path, props.version),
        command: ['patroni', `${CONFIGURATION}/patroni.yaml`],
        priority: 'critical',
        files: archive && archiveFiles(archive),
        rights: rights(id, pods),
      },
      props.patch,
      { layer: 'data' },
    );
    const { namespace } = this;
    this.version = props.version;
    this.instances = props.instances;
    this.archive = archive;
    this.statefulSetName = statefulSetName;
    this.members = podNames(this, { name: statefulSetName, pods: props.instances });
    this.primaryHost = `${id}.${namespace}.svc`;
    this.replicaHost = `${replicaName(id)}.${namespace}.svc`;
    this.databases = databasesOf(path, system, props.databases);
    this.maxConnections = connectionsOf(props.parameters);
    this.#origin = originOf({ path, site, system, id }, props, archive);

    const address = { ...this.#addresses(), ...(archive && { PGBACKREST_STANZA: archive.stanza }) };
    const env: Env = { ...address, ...(archive && archiveEnv(archive, { use: 'archive' })) };
    this.wire(env);
    this.#agentEnv = variablesOf(this, env);
    this.#certificate();
    this.#mount();
    this.network.connectTo(this, POSTGRES_PORT);
    this.network.connectTo(this, REST_PORT);
    scrape(this, { port: EXPORTER_PORT });
    scrapePatroni(this, this.primaryHost);
    this.dependsOn(id);
    this.rules.add(...databaseAlerts(this.#servers(), props.backups));
    services(this, { writes: writesHere(site) });
    stateful(this, {
      name: statefulSetName,
      pods: props.instances,
      storage: props.storage,
      mountPath: VOLUME,
      ports: [
        { name: 'postgres', port: POSTGRES_PORT, protocol: 'TCP', targetPort: 'postgres' },
        { name: 'patroni', port: REST_PORT, protocol: 'TCP', targetPort: 'patroni' },
      ],
      container: server(failoverOf(props)),
      grace: GRACE,
      patch: props.patch ?? {},
    });
    this.pooler = new Pooler(this, `${id}-pooler`, this, props.pooler);
    this.#access = new Access(this, this.pooler);
    this.dashboard.show(() => postgresRows(this));
    if (archive === undefined || props.backups === undefined) return;
    backupJobs(this, archive, props.backups);
    proofJobs(this, archive, props.backups, props.storage);
  }

  get image(): string {
    return this.props.image;
  }

  get scope(): string {
    return this.name;
  }

  /** For the owner of the one database, by the pooler: see `login`. */
  get poolerUrl(): EnvSource {
    return this.#access.poolerUrl;
  }

  get replicaUrl(): EnvSource {
    return this.#access.replicaUrl;
  }

  /** The addresses of a role. @param role @default the owner @param database @default the only one */
  login(role?: string, database?: string): Addresses {
    return this.#access.login(role, database);
  }

  protected override get companions(): readonly Companion[] {
    const data = { name: DATA, mountPath: VOLUME };
    const pgbackrest = { name: 'pgbackrest', mountPath: '/etc/pgbackrest', readOnly: true };
    const scripts = { name: 'agent', mountPath: AGENT, readOnly: true };
    return [
      agent(this.image, this.#agentEnv, [
        TMP,
        SOCKET_MOUNT,
        TLS_MOUNT,
        scripts,
        { name: 'patroni', mountPath: CONFIGURATION, readOnly: true },
        { name: 'roles', mountPath: ROLES, readOnly: true },
        { name: 'logins', mountPath: LOGINS, readOnly: true },
        ...(this.archive ? [data, pgbackrest, ...keyFiles(this.archive)] : []),
      ]),
      exporter(SOCKET_MOUNT),
      ...(this.archive ? [tlsServer(this.image, [TMP, SOCKET_MOUNT, TLS_MOUNT, data, pgbackrest])] : []),
    ];
  }

  #servers(): Servers {
    const { archive, instances, maxConnections, name, namespace, props, statefulSetName } = this;
    return {
      name,
      namespace,
      statefulSetName,
      instances,
      maxConnections,
      follows: this.#origin.is === 'standby',
      archives: archive !== undefined,
      storage: storageOf(this.node.path, props.storage).now,
      failover: failoverOf(props),
      parameters: props.parameters ?? {},
    };
  }

  /** By which name Patroni and PostgreSQL of a pod are called, and by which it finds its own. */
  #addresses(): Env {
    const host = `$(PATRONI_NAME).${headlessName(this)}.${this.namespace}.svc.cluster.local`;
    return {
      PATRONI_NAME: field('metadata.name'),
      PATRONI_KUBERNETES_POD_IP: field('status.podIP'),
      PATRONI_POSTGRESQL_CONNECT_ADDRESS: `${host}:${POSTGRES_PORT}`,
      PATRONI_RESTAPI_CONNECT_ADDRESS: `${host}:${REST_PORT}`,
      // Patroni's own lines at once, as its container prints them.
      PYTHONUNBUFFERED: '1',
    };
  }

  #certificate(): void {
    const { namespace } = this;
    const hosts = [this.primaryHost, this.replicaHost];
    WorkloadCertificate.of(this).serve(
      ...hosts,
      ...hosts.map(host => `${host}.cluster.local`),
      // One more server needs no new certificate before it may join.
      `*.${headlessName(this)}.${namespace}.svc.cluster.local`,
    );
  }

  #mount(): void {
    const { archive, version } = this;
    this.attach({ volume: { name: SOCKET_MOUNT.name, emptyDir: { sizeLimit: '1Mi' } }, mount: at(SOCKETS) });
    // What parallel queries share; the runtime's own 64 MiB end as "could not resize shared memory segment".
    const shared = Math.ceil(this.props.memory.toMebibytes() / 4);
    this.attach({
      volume: { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: mebibytes(shared) } },
      mount: at('/dev/shm'),
    });
    // Another version would begin with an empty directory beside the old one.
    const held = `${this.system.site.name} ${this.namespace}/${this.statefulSetName}${dataDirectory(version)}`;
    this.#configMap('patroni', () => this.#patroni(), { mountPath: CONFIGURATION, says: { [HOLDS]: held } });
    this.#configMap('agent', () => SCRIPTS);
    this.#configMap('roles', () => rolesSql(this.name, this.databases), {
      says: { [DATABASES]: Object.keys(this.databases).sort().join(', ') },
    });
    for (const login of loginsOf(this.name, this.databases)) secret(login.secret).request(this, login.name);
    this.attach({ volume: { name: 'logins', secret: { defaultMode: 0o440, secretName: this.name } } });
    attachSource(this, this.#origin.is === 'new' ? undefined : this.#origin.source, dataDirectory(version));
    if (archive === undefined) return;
    const clients = BackupClients.of(this);
    // It says where the pods write: nobody else may, and moving it would leave the backups behind.
    this.#configMap(
      'pgbackrest',
      () => ({ 'pgbackrest.conf': podConfig({ archive, version, clients: clients.names }) }),
      { mountPath: '/etc/pgbackrest', says: { [HOLDS]: placeOf(archive) } },
    );
  }

  /**
   * A directory that the kubelet keeps new: what changes in it reaches the pods without a restart.
   *
   * @param mountPath where the server finds it; companions mount it where they need it
   * @param says of the data that it leads to, which a change must not leave behind
   */
  #configMap(
    what: string,
    data: () => Record<string, string>,
    { mountPath, says = {} }: { readonly mountPath?: string; readonly says?: Readonly<Record<string, string>> } = {},
  ): void {
    const name = `${this.name}-${what}`;
    new KubeObject<ConfigMap>(
      this,
      what,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...this.metadata(), name, annotations: says } },
      () => ({ data: data() }),
    );
    this.attach({
      volume: { name: what, configMap: { name } },
      ...(mountPath !== undefined && { mount: { mountPath, readOnly: true } }),
    });
  }

  #patroni(): Record<string, string> {
    const { archive, props, version } = this;
    const storage = storageOf(this.node.path, props.storage).now;
    const dynamic = dynamicConfig({
      instances: props.instances,
      failover: failoverOf(props),
      parameters: parametersFor({ memory: props.memory, storage, instances: props.instances }, props.parameters ?? {}),
      standbyCluster: bootstrapOf(this.#origin).standbyCluster,
    });
    const patroni = patroniConfig({
      scope: this.scope,
      system: this.system.name,
      namespace: this.namespace,
      version,
      commonName: WorkloadCertificate.of(this).commonName,
      dynamic,
      origin: this.#origin,
      ...(archive && {
        archive: {
          archiveCommand: archiveCommand(archive),
          restoreCommand: restoreCommand(archive),
          replicaCommand: `pgbackrest --stanza=${archive.stanza} --repo=1 --delta --type=standby restore`,
        },
      }),
    });
    return { 'patroni.yaml': patroni, 'dynamic.json': `${JSON.stringify(dynamic, null, 2)}\n` };
  }
}

/** Where agent/roles.py finds what databases and roles are to be. */
const ROLES = '/etc/drydock/roles';
const TMP: VolumeMount = { name: 'tmp', mountPath: '/tmp' };
const SOCKET_MOUNT: VolumeMount = { name: 'sockets', mountPath: SOCKETS };
const TLS_MOUNT: VolumeMount = { name: 'tls', mountPath: TLS, readOnly: true };

const DIRECTORY = new URL('agent/', import.meta.url);
const SCRIPTS = Object.fromEntries(
  readdirSync(DIRECTORY)
    .filter(file => file.endsWith('.py'))
    .sort()
    .map(file => [file, readFileSync(new URL(file, DIRECTORY), 'utf8')]),
);

/** What `files` mounts into the server, for the agent, which asks the archive too. */
function keyFiles(archive: Archive): VolumeMount[] {
  return Object.keys(archiveFiles(archive)).map(file => {
    return { name: 'secret-files', mountPath: file, readOnly: true, subPath: file.slice(1).replaceAll('/', '_') };
  });
}

/** Something that a pod knows of itself. */
function field(fieldPath: string): EnvSource {
  return reference(fieldPath, () => ({ valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } }));
}

function at(mountPath: string): Omit<VolumeMount, 'name'> {
  return { mountPath };
}
