import { Duration } from 'cdk8s';
import type { Alert } from '../../alerting/alert.ts';
import { seriesOf } from '../../metrics.ts';
import type { Workload } from '../../workload.ts';

/** HAProxy's own numbers, of the frontend and the backends that `haproxy.ts` writes. */
export function proxyAlerts(
  of: Pick<Workload, 'namespace' | 'name'>,
  { replicas, quorum, redis }: { readonly replicas: number; readonly quorum: number; readonly redis: string },
): Alert[] {
  const sel = seriesOf(of);
  const servers = (backend: string) =>
    `label_replace(haproxy_backend_active_servers{${sel},proxy=~"${backend}_[0-9]+"}, "server", "$1", "proxy", "${backend}_(.+)")`;
  // As the configuration decides: a server that says so itself, and that a majority of the Sentinels names.
  const leads = `${servers('redis')} >= 1 and on (namespace, pod, server) ${servers('named')} >= ${quorum}`;
  return [
    {
      name: 'RedisProxyLeadsNowhere',
      severity: 'P1',
      expr: `absent(${leads})`,
      for: Duration.minutes(1),
      summary: `${of.name} leads nobody to ${redis}`,
      description:
        'No pod of the proxy knows a primary that a majority of the Sentinels names, or none is there. Clients of `url` get no connection.',
      why: 'A failover takes 8 to 11 seconds by the proxy; after a minute it has failed. Silence counts as failure: the proxy tells of itself.',
      runbook: 'redis/proxy',
    },
    ...(replicas > 1
      ? [
          {
            name: 'RedisProxyPodLeadsNowhere',
            severity: 'P2',
            threshold: replicas,
            expr: (limit: number) => `count by (namespace, job) (count by (namespace, job, pod) (${leads})) < ${limit}`,
            for: Duration.minutes(5),
            summary: `Only {{ $value }} of ${replicas} pods of ${of.name} lead to ${redis}`,
            description:
              'The rest see no primary or do not run. Those that are ready still get connections, and close them.',
            why: `${replicas} pods stand before the servers, and a new one is there before an old one goes.`,
            runbook: 'redis/proxy',
          } satisfies Alert,
        ]
      : []),
    {
      name: 'RedisProxyConnectionsHigh',
      severity: 'P2',
      threshold: 0.8,
      expr: limit =>
        `haproxy_frontend_current_sessions{${sel},proxy="redis"} / haproxy_frontend_limit_sessions{${sel},proxy="redis"} > ${limit}`,
      for: Duration.minutes(5),
      summary: `{{ $labels.pod }} of ${of.name} has nearly as many connections as it takes`,
      description:
        '{{ $value | humanizePercentage }} of its maxconn. Above that clients wait in the kernel’s queue until they give up.',
      why: '80 % of the limit that HAProxy itself reports: time for more pods before clients wait.',
      runbook: 'redis/proxy',
    },
  ];
}
