import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import type { Probe } from '../../imports/custom.ts';
import { RENEW_BEFORE } from '../certificate-times.ts';
import { BLACKBOX } from '../conventions.ts';
import { KubeObject } from '../kube-object.ts';
import { SCRAPE_SECONDS, seriesOf } from '../metrics.ts';
import type { Workload } from '../workload.ts';
import type { Alert } from './alert.ts';
import { mayRest, whileOn } from './rollout.ts';

/** Days before its end at which a certificate that a host shows wakes somebody. */
const LAST_DAYS = 7;

/**
 * That a host is asked from inside the cluster as anybody asks it: by its name, through DNS, edge and TLS.
 *
 * @param name of the Probe: tells several hosts of a workload apart
 * @param url what is asked, with its path: any 2xx counts as well
 * @param start how long its pods may take to start
 */
export function askUptime(
  scope: Construct,
  of: Workload,
  { name, url, start }: { readonly name: string; readonly url: string; readonly start: Duration },
): void {
  new KubeObject<Probe>(
    scope,
    'probe',
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'Probe', metadata: { ...of.metadata(), name } },
    {
      spec: {
        interval: `${SCRAPE_SECONDS}s`,
        // Of all its hosts: `instance` tells them apart. The operator adds the Probe's namespace.
        jobName: jobOf(of),
        module: BLACKBOX.module,
        prober: { url: BLACKBOX.url },
        targets: { staticConfig: { static: [url] } },
      },
    },
  );
  if (of.node.tryFindChild('uptime') !== undefined) return;
  new Construct(of, 'uptime');
  of.rules.add({ name: 'uptime', rules: uptimeAlerts(of, start) });
}

/** Not the workload's own name: that is the job of what its pods tell, and `up` would be both. */
function jobOf({ name }: Workload): string {
  return `${name}-uptime`;
}

function uptimeAlerts(of: Workload, start: Duration): Alert[] {
  const its = `{${seriesOf({ namespace: of.namespace, name: jobOf(of) })}}`;
  const rests = mayRest(of);
  const on = rests ? ` and on () ${whileOn(of)}` : '';
  // Whoever begins from none every morning is asked before it answers.
  const begins = rests ? Math.ceil(start.toSeconds() / 60) + 2 : 0;
  const runbook = 'services/uptime';
  return [
    {
      name: 'UptimeProbeFailed',
      severity: 'P1',
      threshold: 0.5,
      expr: limit => `avg_over_time(probe_success${its}[2m]) < ${limit}${on}`,
      for: Duration.minutes(1 + begins),
      summary: '{{ $labels.instance }} does not answer',
      description:
        'More than half of the last questions got no 2xx by the way that users take: DNS, edge, TLS, service.',
      why: `It is asked every ${SCRAPE_SECONDS} s: three of four failed, and did so for a minute${rests ? `; ${begins} more for the start of the day` : ''}.`,
      runbook,
    },
    {
      name: 'UptimeProbeMissing',
      severity: 'P2',
      expr: `absent(probe_success${its})`,
      for: Duration.minutes(15),
      summary: `Nobody asks the hosts of ${of.name}`,
      description:
        'The prober does not answer, or Prometheus does not ask it. An outage of the edge would not be seen.',
      why: 'Two pods of the prober take over from each other within a minute; fifteen are longer than its rollout.',
      runbook,
    },
    {
      name: 'ServedCertificateExpiring',
      severity: 'P1',
      threshold: LAST_DAYS,
      expr: days =>
        `(min by (namespace, job, instance) (probe_ssl_earliest_cert_expiry${its}) - time()) / 86400 < ${days}`,
      for: Duration.hours(1),
      summary: 'The certificate of {{ $labels.instance }} runs out in {{ $value | humanize }} days',
      description:
        'It is what the edge really shows, whatever the cluster holds. When it ends, browsers refuse the host.',
      why: `${LAST_DAYS} days: it should have been renewed ${RENEW_BEFORE.toDays()} days before its end, and those who were told then have not mended it.`,
      runbook,
    },
  ];
}
