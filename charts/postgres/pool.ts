import { writesHere } from '../cluster.ts';
import { atOnce } from '../quota.ts';
import type { Server } from './access.ts';

/**
 * Connections of a server that poolers leave to others: superusers (PostgreSQL's superuser_reserved_connections, 3), Patroni 3, agent 3,
 * exporter 2, backup and restore 2, and 7 for clients that come directly, such as migrations. Followers' do not count.
 */
export const RESERVED = 20;

/** Below this many a pod's clients mostly wait for each other. */
const LEAST = 2;

/**
 * How many server connections one pod of the pooler may hold for one entry of its databases, the primary's or the replicas', so that
 * all pods together, those that come and those that still drain, fit the server's `max_connections`.
 *
 * @throws where what is given does not fit, or what fits is too little to work with
 */
export function poolOf(
  path: string,
  server: Pick<Server, 'databases' | 'instances' | 'maxConnections' | 'system'>,
  { replicas, connections }: { readonly replicas: number; readonly connections?: number | undefined },
): number {
  const databases = Object.keys(server.databases).length;
  // With nobody else to read from, and where all of it only follows, both entries of a database lead to the same server.
  const entries = databases * (server.instances === 1 || !writesHere(server.system.site) ? 2 : 1);
  const room = server.maxConnections - RESERVED;
  const pods = atOnce(replicas);
  const fits = Math.floor(room / (pods * entries));
  const sum = `${pods} pods while they roll × ${entries} entries to one server`;
  const free = `max_connections ${server.maxConnections} less ${RESERVED} for others leaves ${room}`;
  if (connections === undefined) {
    if (fits < LEAST)
      throw new Error(
        `${path}: ${free}, for ${sum}, which is ${Math.max(fits, 0)} each; raise parameters.max_connections to ${pods * entries * LEAST + RESERVED} at least, or lower pooler.replicas`,
      );
    return fits;
  }
  if (!Number.isInteger(connections) || connections < 1)
    throw new Error(`${path}: pooler.connections is ${JSON.stringify(connections)}; give a whole number from 1`);
  const asked = connections * pods * entries;
  if (asked > room)
    throw new Error(
      `${path}: pooler.connections ${connections} × ${sum} are ${asked}, and ${free}; lower it to ${fits}, or raise parameters.max_connections to ${asked + RESERVED}`,
    );
  return connections;
}
