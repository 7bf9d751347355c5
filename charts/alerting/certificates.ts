import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { RENEW_BEFORE } from '../certificate-times.ts';
import type { Workload } from '../workload.ts';
import type { Alert, RuleGroup } from './alert.ts';

/** Days before its end at which somebody is told of a certificate: two thirds of the time to renew it have passed. */
export const EXPIRING_DAYS = Math.floor(RENEW_BEFORE.toDays() / 3);

/** The alerts of all certificates of a workload: those that it shows its peers and those of its hosts. */
export class CertificateRules extends Construct implements RuleGroup {
  readonly name = 'certificates';
  readonly #names = new Set<string>();

  /** Counts a certificate among those that are watched. */
  static watch(workload: Workload, certificate: string): void {
    const made = workload.node.tryFindChild('certificate-rules') as CertificateRules | undefined;
    (made ?? new CertificateRules(workload)).#names.add(certificate);
  }

  private constructor(private readonly of: Workload) {
    super(of, 'certificate-rules');
    of.rules.add(this);
  }

  get rules(): readonly Alert[] {
    return certificateAlerts(this.of, [...this.#names].sort());
  }
}

const HOURS = 6;

function certificateAlerts({ namespace }: Workload, certificates: readonly string[]): Alert[] {
  const its = `namespace="${namespace}",name=~"${certificates.join('|')}"`;
  const runbook = 'services/certificates';
  return [
    {
      name: 'CertificateExpiringSoon',
      severity: 'P2',
      threshold: EXPIRING_DAYS,
      expr: limit =>
        `(min by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds{${its}} > 0) - time()) / 86400 < ${limit}`,
      for: Duration.hours(1),
      summary: 'The certificate {{ $labels.name }} runs out in {{ $value | humanize }} days',
      description: 'It should have been renewed long ago. When it ends, whoever checks it is refused.',
      why: `It is renewed ${RENEW_BEFORE.toDays()} days before its end; with a third of these left, ${EXPIRING_DAYS} days, ${RENEW_BEFORE.toDays() - EXPIRING_DAYS} days of trying have failed.`,
      runbook,
    },
    {
      name: 'CertificateNotReady',
      severity: 'P2',
      expr: `max by (namespace, name) (certmanager_certificate_ready_status{${its},condition="True"}) == 0`,
      for: Duration.minutes(15),
      summary: 'The certificate {{ $labels.name }} is not ready',
      description:
        'It was never issued, has ended, or no longer says what it should. A pod that mounts it does not start.',
      why: 'An order takes two minutes with a record in DNS, and seconds of the cluster’s own authority.',
      runbook,
    },
    {
      name: 'CertificateRenewalOverdue',
      severity: 'P3',
      threshold: HOURS,
      expr: limit =>
        `(time() - max by (namespace, name) (certmanager_certificate_renewal_timestamp_seconds{${its}} > 0)) / 3600 > ${limit}`,
      for: Duration.minutes(15),
      summary: 'The certificate {{ $labels.name }} should have been renewed {{ $value | humanize }} hours ago',
      description: 'cert-manager tries again and again, and fails. The old one still holds.',
      why: `cert-manager waits an hour after a failure, then longer: ${HOURS} hours are some tries.`,
      runbook,
    },
  ];
}
