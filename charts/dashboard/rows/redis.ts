import { SLOTS } from '../../redis-cluster/options.ts';
import type { Row } from '../panel.ts';

/** A Redis, a Valkey or a Redis Cluster, as the exporter beside each server tells of it. @param series `namespace="a",job="b"` */
export function redisRows(series: string, { cluster }: { readonly cluster: boolean }): readonly Row[] {
  const each = (title: string, unit: string, expr: string, limit?: number) => ({
    title,
    unit,
    queries: [{ expr, legend: '{{pod}}' }],
    ...(limit !== undefined && { limit }),
  });
  const rate = (metric: string) => `sum by (pod) (rate(${metric}{${series}}[$__rate_interval]))`;
  const hits = rate('redis_keyspace_hits_total');
  return [
    {
      title: 'Servers',
      panels: [
        {
          title: 'Who leads',
          unit: 'short',
          queries: [{ expr: `max by (pod, role) (redis_instance_info{${series}})`, legend: '{{pod}} {{role}}' }],
        },
        each('Replicas that follow', 'short', `max by (pod) (redis_connected_slaves{${series}})`),
        cluster
          ? each('Slots without a server', 'short', `${SLOTS} - min by (pod) (redis_cluster_slots_ok{${series}})`)
          : each('Link to the primary', 'short', `min by (pod) (redis_master_link_up{${series}})`),
      ],
    },
    {
      title: 'Load',
      panels: [
        each('Commands', 'ops', rate('redis_commands_processed_total')),
        each('Clients', 'short', `max by (pod) (redis_connected_clients{${series}})`),
        each(
          'Memory, of what data may take',
          'percentunit',
          `max by (pod) (redis_memory_used_bytes{${series}}) / (max by (pod) (redis_memory_max_bytes{${series}}) > 0)`,
          0.9,
        ),
        each('Found', 'percentunit', `${hits} / (${hits} + ${rate('redis_keyspace_misses_total')} > 0)`),
        each('Evicted', 'ops', rate('redis_evicted_keys_total')),
        each('Keys', 'short', `sum by (pod) (redis_db_keys{${series}})`),
      ],
    },
  ];
}
