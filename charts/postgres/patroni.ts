import { stringify } from 'yaml';
import { INSTANCE, PART_OF, TLS } from '../conventions.ts';
import type { FailoverTimes, Parameters } from './options.ts';
import { dataDirectory, SOCKETS } from './pgbackrest.ts';
import { type Bootstrap, bootstrapOf, type Origin } from './recovery.ts';

/** Patroni's REST API: health, metrics, and what operators ask for. */
export const REST_PORT = 8008;
export const POSTGRES_PORT = 5432;

/** The directory of patroni.yaml and dynamic.json. */
export const CONFIGURATION = '/etc/drydock/patroni';

/** The label that Patroni writes on each pod, and what Services select by. */
export const ROLE = { label: 'role', primary: 'primary', replica: 'replica' } as const;

/** Roles in PostgreSQL that the pods themselves use, each without a password. */
export const REPLICATOR = 'replicator';
export const REWINDER = 'rewinder';
export const MONITOR = 'monitor';

export interface PatroniProps {
  /** The cluster's name to Patroni, the workload's own. */
  readonly scope: string;
  readonly system: string;
  readonly namespace: string;
  readonly version: string;
  /** The common name of the pods' certificate. */
  readonly commonName: string;
  /** What stands in Kubernetes' store once the cluster runs. */
  readonly dynamic: DynamicConfig;
  readonly origin: Origin;
  /** With an archive: how WAL goes there and comes back, and how a follower is made of it. */
  readonly archive?: ArchiveCommands;
}

export interface ArchiveCommands {
  readonly archiveCommand: string;
  readonly restoreCommand: string;
  /** Makes a follower's data directory from the archive. */
  readonly replicaCommand: string;
}

/** Patroni's own file, read at start and whenever it is told to reload. */
export function patroniConfig(props: PatroniProps): string {
  const { scope, system, namespace, version, commonName, dynamic, origin, archive } = props;
  const { bootstrap, replicaMethods } = bootstrapOf(origin);
  const methods = [...Object.keys(replicaMethods), ...(archive ? ['pgbackrest'] : []), 'basebackup'];
  const client = {
    sslmode: 'verify-full',
    sslcert: `${TLS}/tls.crt`,
    sslkey: `${TLS}/tls.key`,
    sslrootcert: `${TLS}/ca.crt`,
  };
  return stringify(
    {
      scope,
      kubernetes: {
        namespace,
        // The Endpoints API is deprecated since Kubernetes 1.33; ConfigMaps are what Patroni's maintainers point to (patroni#3529).
        use_endpoints: false,
        // Only what never changes: a member that looks for another label does not find the cluster.
        labels: { [PART_OF]: system },
        scope_label: INSTANCE,
        role_label: ROLE.label,
        leader_label_value: ROLE.primary,
        follower_label_value: ROLE.replica,
        // Its default, primary, would lead writers to a server that only follows.
        standby_leader_label_value: 'standby-leader',
      },
      restapi: {
        // Not `*`, which takes IPv4 as IPv6: no address would be one of the list.
        listen: `0.0.0.0:${REST_PORT}`,
        certfile: `${TLS}/tls.crt`,
        keyfile: `${TLS}/tls.key`,
        cafile: `${TLS}/ca.crt`,
        // The kubelet's probes have none; whoever changes something must, and must be a member besides.
        verify_client: 'optional',
        // No `allowlist` besides: it would keep members from telling each other, while the API server is away, that they are there.
        allowlist_include_members: true,
      },
      ctl: { certfile: `${TLS}/tls.crt`, keyfile: `${TLS}/tls.key`, cacert: `${TLS}/ca.crt` },
      bootstrap: {
        dcs: dynamic,
        initdb: ['data-checksums', { encoding: 'UTF8' }, { locale: 'C.UTF-8' }, { 'auth-local': 'peer' }],
        ...bootstrap,
      },
      postgresql: {
        data_dir: dataDirectory(version),
        bin_dir: `/usr/lib/postgresql/${version}/bin`,
        listen: `*:${POSTGRES_PORT}`,
        // A file that Patroni writes: the root is read-only.
        pgpass: '/tmp/pgpass',
        use_unix_socket: true,
        use_unix_socket_repl: true,
        authentication: {
          // By the socket, as the account that it runs as: there is no password to leak or to rotate.
          superuser: { username: 'postgres' },
          replication: { username: REPLICATOR, ...client },
          rewind: { username: REWINDER, ...client },
        },
        // Without them a follower whose rewind failed stays behind for ever (apecloud/kubeblocks-addons#3171).
        remove_data_directory_on_rewind_failure: true,
        remove_data_directory_on_diverged_timelines: true,
        create_replica_methods: methods,
        ...replicaMethods,
        ...(archive && {
          pgbackrest: { command: archive.replicaCommand, keep_data: true, no_params: true, no_leader: true },
          recovery_conf: { restore_command: archive.restoreCommand },
        }),
        basebackup: [{ checkpoint: 'fast' }],
        parameters: {
          ssl: 'on',
          ssl_cert_file: `${TLS}/tls.crt`,
          ssl_key_file: `${TLS}/tls.key`,
          ssl_ca_file: `${TLS}/ca.crt`,
          unix_socket_directories: SOCKETS,
          // Without an archive WAL is given up, so that it does not fill the volume; archiving can begin without a restart.
          archive_command: archive?.archiveCommand ?? 'true',
        },
        pg_hba: [
          `local all postgres peer`,
          `local all ${MONITOR} peer map=pods`,
          `local replication ${REPLICATOR} peer map=pods`,
          `hostssl replication ${REPLICATOR} all cert map=pods`,
          `hostssl postgres ${REWINDER} all cert map=pods`,
          `host all ${REPLICATOR},${REWINDER},${MONITOR},postgres all reject`,
          'hostssl all all all scram-sha-256',
        ],
        pg_ident: [
          // Who holds the pods' own certificate, or runs beside the server, may replicate and rewind.
          ...[REPLICATOR, REWINDER].map(role => `pods ${commonName} ${role}`),
          ...[REPLICATOR, MONITOR].map(role => `pods postgres ${role}`),
        ],
      },
    },
    // Patroni's reader takes a bare `off` for false.
    { lineWidth: 0, version: '1.1' },
  );
}

