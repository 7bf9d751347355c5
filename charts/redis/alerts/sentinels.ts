import { Duration } from 'cdk8s';
import type { Alert } from '../../alerting/alert.ts';
import { seriesOf } from '../../metrics.ts';
import type { Servers } from './servers.ts';

/** One primary, and enough Sentinels that agree on who it is. */
export function sentinels({ of, instances }: Pick<Servers, 'of'> & { readonly instances: number }): Alert[] {
  const sel = seriesOf(of);
  return [
    {
      name: 'RedisNoPrimary',
      severity: 'P1',
      expr: `(count(redis_instance_info{${sel},role="master"}) or vector(0)) == 0 and on () sum(redis_master_link_up{${sel}}) == 0`,
      for: Duration.minutes(1),
      summary: `${of.name} has no primary`,
      description:
        'No server says that it is the primary, and none follows one. Nothing can be written; reads are as old as this alert.',
      why: 'Sentinel replaces a primary within ten seconds and servers are asked every 30: after a minute it has failed. A primary whose exporter alone is silent still has followers; of servers that are all silent RedisUnreachable tells.',
      runbook: 'redis/down',
    },
    {
      name: 'RedisTwoPrimaries',
      severity: 'P1',
      expr: `count by (namespace, job) (redis_instance_info{${sel},role="master"}) > 1`,
      for: Duration.minutes(2),
      summary: `${of.name} has {{ $value }} primaries`,
      description: 'Clients write to both, and what the losing one took will be thrown away.',
      why: 'An old primary that comes back is told by Sentinel to follow within seconds, and Prometheus may see the change of roles in two rounds.',
      runbook: 'redis/split-brain',
    },
    {
      name: 'RedisSentinelQuorumLost',
      severity: 'P1',
      expr: `absent(redis_sentinel_master_ckquorum_status{${sel}} == 1)`,
      for: Duration.minutes(2),
      summary: `The Sentinels of ${of.name} have no majority`,
      description:
        'No Sentinel says that enough of them are there to elect another primary. The proxy leads nobody anywhere without a majority; clients of Sentinel go on until the primary is lost.',
      why: `${Math.floor(instances / 2) + 1} of ${instances} must agree. Each Sentinel is asked every 30 s for SENTINEL CKQUORUM; a rolling restart takes away one at a time.`,
      runbook: 'redis/sentinels',
    },
    {
      name: 'RedisSentinelMissing',
      severity: 'P2',
      threshold: instances,
      expr: limit => `max by (namespace, job) (redis_sentinel_master_ok_sentinels{${sel}}) < ${limit}`,
      for: Duration.minutes(10),
      summary: `${of.name} has {{ $value }} of ${instances} Sentinels`,
      description: 'The rest do not answer their peers. One loss more may leave no majority, and then no failover.',
      why: `One stands beside each of the ${instances} servers. Ten minutes are longer than a pod takes to come back.`,
      runbook: 'redis/sentinels',
    },
    {
      name: 'RedisSentinelGhost',
      severity: 'P3',
      threshold: instances,
      expr: limit => `max by (namespace, job) (redis_sentinel_master_sentinels{${sel}}) > ${limit}`,
      for: Duration.hours(1),
      summary: `The Sentinels of ${of.name} count one that is gone`,
      description: '{{ $value }} are known. A ghost counts in the majority that a failover needs, and never votes.',
      why: `There are ${instances}. A Sentinel that lost its file comes back with another name, and the others forget the old one only when told to.`,
      runbook: 'redis/sentinels',
    },
    {
      name: 'RedisSentinelsDisagree',
      severity: 'P2',
      expr: `count by (namespace, job) (count by (namespace, job, master_address) (redis_sentinel_master_status{${sel}})) > 1`,
      for: Duration.minutes(2),
      summary: `The Sentinels of ${of.name} name {{ $value }} primaries`,
      description:
        'Clients of Sentinel go where the one they ask sends them: some write to a server that will be told to forget it.',
      why: 'They tell each other of a new primary within seconds; two minutes are four looks.',
      runbook: 'redis/split-brain',
    },
  ];
}
