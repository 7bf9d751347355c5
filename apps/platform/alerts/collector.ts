import { type Alert, COLLECTOR, Duration } from '../../../charts/index.ts';

const sel = `namespace="${COLLECTOR.namespace}",container="${COLLECTOR.name}"`;

/** Whether logs and traces arrive where people look for them. */
export function collectors(): Alert[] {
  const lost = ['enqueue_failed', 'send_failed'].flatMap(how =>
    ['log_records', 'spans'].map(
      what => `sum by (exporter) (rate(otelcol_exporter_${how}_${what}_total{${sel}}[10m])) > 0`,
    ),
  );
  const refused = ['log_records', 'spans'].map(
    what => `sum by (receiver) (rate(otelcol_receiver_refused_${what}_total{${sel}}[10m])) > 0`,
  );
  return [
    {
      name: 'CollectorMetricsAbsent',
      severity: 'P2',
      expr: `absent(up{${sel}} == 1)`,
      for: Duration.minutes(15),
      summary: 'No collector of logs and traces answers',
      description: 'Nothing is known of logs and traces, and alerts from logs are blind.',
      why: 'There is one on every node; a quarter of an hour is longer than a rollout of all of them.',
      runbook: 'logs/collector',
    },
    {
      name: 'CollectorMissing',
      severity: 'P2',
      expr: `kube_daemonset_status_number_unavailable{namespace="${COLLECTOR.namespace}",daemonset="${COLLECTOR.name}-agent"} > 0`,
      for: Duration.minutes(15),
      summary: '{{ $value | humanize }} nodes have no collector of logs and traces',
      description:
        'What their pods log waits in the files of the node, which the kubelet keeps for 50 MiB of a container.',
      why: 'A new node has its collector within a few minutes; a container that logs 50 KiB a second fills its files in a quarter of an hour.',
      runbook: 'logs/collector',
    },
    {
      name: 'CollectorQueueFilling',
      severity: 'P2',
      threshold: 0.5,
      expr: limit =>
        `max by (exporter) (otelcol_exporter_queue_size{${sel}} / otelcol_exporter_queue_capacity{${sel}}) > ${limit}`,
      for: Duration.minutes(10),
      summary: 'Logs or traces wait for {{ $labels.exporter }}',
      description:
        'The queue on a node is {{ $value | humanizePercentage }} full: the backend is away, or takes less than comes. Full, it holds back all logs of that node, and loses traces.',
      why: 'A queue is empty within seconds. Half of it leaves as much time again as has passed.',
      runbook: 'logs/backend',
    },
    {
      name: 'CollectorLosing',
      severity: 'P2',
      expr: lost.join(' or '),
      for: Duration.minutes(5),
      summary: 'Logs or traces for {{ $labels.exporter }} are lost',
      description: 'They were refused for good, or found the queue full.',
      why: 'What can be tried again is tried until it is taken, so nothing should ever be counted here.',
      runbook: 'logs/backend',
    },
    {
      name: 'CollectorRefusing',
      severity: 'P3',
      expr: refused.join(' or '),
      for: Duration.minutes(10),
      summary: 'Collectors refuse what comes by {{ $labels.receiver }}',
      description:
        'Their memory is full. Logs are read again later; traces are lost where their senders do not try again.',
      why: 'A burst is over within ten minutes; after that they are too small.',
      runbook: 'logs/collector',
    },
  ];
}
