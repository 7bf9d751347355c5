import type { Cases, RenderedAlert } from '../case.ts';
import { after, flag, type Given, gauge, limitOf } from './workloads.ts';

export const liquorPos: Cases = {
  PaymentsFailing: alert => share(alert, 'liquor_pos_payments_total', ['failed', 'succeeded']),
  WebhooksRejected: alert => share(alert, 'liquor_pos_webhooks_total', ['rejected', 'accepted']),
  TillsFillUp: alert => {
    const waiting = (sales: number) =>
      after(alert, [['liquor_pos_offline_sales_waiting', `${sales}x60`, { store: '7' }]]);
    return { fires: waiting(limitOf(alert) + 1), quiet: waiting(limitOf(alert)) };
  },
  SalesNotSynced: flag,
  QueueBacklog: alert => gauge(alert, limitOf(alert) + 1, limitOf(alert)),
  SyncStalled: alert => {
    // Six minutes pass until it is asked.
    const last = (ago: number) =>
      after(alert, [
        ['liquor_pos_sync_last_success_timestamp_seconds', `${-ago}x60`],
        ['liquor_pos_sync_queue_waiting', '1x60'],
      ]);
    return { fires: last(limitOf(alert)), quiet: last(limitOf(alert) / 2) };
  },
};

/** A hundred events a minute, of which a share is of the first kind and the rest of the second. */
export function share(alert: RenderedAlert, metric: string, [bad, good]: readonly [string, string]) {
  const of = (part: number) => {
    const given: readonly Given[] = [
      [metric, `0+${100 * part}x60`, { result: bad }],
      [metric, `0+${100 * (1 - part)}x60`, { result: good }],
    ];
    return after(alert, given, 12);
  };
  return { fires: of(1.1 * limitOf(alert)), quiet: of(0.9 * limitOf(alert)) };
}
