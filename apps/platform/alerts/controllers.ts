import { EXPIRING_DAYS } from '../../../charts/alerting/certificates.ts';
import { RENEW_BEFORE } from '../../../charts/certificate-times.ts';
import { type Alert, Duration } from '../../../charts/index.ts';

/** The namespace of what is concerned, not of who tells of it. */
const OF_ITS_OWN = { namespace: '{{ $labels.namespace }}' };

/** That a controller is there. It is asked by the monitors beside this file, whose job is its name. */
function down(name: string, job: string, means: string, page: string): Alert {
  return {
    name,
    severity: 'P2',
    expr: `absent(up{job="${job}"} == 1)`,
    for: Duration.minutes(15),
    summary: `${job} does not answer`,
    description: `No pod of it is scraped. ${means}`,
    why: 'What it made goes on without it, so nobody must be woken. Fifteen minutes are longer than its rollout.',
    runbook: page,
  };
}

/** The net below the certificates’ own alerts: for those of charts, of the platform, and of whoever forgot. */
export function certManager(): Alert[] {
  const day = 86_400;
  return [
    down(
      'CertManagerDown',
      'cert-manager',
      'Certificates are not renewed; the next runs out in 30 days at the earliest.',
      'platform/certificates',
    ),
    {
      name: 'CertificateRunsOut',
      severity: 'P1',
      threshold: 3,
      expr: limit =>
        `(min by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds > 0) - time()) / ${day} < ${limit}`,
      for: Duration.hours(1),
      labels: OF_ITS_OWN,
      summary: 'The certificate {{ $labels.name }} in {{ $labels.namespace }} runs out in {{ $value | humanize }} days',
      description: 'It was not renewed, and whoever was told has not mended it. When it ends, connections end.',
      why: `Certificates are renewed ${RENEW_BEFORE.toDays()} days ahead and their own alert comes ${EXPIRING_DAYS} days ahead: at three, the usual way has failed.`,
      runbook: 'platform/certificates',
    },
    {
      name: 'CertificateRenewalLate',
      severity: 'P3',
      threshold: 1,
      expr: limit =>
        `(time() - max by (namespace, name) (certmanager_certificate_renewal_timestamp_seconds > 0)) / ${day} > ${limit}`,
      for: Duration.hours(1),
      labels: OF_ITS_OWN,
      summary:
        'The certificate {{ $labels.name }} in {{ $labels.namespace }} is {{ $value | humanize }} days late with its renewal',
      description: 'cert-manager should have renewed it and could not. The old one still holds.',
      why: 'An order at Let’s Encrypt takes minutes; a day is many tries.',
      runbook: 'platform/certificates',
    },
    {
      name: 'CertificateRefused',
      severity: 'P3',
      expr: 'max by (namespace, name) (certmanager_certificate_ready_status{condition="True"}) == 0',
      for: Duration.hours(1),
      labels: OF_ITS_OWN,
      summary: 'The certificate {{ $labels.name }} in {{ $labels.namespace }} is not ready',
      description: 'It was never issued, or no longer says what it should. A pod that mounts it does not start.',
      why: 'A new certificate takes minutes. The workloads’ own alerts come sooner; this is for all others.',
      runbook: 'platform/certificates',
    },
  ];
}

/** Whether secrets come from the store. */
export function externalSecrets(): Alert[] {
  return [
    down(
      'ExternalSecretsDown',
      'external-secrets',
      'Secrets are neither made nor changed; those that are there stay.',
      'platform/secrets',
    ),
    {
      name: 'ExternalSecretNotSynced',
      severity: 'P2',
      expr: 'max by (namespace, name) (externalsecret_status_condition{condition="Ready",status="False"}) == 1',
      for: Duration.minutes(15),
      labels: OF_ITS_OWN,
      summary: 'The secret {{ $labels.name }} in {{ $labels.namespace }} is not what the store has',
      description:
        'It could not be read. A workload that is new waits for it; one that runs goes on with the old values, and breaks when a password changes.',
      why: 'It is tried again within minutes; a quarter of an hour leaves out a store that is away for a moment.',
      runbook: 'platform/secrets',
    },
    {
      name: 'SecretStoreNotReady',
      severity: 'P1',
      expr: 'max by (name) (clustersecretstore_status_condition{condition="Ready",status="False"}) == 1',
      for: Duration.minutes(15),
      summary: 'The cluster’s secret store {{ $labels.name }} cannot be read',
      description:
        'No secret of the cluster is made or changed: nothing new starts, and a failover to fresh pods waits.',
      why: 'All systems read one store. A quarter of an hour leaves out a store that is away for a moment.',
      runbook: 'platform/secrets',
    },
  ];
}

/** Whether pods follow the load. */
export function keda(): Alert[] {
  return [
    down('KedaDown', 'keda-operator', 'Services stay at the pods that they have, whatever comes.', 'platform/scaling'),
    {
      name: 'KedaScalersFailing',
      severity: 'P3',
      expr: 'sum by (namespace, scaledObject) (increase(keda_scaler_detail_errors_total[15m])) > 3',
      for: Duration.minutes(15),
      // A workload's scaler has its name: Alertmanager sees by it that the workload's own alert says the same.
      labels: { ...OF_ITS_OWN, service: '{{ $labels.scaledObject }}' },
      summary: '{{ $labels.scaledObject }} in {{ $labels.namespace }} is scaled blindly',
      description:
        '{{ $value | humanize }} questions of its scaler failed in a quarter of an hour: it stands at its fallback, or where it was.',
      why: 'It asks every 15 to 30 seconds; three failures are a restart of what it asks.',
      runbook: 'platform/scaling',
    },
  ];
}
