import type { Labels } from './live.ts';

/** Alerts that fire together, and what becomes of each. */
export interface Together {
  readonly what: string;
  readonly active: readonly Labels[];
  readonly suppressed: readonly Labels[];
}

const service = (system: string, name: string): Labels => ({ system, namespace: system, service: name });
const [shop, other] = [service('shop', 'api'), service('shop', 'menu')];
const down = { alertname: 'ServiceDown', severity: 'P1' };
const errors = { alertname: 'ErrorRateHigh', severity: 'P2' };
const burn = (speed: string, severity: string, slo: string) => ({
  alertname: `ErrorBudgetBurn${speed}`,
  severity,
  slo,
});
const postgres = { alertname: 'PostgresDown', severity: 'P1' };
/** Of the platform, about what stands in `shop`. */
const net = (alertname: string) => ({
  system: 'platform',
  namespace: 'shop',
  service: 'controllers',
  alertname,
  severity: 'P3',
});

export const TOGETHER: readonly Together[] = [
  {
    what: 'a service that is down silences its own symptoms and pages, and nobody else’s',
    active: [
      { ...shop, ...down },
      { ...other, ...errors },
      { ...other, ...burn('Fast', 'P1', 'menu-answers') },
      { ...other, ...burn('Slow', 'P2', 'menu-answers-fast') },
      { ...service('till', 'api'), ...errors },
      { ...errors },
      // The attack that it is down from.
      { ...shop, alertname: 'SecurityEvents', severity: 'P2' },
    ],
    suppressed: [
      { ...shop, ...errors },
      { ...shop, ...burn('Fast', 'P1', 'api-answers') },
      { ...shop, ...burn('Slow', 'P2', 'api-answers') },
      { ...shop, alertname: 'ReplicasMissing', severity: 'P3' },
    ],
  },
  {
    what: 'one that wakes nobody silences no page',
    active: [
      { ...shop, ...down, severity: 'P2' },
      { ...shop, ...burn('Fast', 'P1', 'api-answers') },
    ],
    suppressed: [],
  },
  {
    what: 'one without a service silences nobody',
    active: [down, errors, { namespace: 'shop', ...errors }],
    suppressed: [],
  },
  {
    what: 'the fastest burn of a budget speaks for the slower ones of the same budget',
    active: [
      { ...shop, ...burn('Fast', 'P1', 'api-answers') },
      { ...shop, ...burn('Slow', 'P2', 'api-answers-fast') },
      { ...other, ...burn('Mid', 'P1', 'api-answers') },
    ],
    suppressed: [
      { ...shop, ...burn('Mid', 'P1', 'api-answers') },
      { ...shop, ...burn('Slow', 'P2', 'api-answers') },
      { ...shop, ...burn('Trickle', 'P3', 'api-answers') },
    ],
  },
  {
    what: 'a slower burn silences no faster one',
    active: [{ ...shop, ...burn('Fast', 'P1', 'api-answers') }],
    suppressed: [
      { ...shop, ...burn('Slow', 'P2', 'api-answers') },
      { ...shop, ...burn('Trickle', 'P3', 'api-answers') },
    ],
  },
  {
    what: 'a database that is down silences what its clients say in working hours, and no page',
    active: [
      { ...service('pay', 'pay-pg'), namespace: 'pay-data', db: 'pay-pg', ...postgres },
      { ...service('pay', 'api'), db: 'cat-pg', ...errors },
      { ...service('pay', 'web'), ...errors },
      { ...service('cat', 'api'), db: 'pay-pg', ...errors },
      { ...service('pay', 'api'), db: 'pay-pg', ...burn('Fast', 'P1', 'api-answers') },
      { ...service('pay', 'pay-pg'), namespace: 'pay-data', db: 'pay-pg', alertname: 'VolumeFullSoon', severity: 'P2' },
    ],
    suppressed: [{ ...service('pay', 'api'), db: 'pay-pg', ...errors }],
  },
  {
    what: 'a database of which nothing is heard is down as well',
    active: [
      { ...data('pay'), alertname: 'PostgresMetricsAbsent', severity: 'P1' },
      { ...data('cat'), alertname: 'PatroniMetricsAbsent', severity: 'P1' },
      { ...service('pay', 'api'), db: 'cat-pg', ...errors },
    ],
    suppressed: [
      { ...service('pay', 'api'), db: 'pay-pg', ...errors },
      { ...service('cat', 'api'), db: 'cat-pg', ...errors },
    ],
  },
  {
    what: 'a database whose pods are gone is one page, and that of another system a second',
    active: [
      { ...data('pay'), alertname: 'NoReadyPods', severity: 'P1' },
      { ...data('cat'), alertname: 'PatroniNoLeader', severity: 'P1' },
    ],
    suppressed: ['PostgresDown', 'PatroniNoLeader', 'PatroniMetricsAbsent', 'PostgresMetricsAbsent'].map(alertname => ({
      ...data('pay'),
      alertname,
      severity: 'P1',
    })),
  },
  {
    what: 'a database without a name silences nobody',
    active: [postgres, { system: 'pay', ...errors }, errors],
    suppressed: [],
  },
  {
    what: 'an alert that is told as a page is not told as a warning, too',
    active: [
      { ...shop, alertname: 'VolumeFull', severity: 'P1' },
      { ...other, alertname: 'VolumeFull', severity: 'P2' },
    ],
    suppressed: [
      { ...shop, alertname: 'VolumeFull', severity: 'P2' },
      { ...shop, alertname: 'VolumeFull', severity: 'info' },
    ],
  },
  {
    what: 'what a workload tells of its own certificate and scaler the platform does not tell again',
    active: [
      { ...shop, name: 'api-tls', alertname: 'CertificateNotReady', severity: 'P2' },
      { ...shop, name: 'api-tls', alertname: 'CertificateRenewalOverdue', severity: 'P3' },
      { ...shop, alertname: 'ScalerFailing', severity: 'P2' },
      ...['CertificateRefused', 'CertificateRenewalLate'].flatMap(alertname => [
        { ...net(alertname), name: 'menu-tls' },
        { ...net(alertname), namespace: 'till', name: 'api-tls' },
      ]),
      { ...net('KedaScalersFailing'), service: 'menu', scaledObject: 'menu' },
      { ...net('KedaScalersFailing'), namespace: 'till', service: 'api', scaledObject: 'api' },
    ],
    suppressed: [
      { ...net('CertificateRefused'), name: 'api-tls' },
      { ...net('CertificateRenewalLate'), name: 'api-tls' },
      { ...net('KedaScalersFailing'), service: 'api', scaledObject: 'api' },
    ],
  },
  {
    what: 'of a certificate that ends in days the page is told, and not the warning',
    active: [
      { ...net('CertificateRunsOut'), severity: 'P1', name: 'api-tls' },
      { ...shop, name: 'other-tls', alertname: 'CertificateExpiringSoon', severity: 'P2' },
    ],
    suppressed: [{ ...shop, name: 'api-tls', alertname: 'CertificateExpiringSoon', severity: 'P2' }],
  },
  {
    what: 'a certificate and a scaler without a name silence nobody',
    active: [
      { namespace: 'shop', alertname: 'CertificateNotReady', severity: 'P2' },
      { namespace: 'shop', alertname: 'CertificateRefused', severity: 'P3' },
      { namespace: 'shop', alertname: 'ScalerFailing', severity: 'P2' },
      { namespace: 'shop', alertname: 'KedaScalersFailing', severity: 'P3' },
    ],
    suppressed: [],
  },
];

/** The database of a system. */
function data(system: string) {
  return { ...service(system, `${system}-pg`), namespace: `${system}-data`, db: `${system}-pg` };
}