/** What stands in Kubernetes' store: the same for every member, and changed in a running cluster by the leader's agent. */
export interface DynamicConfig {
  readonly ttl: number;
  readonly loop_wait: number;
  readonly retry_timeout: number;
  readonly synchronous_mode: 'quorum' | false;
  readonly [setting: string]: unknown;
}

export function dynamicConfig(props: {
  readonly instances: number;
  readonly failover: FailoverTimes;
  readonly parameters: Parameters;
  readonly standbyCluster: Bootstrap['standbyCluster'];
}): DynamicConfig {
  const { instances, failover, parameters, standbyCluster } = props;
  return {
    ttl: failover.ttl.toSeconds(),
    loop_wait: failover.loopWait.toSeconds(),
    retry_timeout: failover.retryTimeout.toSeconds(),
    // A follower further behind than 1 MiB of WAL does not become leader (Patroni's default).
    maximum_lag_on_failover: 1048576,
    // Of those that have a commit any may lead next, so that none is lost with the leader, nor by one that hangs (measured).
    synchronous_mode: instances > 1 ? 'quorum' : false,
    synchronous_node_count: synchronousNodes(instances),
    // With every follower gone the leader goes on alone: a stop would be an outage.
    synchronous_mode_strict: false,
    // While the API server is away, the leader goes on as long as it reaches every member.
    failsafe_mode: true,
    primary_start_timeout: 60,
    // A member's slot outlives its pod's restart, not its node's loss.
    member_slots_ttl: '30min',
    ...(standbyCluster && { standby_cluster: standbyCluster }),
    postgresql: { use_pg_rewind: true, use_slots: true, parameters: inPostgresWords(parameters) },
  };
}

/**
 * How many followers have a commit before it is acknowledged: all of them. With fewer, a leader whose Patroni hangs would go on
 * acknowledging after its successor was promoted, with the word of a follower that has not heard of it yet: 201 rows lost in a second
 * (measured, one of six runs with `ANY 1` of two). A follower that is gone holds writes up until the leader takes it off the list.
 */
export function synchronousNodes(instances: number): number {
  return Math.max(1, instances - 1);
}

/** As pg_settings shows them, so that Patroni finds nothing to change. */
function inPostgresWords(parameters: Parameters): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? (value ? 'on' : 'off') : value,
    ]),
  );
}
