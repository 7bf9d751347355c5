import type { Cases, RenderedAlert, Series } from '../../case.ts';

/** Of a database, its pooler or its proof: what its rule selects. */
export const own = ({ labels }: RenderedAlert) => `namespace="${labels.namespace}",job="${labels.service}"`;
/** The one that leads is 0. */
export const pod = (alert: RenderedAlert, ordinal: number) =>
  `${own(alert)},pod="member-${ordinal}",name="member-${ordinal}",scope="${alert.labels.service}"`;
export const always = (value: number) => `${value}x400`;

/** Some minutes after it has held long enough. */
export const after = ({ for: held }: RenderedAlert, minutes = 2) => `${Math.ceil(held / 60) + minutes}m`;

/** The same metric of several members. */
export const of = (alert: RenderedAlert, metric: string, ...values: readonly number[]): Series =>
  Object.fromEntries(values.map((value, ordinal) => [`${metric}{${pod(alert, ordinal)}}`, always(value)]));

/** Series of members with more labels than the member's. */
export const labelled = (
  alert: RenderedAlert,
  metric: string,
  labels: string,
  value: string | number,
  ordinal = 0,
): Series => ({
  [`${metric}{${pod(alert, ordinal)},${labels}}`]: typeof value === 'number' ? always(value) : value,
});

/** A case of series that stay as they are. */
export function steady(
  fires: (alert: RenderedAlert, limit: number) => Series,
  quiet: (alert: RenderedAlert, limit: number) => Series,
): Cases[string] {
  return alert => {
    const at = after(alert);
    const { threshold = Number.NaN } = alert;
    return {
      fires: { series: fires(alert, threshold), at },
      quiet: { series: quiet(alert, threshold), at },
    };
  };
}

/** What there was goes, five minutes after which Prometheus forgets it. */
export const absent =
  (metric: string): Cases[string] =>
  alert => ({
    fires: { series: { [`${metric}{${pod(alert, 0)}}`]: '1x5 _x60' }, at: after(alert, 12) },
    quiet: { series: of(alert, metric, 0), at: after(alert, 12) },
    missing: 'fires',
  });

/** Which of the members 0 and 1 leads, as the rule asks: the primary, or what others follow. */
export const leads = (alert: RenderedAlert, ordinal: 0 | 1): Series =>
  alert.expr.includes('patroni_standby_leader')
    ? of(alert, 'patroni_standby_leader', ...(ordinal === 0 ? [1, 0] : [0, 1]))
    : of(alert, 'pg_replication_is_replica', ...(ordinal === 0 ? [0, 1] : [1, 0]));
