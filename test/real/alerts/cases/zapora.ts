import type { Cases } from '../case.ts';
import { share } from './liquor-pos.ts';
import { after, limitOf } from './workloads.ts';

export const zapora: Cases = {
  OrdersStopped: alert => {
    const noOrders = (people: number) => ({
      ...after(alert, [
        ['zapora_orders_total', '7x60', { status: 'placed' }],
        ['zapora_active_users', `${people}x60`],
      ]),
      at: '50m',
    });
    return { fires: noOrders(limitOf(alert) + 1), quiet: noOrders(limitOf(alert)) };
  },
  OrdersCancelled: alert => {
    const cancelled = (part: number) => ({
      ...after(alert, [
        ['zapora_orders_total', `0+${10 * part}x120`, { status: 'cancelled' }],
        ['zapora_orders_total', '0+10x120', { status: 'placed' }],
      ]),
      at: '90m',
    });
    return { fires: cancelled(1.1 * limitOf(alert)), quiet: cancelled(0.9 * limitOf(alert)) };
  },
  LoginsFailing: alert => share(alert, 'zapora_logins_total', ['failed', 'succeeded']),
};
