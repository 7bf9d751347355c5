import { writesHere } from '../cluster.ts';
import { TLS } from '../conventions.ts';
import type { Server } from './access.ts';

export const POOLER_PORT = 6432;

/** The console's socket and the list of users. */
export const RUN = '/run/pgbouncer';

/** Who may pause and resume; no login of a database is called so, since each of those has a `_`. */
export const CONSOLE = 'console';

/** The text of pgbouncer.ini (pgbouncer.org/config.html); the recipe's image has 1.23 or newer. */
export function pgbouncerIni(
  server: Pick<Server, 'databases' | 'instances' | 'primaryHost' | 'replicaHost' | 'system'>,
  { pool, clients }: { readonly pool: number; readonly clients: number },
): string {
  const writes = writesHere(server.system.site);
  const primary = writes ? server.primaryHost : server.replicaHost;
  const replica = writes && server.instances === 1 ? server.primaryHost : server.replicaHost;
  return [
    '[databases]',
    ...Object.keys(server.databases)
      .sort()
      .flatMap(name => [
        `${name} = host=${primary} port=5432 dbname=${name}`,
        // Read-only even where the primary serves it, or where a replica has since become one.
        `${name}_replica = host=${replica} port=5432 dbname=${name} connect_query='${READ_ONLY}'`,
      ]),
    '',
    '[pgbouncer]',
    ...Object.entries(settings(pool, clients)).map(([name, value]) => `${name} = ${value}`),
    '',
  ].join('\n');
}

const READ_ONLY = 'SET default_transaction_read_only = on';

function settings(pool: number, clients: number): Record<string, string | number> {
  return {
    listen_addr: '*',
    listen_port: POOLER_PORT,
    unix_socket_dir: RUN,

    auth_type: 'scram-sha-256',
    auth_file: `${RUN}/userlist.txt`,
    admin_users: CONSOLE,

    // Clients hold the pooler to its name; who they are their password says.
    client_tls_sslmode: 'require',
    client_tls_cert_file: `${TLS}/tls.crt`,
    client_tls_key_file: `${TLS}/tls.key`,
    client_tls_protocols: 'secure',
    server_tls_sslmode: 'verify-full',
    server_tls_ca_file: `${TLS}/ca.crt`,
    server_tls_protocols: 'secure',

    pool_mode: 'transaction',
    default_pool_size: pool,
    // Of one entry over all its users: while a password changes there are two of each role.
    max_db_connections: pool,
    max_client_conn: clients,
    // Statements that a driver prepares outlive the connection that it had (from 1.21 on).
    max_prepared_statements: 200,
    // Sent by JDBC and by Go's lib/pq.
    ignore_startup_parameters: 'extra_float_digits',

    // A change of primary: asked each second, and clients wait rather than fail (measured: 3.2 s instead of 15.3 s).
    server_login_retry: 1,
    server_connect_timeout: 5,
    query_wait_timeout: 60,
    server_idle_timeout: 60,
    // A server whose node is gone says nothing: noticed in 15 to 25 seconds instead of hours.
    tcp_keepalive: 1,
    tcp_keepidle: 10,
    tcp_keepintvl: 5,
    tcp_keepcnt: 3,
    tcp_user_timeout: 15000,

    // Every probe and every transaction of a serverless client would be two lines; failures are told anyway.
    log_connections: 0,
    log_disconnections: 0,
  };
}
