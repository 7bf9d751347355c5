import type { Cases, RenderedAlert, Series } from '../../case.ts';
import { absent, always, labelled, of, own, steady } from './members.ts';

const entry = 'database="shop",user="shop_app_1"';

export const pooler: Cases = {
  PgbouncerDown: steady(
    alert => of(alert, 'pgbouncer_up', 0, 0),
    alert => of(alert, 'pgbouncer_up', 0, 1),
  ),
  PgbouncerMetricsAbsent: absent('pgbouncer_up'),
  PgbouncerPodDown: steady(
    alert => of(alert, 'pgbouncer_up', 1, 0),
    alert => of(alert, 'pgbouncer_up', 1, 1),
  ),
  PgbouncerClientsWaiting: steady(
    (alert, limit) => labelled(alert, 'pgbouncer_pools_client_maxwait_seconds', entry, limit + 1),
    (alert, limit) => labelled(alert, 'pgbouncer_pools_client_maxwait_seconds', entry, limit),
  ),
  PgbouncerPoolSaturated: steady(
    (alert, share) =>
      labelled(alert, 'pgbouncer_pools_server_active_connections', entry, Math.floor(share * limitOf(alert)) + 1),
    (alert, share) =>
      labelled(alert, 'pgbouncer_pools_server_active_connections', entry, Math.floor(share * limitOf(alert))),
  ),
  PgbouncerClientLimitNear: steady(
    (alert, share) => of(alert, 'pgbouncer_used_clients', Math.floor(share * limitOf(alert)) + 1),
    (alert, share) => of(alert, 'pgbouncer_used_clients', Math.floor(share * limitOf(alert))),
  ),
  PgbouncerPaused: steady(
    alert => ({ ...held(alert, 'paused', 1), ...held(alert, 'disabled', 0) }),
    alert => ({ ...held(alert, 'paused', 0), ...held(alert, 'disabled', 0) }),
  ),
};

/** What the rule divides by: the pool of a pod, or its clients. */
const limitOf = ({ expr }: RenderedAlert) => Number(/ \/ (\d+) > /.exec(expr)![1]);

/** Its labels name the entry as `name`. */
const held = (alert: RenderedAlert, what: string, value: number): Series => ({
  [`pgbouncer_databases_${what}{${own(alert)},pod="pooler-0",name="shop",database="shop"}`]: always(value),
});
