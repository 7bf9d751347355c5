import { Duration } from 'cdk8s';
import type { Alert } from '../alerting/alert.ts';
import { seriesOf } from '../metrics.ts';
import type { Workload } from '../workload.ts';
import { SLOTS } from './options.ts';

/** What the nodes say of the cluster. Each has a view of its own: the best one counts where one that is cut off must not cry. */
export function clusterAlerts(
  of: Pick<Workload, 'namespace' | 'name'>,
  { shards, replicas }: { readonly shards: number; readonly replicas: number },
): Alert[] {
  const sel = seriesOf(of);
  const nodes = shards * (1 + replicas);
  return [
    {
      name: 'RedisClusterSlotsUncovered',
      severity: 'P1',
      expr: `max by (namespace, job) (redis_cluster_slots_ok{${sel}}) < ${SLOTS}`,
      for: Duration.minutes(1),
      summary: `${of.name} does not serve all its keys`,
      description: `{{ $value }} of ${SLOTS} slots are served. Commands for keys of the rest fail; the others go on, since the cluster asks for no full coverage.`,
      why: 'A copy takes over five seconds after its primary fell silent; after a minute none will. The most that any node sees counts.',
      runbook: 'redis-cluster/slots-uncovered',
    },
    {
      name: 'RedisClusterDown',
      severity: 'P1',
      expr: `max by (namespace, job) (redis_cluster_state{${sel}}) == 0 or absent(redis_cluster_state{${sel}})`,
      for: Duration.minutes(1),
      summary: `${of.name} takes no commands`,
      description:
        'No node says cluster_state:ok: fewer than a majority of the primaries see each other, or no node tells at all.',
      why: `A majority of the ${shards} primaries must be there. Nodes call each other lost after five seconds; a minute is two looks.`,
      runbook: 'redis-cluster/slots-uncovered',
    },
    {
      name: 'RedisClusterNodeCutOff',
      severity: 'P2',
      expr: `redis_cluster_state{${sel}} == 0`,
      for: Duration.minutes(5),
      summary: `{{ $labels.pod }} of ${of.name} does not see the cluster`,
      description: 'It says cluster_state:fail. Clients that ask it get CLUSTERDOWN, and its shard has one copy less.',
      why: 'A node that comes back meets its peers within seconds; five minutes are longer than loading a large file.',
      runbook: 'redis-cluster/node-lost',
    },
    {
      name: 'RedisClusterNodesMissing',
      severity: 'P2',
      threshold: nodes,
      expr: limit =>
        `(count by (namespace, job) (redis_cluster_known_nodes{${sel}}) < ${limit}) or max by (namespace, job) (redis_cluster_known_nodes{${sel}}) < ${limit}`,
      for: Duration.minutes(10),
      summary: `${of.name} has {{ $value }} of ${nodes} nodes`,
      description: 'The rest do not run, or have never met the others.',
      why: `${shards} shards with ${replicas} replicas are ${nodes} nodes. Ten minutes are longer than a pod takes to come back and to load its file.`,
      runbook: 'redis-cluster/node-lost',
    },
    {
      name: 'RedisClusterGhostNodes',
      severity: 'P3',
      threshold: nodes,
      expr: limit => `max by (namespace, job) (redis_cluster_known_nodes{${sel}}) > ${limit}`,
      for: Duration.hours(1),
      summary: `${of.name} knows nodes that are gone`,
      description: `{{ $value }} are known and ${nodes} there are. A ghost primary counts in the majority that every failover needs.`,
      why: 'Agents forget an old identity by themselves once all pods are there; an hour is long enough for that.',
      runbook: 'redis-cluster/node-lost',
    },
    {
      name: 'RedisClusterPrimariesWrong',
      severity: 'P2',
      threshold: shards,
      expr: limit => `count by (namespace, job) (redis_instance_info{${sel},role="master"}) != ${limit}`,
      for: Duration.minutes(10),
      summary: `${of.name} has {{ $value }} primaries for ${shards} shards`,
      description:
        'Fewer: a shard has none, or its exporter is silent. More: a node has found no place, or two serve one shard.',
      why: `${shards} is the number of shards. New nodes find their place within a minute; ten also leave room for a copy that is promoted.`,
      runbook: 'redis-cluster/node-lost',
    },
  ];
}
