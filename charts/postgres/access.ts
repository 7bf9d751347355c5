import { WorkloadCertificate } from '../certificate.ts';
import { writesHere } from '../cluster.ts';
import { TLS } from '../conventions.ts';
import { type EnvSource, reference } from '../env.ts';
import { secret } from '../secret.ts';
import type { Workload } from '../workload.ts';
import { POOLER_PORT, type Pooler } from './pooler.ts';
import { type Databases, type Login, loginOf, loginsOf, ownerOf } from './roles.ts';

/** What poolers and clients must know of the servers. */
export interface Server extends Workload {
  readonly databases: Databases;
  /** The Service of the server that writes; without an endpoint where the cluster only follows. */
  readonly primaryHost: string;
  /** The Service of those that follow; of any that is ready where the cluster only follows. */
  readonly replicaHost: string;
  readonly instances: number;
  /** PostgreSQL's max_connections. */
  readonly maxConnections: number;
  readonly image: string;
}

/** PostgreSQL's own port. */
const DIRECT_PORT = 5432;

/** The addresses of one role in one database. */
export interface Addresses {
  /** To the primary by the pooler, a server connection a transaction. Where the system only follows another cluster: to a replica. */
  readonly poolerUrl: EnvSource;
  /** To a replica by the pooler, for reading: it may be a moment behind, and refuses to write. */
  readonly replicaUrl: EnvSource;
  /** To the primary itself, for what needs a session of its own: migrations, LISTEN, advisory locks, `SET` that lasts. */
  readonly directUrl: EnvSource;
}

/** How clients come to a server's databases: as whom, where, and with which certificate. */
export class Access implements Addresses {
  constructor(
    private readonly server: Server,
    private readonly pooler: Pooler,
  ) {}

  /** For the owner of the one database. */
  get poolerUrl(): EnvSource {
    return this.login().poolerUrl;
  }

  get replicaUrl(): EnvSource {
    return this.login().replicaUrl;
  }

  get directUrl(): EnvSource {
    return this.login().directUrl;
  }

  /**
   * The addresses of a role.
   *
   * @param role @default the one that owns the database
   * @param database @default the only one
   * @throws where there is no such role or database, or several could be meant
   */
  login(role?: string, database?: string): Addresses {
    const { databases, name, system } = this.server;
    const of = this.#database(database);
    const as = role ?? ownerOf(databases[of]!);
    const { roles } = databases[of]!;
    if (!Object.hasOwn(roles, as))
      throw new Error(
        `${this.server.node.path}: there is no role "${as}" in the database ${of}; it has ${Object.keys(roles).join(', ')}`,
      );
    const login = loginOf(name, databases, of, as);
    const url = (host: string, port: number, path: string, to: Workload) =>
      reference(`${login.group} at ${host}`, (client: Workload, variable: string) => {
        client.network.connectTo(to, port);
        client.dependsOn(this.server.name);
        WorkloadCertificate.of(client);
        client.wire({ [`${variable}_PASSWORD`]: this.#password(login) });
        return { value: address(login.name, variable, host, port, path) };
      });
    const direct = writesHere(system.site) ? this.server.primaryHost : this.server.replicaHost;
    return {
      poolerUrl: url(this.pooler.host, POOLER_PORT, of, this.pooler),
      replicaUrl: url(this.pooler.host, POOLER_PORT, `${of}_replica`, this.pooler),
      directUrl: url(direct, DIRECT_PORT, of, this.server),
    };
  }

  #database(given: string | undefined): string {
    const names = Object.keys(this.server.databases);
    const [only] = names;
    if (given === undefined && names.length > 1)
      throw new Error(
        `${this.server.node.path}: it has the databases ${names.join(', ')}; say which: login('app', '${only}').poolerUrl`,
      );
    const name = given ?? only!;
    if (!names.includes(name))
      throw new Error(`${this.server.node.path}: there is no database "${name}"; it has ${names.join(', ')}`);
    return name;
  }

  /**
   * The password as a variable. Each generation has a key of its own, and the one before stays: a pod that starts while the new one is on
   * its way waits for it, and an old pod that restarts finds the password of its own login.
   */
  #password({ database, role, generation }: Login): EnvSource {
    const { name, databases } = this.server;
    return reference(`password of ${database}_${role}`, (client: Workload, variable: string) => {
      const key = (of: number) => `${variable}_${of}`;
      for (const login of loginsOf(name, databases)) {
        if (login.database === database && login.role === role)
          secret(login.secret).request(client, key(login.generation));
      }
      return { valueFrom: { secretKeyRef: { name: client.name, key: key(generation) } } };
    });
  }
}

/** An address whose password is filled in by the kubelet: nobody else sees the two together. */
export function address(login: string, variable: string, host: string, port: number, path: string): string {
  return `postgresql://${login}:$(${variable}_PASSWORD)@${host}:${port}/${path}?sslmode=verify-full&sslrootcert=${TLS}/ca.crt`;
}
