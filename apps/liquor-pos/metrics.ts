import { counter, expressPromBundle, gauge, type Metrics } from '../../charts/index.ts';
import { METRICS_PORT } from './settings.ts';

/**
 * What the services tell Prometheus: how they answer, and how the stores do. Counters begin at 0 for every value of their labels,
 * so that the first of a kind is seen; each pod counts its own, and a gauge is the same number in each.
 */

/** Bounds of the service's own, in seconds: a till waits 0.2 s, a person 2 s; express-prom-bundle has neither. */
const source = expressPromBundle({ bounds: [0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] });

export const apiMetrics: Metrics = {
  port: METRICS_PORT,
  source,
  declares: [
    counter('liquor_pos_sales_total', 'Sales that a till completed, online or not', ['store']),
    counter('liquor_pos_orders_total', 'Orders that were paid: by a till, online', ['store', 'channel']),
    counter('liquor_pos_order_value_cents_total', 'What those orders were worth', ['store', 'channel']),
    counter('liquor_pos_items_sold_total', 'Items in them', ['store']),
    counter('liquor_pos_payments_total', 'Payments: succeeded, declined by the bank, failed by us or Stripe', [
      'result',
    ]),
    counter('liquor_pos_cache_requests_total', 'Looks into a cache: local or redis; hit or miss', ['tier', 'result']),
    gauge('liquor_pos_active_users', 'People who did something within five minutes'),
    gauge('liquor_pos_active_sessions', 'Sessions that are still valid'),
    gauge('liquor_pos_offline_sales_waiting', 'Sales that terminals still hold, as they last said', ['store']),
  ],
};

export const webhookMetrics: Metrics = {
  port: METRICS_PORT,
  source,
  declares: [counter('liquor_pos_webhooks_total', 'Calls: accepted, duplicate, rejected', ['result'])],
};

export const syncMetrics: Metrics = {
  port: METRICS_PORT,
  queueGauge: 'liquor_pos_sync_queue_waiting',
  declares: [
    gauge('liquor_pos_sync_queue_waiting', 'Sales made offline that wait to be settled'),
    gauge('liquor_pos_sync_dead_letters', 'Sales that failed every attempt, and wait for a person'),
    counter('liquor_pos_sync_sales_total', 'Sales: settled, retried, dead', ['result']),
    gauge('liquor_pos_sync_last_success_timestamp_seconds', 'When the queue was last worked off without a failure'),
  ],
};
