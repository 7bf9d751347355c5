import { counter, fastApi, gauge, type Metrics } from '../../charts/index.ts';
import { METRICS_PORT } from './settings.ts';

/**
 * What the API tells Prometheus: how it answers, and how the shop does. Counters begin at 0 for every value of their labels, so
 * that the first of a kind is seen; each pod counts its own, and a gauge is the same number in each.
 */
export const apiMetrics: Metrics = {
  port: METRICS_PORT,
  source: fastApi(),
  declares: [
    counter('zapora_orders_total', 'Orders: placed, delivered, cancelled', ['status']),
    counter('zapora_revenue_cents_total', 'Paid orders, in hundredths of the currency', ['currency']),
    counter('zapora_signups_total', 'People who registered'),
    counter('zapora_logins_total', 'Logins: succeeded, failed', ['result']),
    gauge('zapora_active_users', 'People who did something within five minutes'),
    gauge('zapora_active_sessions', 'Sessions that are still valid'),
  ],
};
