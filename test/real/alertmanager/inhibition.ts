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
    what: 'information waits for a warning',
    active: [
      { namespace: 'kube-system', alertname: 'InfoInhibitor', severity: 'none' },
      { namespace: 'kube-system', alertname: 'CPUThrottlingHigh', severity: 'warning' },
      { namespace: 'keda', alertname: 'CPUThrottlingHigh', severity: 'info' },
    ],
    suppressed: [{ namespace: 'kube-system', alertname: 'KubeQuotaFull', severity: 'info' }],
  },
];
