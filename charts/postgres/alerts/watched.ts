import type { Size } from 'cdk8s';
import { seriesOf } from '../../metrics.ts';
import type { Workload } from '../../workload.ts';
import type { FailoverTimes, Parameters } from '../options.ts';

/** What alerts ask of a database: their numbers are its own. */
export interface Servers extends Pick<Workload, 'name' | 'namespace'> {
  readonly statefulSetName: string;
  readonly instances: number;
  /** PostgreSQL's max_connections. */
  readonly maxConnections: number;
  /** Whether all of it follows another cluster: nobody is primary here, and nobody archives. */
  readonly follows: boolean;
  /** Whether WAL is to reach an archive. */
  readonly archives: boolean;
  /** Of one server. */
  readonly storage: Size;
  readonly failover: FailoverTimes;
  readonly parameters: Parameters;
}

/** The matchers of a server's series, its exporter's and Patroni's: both have the database's name as their job. */
export const of = seriesOf;

/** Holds for the server that leads: the primary, or what others follow where all of it follows. */
export function leading(servers: Servers): string {
  return servers.follows
    ? `on (namespace, pod) patroni_standby_leader{${of(servers)}} == 1`
    : `on (namespace, pod) pg_replication_is_replica{${of(servers)}} == 0`;
}
