import { type Alert, Duration, type Site, seriesOf, type WebService, type Worker } from '../../charts/index.ts';
import { pageSettings, syncSettings } from './settings.ts';

/** What calls somebody for the stores, beside what each workload brings by itself. */
export function alerts(
  site: Site,
  of: { readonly api: WebService; readonly webhooks: WebService; readonly sync: Worker },
) {
  of.api.alert(
    paymentsFailing(seriesOf(of.api)),
    tillsFillUp(seriesOf(of.api), Number(pageSettings(site).offlineSales)),
  );
  of.webhooks.alert(webhooksRejected(seriesOf(of.webhooks)));
  // Where the database only follows another cluster's, that cluster's worker speaks.
  if (!of.sync.isOff) of.sync.alert(...sync(seriesOf(of.sync), Number(syncSettings(site).SYNC_INTERVAL_SECONDS)));
}

/** Below so many within ten minutes two cards that are stuck are a tenth. */
const FEW_PAYMENTS = 20;

function paymentsFailing(its: string): Alert {
  const within = (matchers: string) => `sum(increase(liquor_pos_payments_total{${its}${matchers}}[10m]))`;
  return {
    name: 'PaymentsFailing',
    severity: 'P1',
    threshold: 0.1,
    expr: limit => `${within(',result="failed"')} / (${within('')} >= ${FEW_PAYMENTS}) > ${limit}`,
    for: Duration.minutes(2),
    summary: 'Payments fail',
    description:
      '{{ $value | humanizePercentage }} of all payments of the last ten minutes failed by our or Stripe’s fault.',
    why: `One in ten. What a bank declines is no failure. Below ${FEW_PAYMENTS} payments in ten minutes nothing is said.`,
    runbook: 'liquor-pos/payments',
  };
}

/** @param most sales that a till keeps while it is offline */
function tillsFillUp(its: string, most: number): Alert {
  return {
    name: 'TillsFillUp',
    severity: 'P2',
    threshold: 0.5 * most,
    expr: limit => `max by (store) (liquor_pos_offline_sales_waiting{${its}}) > ${limit}`,
    for: Duration.minutes(10),
    summary: 'Tills of store {{ $labels.store }} keep {{ $value }} sales that nobody has',
    description: 'They sell offline. When a till is full it refuses to sell; when it breaks, its sales are lost.',
    why: `Half of the ${most} sales that a till keeps (offlineSales): a busy till takes hours for the other half.`,
    runbook: 'liquor-pos/offline-sales',
  };
}

function webhooksRejected(its: string): Alert {
  const within = (matchers: string) => `sum(increase(liquor_pos_webhooks_total{${its}${matchers}}[15m]))`;
  return {
    name: 'WebhooksRejected',
    severity: 'P2',
    threshold: 0.5,
    expr: limit => `${within(',result="rejected"')} / (${within('')} >= 10) > ${limit}`,
    for: Duration.minutes(10),
    summary: 'Most calls of the order webhook are rejected',
    description:
      '{{ $value | humanizePercentage }} carry no valid signature, or an old one. Their orders wait with the sender.',
    why: 'Half of ten or more: one stranger who knocks is less, a signing secret that differs is all of them.',
    runbook: 'liquor-pos/webhooks',
  };
}

/** @param every seconds between two rounds of the worker */
function sync(its: string, every: number): Alert[] {
  const waiting = `max(liquor_pos_sync_queue_waiting{${its}})`;
  const rounds = 3;
  return [
    {
      name: 'SalesNotSynced',
      severity: 'P1',
      expr: `max(liquor_pos_sync_dead_letters{${its}}) > 0`,
      for: Duration.minutes(1),
      summary: '{{ $value }} sales could not be settled',
      description: 'They failed every attempt and stand in the dead-letter queue. Nobody settles them but a person.',
      why: 'One is enough: it is money that was taken and stands in no book.',
      runbook: 'liquor-pos/sync',
    },
    {
      name: 'SyncStalled',
      severity: 'P1',
      threshold: rounds * every,
      expr: seconds =>
        `time() - max(liquor_pos_sync_last_success_timestamp_seconds{${its}}) > ${seconds} and on () ${waiting} > 0`,
      for: Duration.minutes(5),
      summary: 'Sales wait, and none were settled for {{ $value | humanizeDuration }}',
      description: 'What tills sold offline stands in Redis only. Stock and books are wrong meanwhile.',
      why: `The worker comes every ${every} s: ${rounds} rounds without success, and something waits.`,
      runbook: 'liquor-pos/sync',
    },
    {
      name: 'QueueBacklog',
      severity: 'P3',
      threshold: 100,
      expr: limit => `${waiting} > ${limit}`,
      for: Duration.minutes(10),
      summary: '{{ $value }} sales wait to be settled',
      description: 'The worker settles fewer than come, or waits for Stripe or the database.',
      why: '100: more than one pod takes at once; ten minutes are two of its rounds.',
      runbook: 'liquor-pos/sync',
    },
  ];
}
